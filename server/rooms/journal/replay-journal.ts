import type { RoomId } from '#protocol/ids';
import {
  advance,
  openEntry,
  openJournal,
  type JournalState,
  type ReplayOutcome,
  type StoredEntry,
} from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { noSuchRoom } from './journal-problems.ts';
import type { JournalStore } from './journal.store.ts';

const READ_BATCH = 2000;

export interface ReplayOptions {
  /** Stop after this many entries; default: all. */
  readonly length?: number;
  onEntry?(stored: StoredEntry): void;
}

/**
 * Replays a journal from its first entry, snapshots aside, checking each link and judging each op again; a fork's
 * parent is replayed the same way. Throws at the first entry that does not fit.
 */
export async function replayJournal(
  store: JournalStore,
  room: RoomId,
  { length = Number.MAX_SAFE_INTEGER, onEntry }: ReplayOptions = {},
): Promise<JournalState> {
  const record = await store.find(room);
  if (!record) throw noSuchRoom(room);
  const { fork } = record.genesis;
  const parent = fork ? (await replayJournal(store, fork.room, { length: fork.length })).document : null;
  const end = Math.min(record.length, length);
  let state: JournalState | null = null;
  for (let from = 0; from < end; from += READ_BATCH)
    for (const bytes of await store.read(room, from, Math.min(READ_BATCH, end - from))) {
      const stored = openEntry(bytes);
      const next: ReplayOutcome = state
        ? advance(state, stored, ROOM_MODELS)
        : openJournal(stored, parent, ROOM_MODELS);
      if (!next.ok) throw new Error(`Entry ${stored.entry.seq} (${stored.cid}) does not fit: ${next.problem.message}`);
      state = next.state;
      onEntry?.(stored);
    }
  return state!;
}
