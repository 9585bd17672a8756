import { InvalidArgumentError } from 'commander';
import { stateHash } from '#protocol/document/index';
import { WorkhallError } from '#protocol/errors';
import { RoomId } from '#protocol/ids';
import type { Entry } from '#protocol/journal/index';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';
import { openToRead } from '../stopped-hall.ts';
import { newTable } from '../table.ts';

interface ReplayOptions {
  to?: number;
  data?: string;
  json?: boolean;
}

export const replayCommand: HallCommand = {
  register: (program) => {
    program
      .command('replay')
      .argument('<room>', 'its address, or the part of it after /room/')
      .description(
        'replay a room’s journal from its first entry, checking every link and judging every op again; tells what the room held after it, and the hash of that state (the hall must be stopped)',
      )
      .option('--to <length>', 'the room as it was after this many entries', count)
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .option('--json', 'the result as JSON')
      .action(replay);
  },
};

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a number of entries, 1 or more.');
}

/** The id, or the address of the room's page with the id in it. */
function roomIn(text: string): RoomId {
  const parsed = RoomId.safeParse(/\/room\/([^/?#]+)/.exec(text)?.[1] ?? text);
  if (parsed.success) return parsed.data;
  throw new WorkhallError('journal', 'no_room_id', `“${text}” names no room.`, {
    next: 'Give the address of the room’s page, or the part of it after /room/.',
  });
}

async function replay(room: string, options: ReplayOptions): Promise<void> {
  const config = readConfig({ DATA_DIR: options.data });
  const id = roomIn(room);
  const { JournalStore, replayJournal } = await import('../../rooms/index.ts');
  const app = await openToRead(config, 'To look at the past while it runs, open History in the room.');
  try {
    const store = app.get(JournalStore, { strict: false });
    const total = (await store.find(id))?.length ?? 0;
    if (total === 0)
      throw new WorkhallError('journal', 'no_such_room', `The hall in ${config.tree.dataDir} has no room “${id}”.`, {
        facts: { room: id, path: config.tree.dataDir },
        next: 'Give the address of a room of this hall, or the folder of the hall that has it: --data FOLDER.',
        status: 404,
      });
    if (options.to && options.to > total)
      throw new WorkhallError('journal', 'too_far', `This room has ${total} entries, fewer than ${options.to}.`, {
        facts: { entries: total, to: options.to },
        next: `Give --to a number from 1 to ${total}, or leave it out.`,
      });
    const byTypeAndAuthor = new Map<string, number>();
    let last: Entry | undefined;
    const startMs = performance.now();
    const state = await replayJournal(store, id, {
      ...(options.to ? { length: options.to } : {}),
      onEntry: ({ entry }) => {
        const key = `${entry.type}\n${entry.author.name}`;
        byTypeAndAuthor.set(key, (byTypeAndAuthor.get(key) ?? 0) + 1);
        last = entry;
      },
    });
    const tookMs = Math.round(performance.now() - startMs);
    const holds = Object.fromEntries([...state.document.tables].map(([name, rows]) => [name, rows.size]));
    const result = {
      room,
      title: state.genesis.title,
      length: state.length,
      /** Entries the journal has. */
      total,
      last: last && { seq: last.seq, type: last.type, by: last.author.name, at: new Date(last.at).toISOString() },
      holds,
      head: `${state.head}`,
      stateHash: stateHash(state.document),
      tookMs,
    };
    if (options.json) return console.log(JSON.stringify(result, null, 2));
    const table = newTable({ head: ['op', 'by', 'times'], colAligns: ['left', 'left', 'right'] });
    for (const [key, times] of [...byTypeAndAuthor].sort((a, b) => b[1] - a[1]))
      table.push([...key.split('\n'), times]);
    const some = state.length < total ? `${state.length} of ${total}` : `all ${total}`;
    console.log(`\n${result.title}: ${some} entries replayed in ${tookMs} ms, every link and every op fits.\n`);
    console.log(table.toString());
    const held = Object.entries(holds).map(([name, rows]) => `${rows} ${name}`);
    if (result.last)
      console.log(`\nlast entry  ${result.last.seq}, ${result.last.type} by ${result.last.by}, ${result.last.at}`);
    console.log(`holds       ${held.join(', ') || 'nothing'}`);
    console.log(`head        ${result.head}\nstate hash  ${result.stateHash}\n`);
  } finally {
    await app.close();
  }
}
