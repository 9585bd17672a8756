import type { Change, Document } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import { Genesis, GENESIS_TYPE, type Entry, type StoredEntry } from './entry.ts';
import { ROOM_MODELS } from './models.ts';
import type { CID } from './block.ts';

/** A journal's state after some number of entries. */
export interface JournalState {
  readonly genesis: Genesis;
  readonly document: Document;
  /** Number of entries, genesis included; the next entry has this seq. */
  readonly length: number;
  readonly head: CID;
  readonly lastAt: number;
}

export type ReplayOutcome =
  { ok: true; state: JournalState; changes: readonly Change[] } | { ok: false; problem: Problem };

/** Opens a journal with its first entry. `parent` is the state of the forked journal at the fork point. */
export function openJournal({ entry, cid }: StoredEntry, parent: Document | null): ReplayOutcome {
  const genesis = Genesis.safeParse(entry.payload);
  if (entry.seq !== 0 || entry.type !== GENESIS_TYPE || entry.prev !== null || !genesis.success)
    return broken(entry, 'The first entry does not open a journal.');
  const model = ROOM_MODELS[genesis.data.kind];
  const document = model.begin(genesis.data, parent);
  return { ok: true, changes: [], state: { genesis: genesis.data, document, length: 1, head: cid, lastAt: entry.at } };
}

/** Adds one entry, checking its place in the chain and judging it with the room's model. */
export function advance(state: JournalState, { entry, cid }: StoredEntry): ReplayOutcome {
  if (entry.seq !== state.length) return broken(entry, `Expected entry ${state.length}.`);
  if (!entry.prev || !entry.prev.equals(state.head)) return broken(entry, 'The chain is broken: prev is not the head.');
  if (entry.at < state.lastAt) return broken(entry, 'Time runs backwards.');
  const model = ROOM_MODELS[state.genesis.kind];
  const valid = model.validate(entry.type, entry.payload);
  if (!valid.ok) return valid;
  const applied = model.apply(state.document, { ...entry, payload: valid.payload });
  if (!applied.ok) return applied;
  return {
    ok: true,
    changes: applied.changes,
    state: { ...state, document: applied.document, length: state.length + 1, head: cid, lastAt: entry.at },
  };
}

const broken = (entry: Entry, message: string): ReplayOutcome => ({
  ok: false,
  problem: problem('journal', 'broken_chain', message, { facts: { seq: entry.seq, room: entry.room } }),
});
