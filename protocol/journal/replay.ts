import type { Change, Document } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import { Genesis, GENESIS_TYPE, type Entry, type StoredEntry } from './entry.ts';
import type { RoomModels } from './model.ts';
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
export function openJournal({ entry, cid }: StoredEntry, parent: Document | null, models: RoomModels): ReplayOutcome {
  const genesis = Genesis.safeParse(entry.payload);
  if (entry.seq !== 0 || entry.type !== GENESIS_TYPE || entry.prev !== null || !genesis.success)
    return broken(entry, 'The first entry does not open a journal.');
  const model = models[genesis.data.kind];
  if (!model) return unknownKind(genesis.data);
  const document = model.begin(genesis.data, parent);
  return { ok: true, changes: [], state: { genesis: genesis.data, document, length: 1, head: cid, lastAt: entry.at } };
}

/** Adds one entry, checking its place in the chain and judging it with the room's model. */
export function advance(state: JournalState, { entry, cid }: StoredEntry, models: RoomModels): ReplayOutcome {
  if (entry.seq !== state.length) return broken(entry, `Expected entry ${state.length}.`);
  if (!entry.prev || !entry.prev.equals(state.head)) return broken(entry, 'The chain is broken: prev is not the head.');
  if (entry.at < state.lastAt) return broken(entry, 'Time runs backwards.');
  const model = models[state.genesis.kind];
  if (!model) return unknownKind(state.genesis);
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

const unknownKind = ({ kind }: Genesis): ReplayOutcome => ({
  ok: false,
  problem: problem('journal', 'unknown_room_kind', `Rooms of the kind “${kind}” cannot be read here.`, {
    facts: { kind },
    next: 'Open the room itself.',
  }),
});

const broken = (entry: Entry, message: string): ReplayOutcome => ({
  ok: false,
  problem: problem('journal', 'broken_chain', message, { facts: { seq: entry.seq, room: entry.room } }),
});
