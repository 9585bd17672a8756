import { Genesis, GENESIS_TYPE, openEntry, type StoredEntry } from '../journal/entry.ts';
import { isBlock, type CID } from '../journal/block.ts';
import { DESIGN_ROOMS } from '../design/model.ts';
import { advance, openJournal, type JournalState } from '../journal/replay.ts';
import { ShareLedger } from './shares.ts';

/** Hands out a block by its CID. It may lie: every caller here checks the hash. */
export type BlockSource = (cid: CID) => Promise<Uint8Array>;

/** A block is missing, damaged, or not what it should be. */
export class BlockProblem extends Error {
  constructor(
    readonly cid: CID,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'BlockProblem';
  }
}

export async function checkedBlock(source: BlockSource, cid: CID, what: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await source(cid);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BlockProblem(cid, `${what}: block ${cid} could not be read (${reason})`, { cause });
  }
  if (!isBlock(cid, bytes)) throw new BlockProblem(cid, `${what}: block ${cid} does not match its hash`);
  return bytes;
}

/** One journal from its genesis to a head. */
export interface WalkedJournal {
  readonly room: string;
  readonly entries: readonly StoredEntry[];
  readonly genesis: Genesis;
}

/** Follows `prev` from the head to the genesis; every block is hashed. `length` is what the caller was told. */
export async function walkJournal(source: BlockSource, head: CID, length: number): Promise<WalkedJournal> {
  const entries: StoredEntry[] = [];
  for (let at: CID | null = head; at !== null;) {
    const cid: CID = at;
    if (entries.length >= length) throw new BlockProblem(cid, `the journal is longer than the ${length} entries named`);
    const bytes = await checkedBlock(source, cid, `journal entry ${length - 1 - entries.length}`);
    entries.push(opened(cid, bytes));
    at = entries.at(-1)!.entry.prev;
  }
  if (entries.length !== length)
    throw new BlockProblem(head, `the journal has ${entries.length} entries, not ${length}`);
  entries.reverse();
  const first = entries[0]!;
  const genesis = Genesis.safeParse(first.entry.payload);
  if (first.entry.type !== GENESIS_TYPE || !genesis.success)
    throw new BlockProblem(first.cid, `block ${first.cid} does not open a journal`);
  const { room } = first.entry;
  const stranger = entries.find(({ entry }) => entry.room !== room);
  if (stranger)
    throw new BlockProblem(stranger.cid, `entry ${stranger.entry.seq} belongs to room ${stranger.entry.room}`);
  return { room, entries, genesis: genesis.data };
}

/** The journal and those it was forked from, oldest first. */
export async function walkLineage(source: BlockSource, head: CID, length: number): Promise<WalkedJournal[]> {
  const journals = [await walkJournal(source, head, length)];
  for (let fork = journals[0]!.genesis.fork; fork; fork = journals[0]!.genesis.fork) {
    if (journals.length > 64) throw new BlockProblem(fork.head, 'more than 64 forks of forks');
    const parent = await walkJournal(source, fork.head, fork.length);
    if (parent.room !== fork.room)
      throw new BlockProblem(fork.head, `the fork names room ${fork.room}, not ${parent.room}`);
    journals.unshift(parent);
  }
  return journals;
}

export interface ReplayedLineage {
  readonly state: JournalState;
  readonly ledger: ShareLedger;
}

/** Entries between two pauses: some 10 ms of work. */
const ENTRIES_PER_SLICE = 100;

/**
 * Replays journals, oldest first, with the reducer of the room, and keeps the ledger of shares on the way. `pause` lets
 * a server do other things in between; 10 000 entries are a second of work.
 */
export async function replayLineage(
  journals: readonly Pick<WalkedJournal, 'entries'>[],
  pause?: () => Promise<void>,
): Promise<ReplayedLineage> {
  const ledger = new ShareLedger();
  let state: JournalState | undefined;
  let count = 0;
  for (const { entries } of journals)
    for (const stored of entries) {
      if (pause && ++count % ENTRIES_PER_SLICE === 0) await pause();
      const outcome =
        stored.entry.seq === 0
          ? openJournal(stored, state?.document ?? null, DESIGN_ROOMS)
          : advance(state!, stored, DESIGN_ROOMS);
      if (!outcome.ok)
        throw new BlockProblem(
          stored.cid,
          `entry ${stored.entry.seq} (${stored.entry.type}) is refused: ${outcome.problem.message}`,
        );
      ledger.record(stored.entry, outcome.changes);
      state = outcome.state;
    }
  if (!state) throw new RangeError('no journal to replay');
  return { state, ledger };
}

function opened(cid: CID, bytes: Uint8Array): StoredEntry {
  try {
    const stored = openEntry(bytes);
    // The same meaning in other bytes (a key order, a padded number) would be another entry under our hash.
    if (!stored.cid.equals(cid)) throw new Error('its encoding is not canonical');
    return stored;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BlockProblem(cid, `block ${cid} is not a journal entry: ${reason}`, { cause });
  }
}
