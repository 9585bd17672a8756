import Table from 'cli-table3';
import { stateHash } from '#protocol/document/index';
import { RoomId } from '#protocol/ids';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

interface ReplayOptions {
  to?: string;
  data?: string;
  json?: boolean;
}

export const replayCommand: HallCommand = {
  register: (program) => {
    program
      .command('replay <room>')
      .description('replay a room’s journal from its first entry and tell the state hash (the hall must be stopped)')
      .option('--to <length>', 'stop after this many entries')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .option('--json', 'the result as JSON')
      .action(replay);
  },
};

async function replay(room: string, options: ReplayOptions): Promise<void> {
  const config = readConfig({ DATA_DIR: options.data });
  const [{ build }, { AppModule }, { JournalStore, replayJournal }] = await Promise.all([
    import('../../platform/serve.ts'),
    import('../../app.module.ts'),
    import('../../rooms/index.ts'),
  ]);
  const app = await build(config, AppModule.register(config));
  try {
    await app.init();
    const byTypeAndAuthor = new Map<string, number>();
    const startMs = performance.now();
    const state = await replayJournal(app.get(JournalStore, { strict: false }), RoomId.parse(room), {
      ...(options.to ? { length: Number(options.to) } : {}),
      onEntry: ({ entry }) => {
        const key = `${entry.type}\n${entry.author.name}`;
        byTypeAndAuthor.set(key, (byTypeAndAuthor.get(key) ?? 0) + 1);
      },
    });
    const tookMs = Math.round(performance.now() - startMs);
    const result = {
      room,
      title: state.genesis.title,
      length: state.length,
      head: `${state.head}`,
      stateHash: stateHash(state.document),
      tookMs,
    };
    if (options.json) return console.log(JSON.stringify(result, null, 2));
    const table = new Table({ head: ['op', 'by', 'times'], colAligns: ['left', 'left', 'right'] });
    for (const [key, count] of [...byTypeAndAuthor].sort((a, b) => b[1] - a[1]))
      table.push([...key.split('\n'), count]);
    console.log(
      `\n${state.genesis.title}: ${state.length} entries replayed in ${tookMs} ms, every link and every op fits.\n`,
    );
    console.log(table.toString());
    console.log(`\nhead        ${result.head}\nstate hash  ${result.stateHash}\n`);
  } finally {
    await app.close();
  }
}
