import type { Document } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import { TRAINING_ROOMS } from './model.ts';
import { advance, openJournal, type JournalState, type ReplayOutcome } from '../journal/replay.ts';
import { openEntry, type StoredEntry } from '../journal/entry.ts';
import type { Procedure } from '../procedures/procedure.ts';
import type { Rubric } from '../procedures/rubric.ts';
import { score, type RecordedRun, type ScoreSheet } from '../procedures/score.ts';
import { procedureIn, runOf, truthsOf, type RunRow } from './document.ts';
import { digestOf, eventsIn } from './reducer.ts';

type RecordedEvent = RecordedRun['events'][number];

/** A run as its journal tells it, with what was sealed where the seals are open. */
export interface RunRecord {
  readonly run: RunRow;
  readonly procedure: Procedure;
  readonly recorded: RecordedRun;
  /** The same as the room knew it before the debrief: without what was sealed. */
  readonly open: RecordedRun;
  /** Whether these are all its facts: their digest is the one in the run's row. */
  readonly isWhole: boolean;
  /** CID of the last entry that is about this run, and how long the journal was with it. */
  readonly head: string;
  readonly length: number;
}

/**
 * Gathers the facts of one run from a journal's entries, in order. Whether the run stands still is followed here, so
 * that nobody has to replay the whole room; the digest in the run's row tells whether the record is whole.
 */
export class RunRecorder {
  readonly #events: RecordedEvent[] = [];
  #isThere = false;
  #isPaused = false;
  #isFrozen = false;
  #last: { head: string; length: number } | null = null;

  constructor(readonly run: string) {}

  note({ entry, cid }: StoredEntry): void {
    // To look at a run is not a part of it.
    if (entry.type === 'training.rewind') return;
    const about = (entry.payload as { run?: unknown } | null)?.run;
    if (entry.type === 'training.freeze' && this.#isThere) this.#freeze(entry);
    else if (about !== this.run) return;
    if (entry.type === 'run.start') this.#isThere = true;
    this.#last = { head: `${cid}`, length: entry.seq + 1 };
    for (const { event } of eventsIn(entry.type, entry.payload)) {
      this.#events.push({ event, atMs: entry.at });
      if (event.type === 'paused' || event.type === 'resumed') this.#isPaused = event.type === 'paused';
    }
  }

  /** `document`: the room as it is after the last entry. Null: there is no such run. */
  recordOf(document: Document): RunRecord | null {
    const run = runOf(document, this.run);
    const procedure = run && procedureIn(document, run.procedure);
    if (!run || !procedure || !this.#last) return null;
    const { mode, seed, startedAtMs } = run;
    const participants = run.participants.map(({ id, roles, station }) => ({ id, roles, station }));
    // A room that stood still after the run was over has nothing to do with it.
    const own = this.#events.slice(0, run.events);
    const isWhole = digestOf(own) === run.digest;
    const events = withTruths(own, truthsOf(document, this.run)?.flatMap(({ facts }) => facts) ?? []);
    const options = { mode, seed, participants, startedAtMs };
    return {
      run,
      procedure,
      isWhole,
      ...this.#last,
      recorded: { ...options, events },
      open: { ...options, events: own },
    };
  }

  #freeze({ payload, author, at }: StoredEntry['entry']): void {
    const { isFrozen } = payload as { isFrozen: boolean };
    const { id: by } = author;
    if (isFrozen && !this.#isPaused) {
      this.#events.push({ event: { type: 'paused', by }, atMs: at });
      this.#isPaused = this.#isFrozen = true;
    } else if (!isFrozen && this.#isFrozen) {
      this.#events.push({ event: { type: 'resumed', by }, atMs: at });
      this.#isPaused = this.#isFrozen = false;
    }
  }
}

/** What was hidden goes to its place in time, before what happened at the same moment. */
function withTruths(events: readonly RecordedEvent[], facts: readonly RecordedEvent[]): RecordedEvent[] {
  const merged = [...facts].sort((a, b) => a.atMs - b.atMs);
  let next = 0;
  const result: RecordedEvent[] = [];
  for (const event of events) {
    while (next < merged.length && merged[next]!.atMs <= event.atMs) result.push(merged[next++]!);
    result.push(event);
  }
  return [...result, ...merged.slice(next)];
}

export type RecordOutcome = { ok: true; record: RunRecord; state: JournalState } | { ok: false; problem: Problem };

/** Replays a training room's journal from its first block, checking every link and judging every op again. */
export function recordFromJournal(blocks: Iterable<Uint8Array>, run: string): RecordOutcome {
  const recorder = new RunRecorder(run);
  let state: JournalState | null = null;
  for (const bytes of blocks) {
    const stored = openEntry(bytes);
    recorder.note(stored);
    const next: ReplayOutcome = state
      ? advance(state, stored, TRAINING_ROOMS)
      : openJournal(stored, null, TRAINING_ROOMS);
    if (!next.ok) return { ok: false, problem: next.problem };
    state = next.state;
  }
  const record = state && recorder.recordOf(state.document);
  if (!record || !state)
    return { ok: false, problem: problem('training', 'no_such_run', 'There is no such run.', { facts: { run } }) };
  if (record.isWhole) return { ok: true, record, state };
  return { ok: false, problem: problem('training', 'not_whole', 'The run’s record is not whole.', { facts: { run } }) };
}

/** The sheet of a run: the same number on every machine. Before the debrief its faults are not counted. */
export const scoreOf = ({ procedure, recorded }: RunRecord, rubric: Rubric = procedure.rubric): ScoreSheet =>
  score(procedure, recorded, rubric);
