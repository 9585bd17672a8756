import {
  decodeBlock,
  openEntry,
  advance,
  openJournal,
  type JournalState,
  type ReplayOutcome,
  type StoredEntry,
} from '#protocol/journal/index';
import type { Procedure, RecordedRun, ScoreSheet } from '#protocol/procedures/index';
import { problem, type Problem } from '#protocol/errors';
import {
  consentOf,
  replayMachine,
  RunRecorder,
  runOf,
  scoreOf,
  TRAINING_ROOMS,
  type RunRecord,
  type RunRow,
} from '#protocol/training/index';
import { stepFigures, storyOf, type RunStory, type StepFigures } from './story.ts';

/** Another run of the same procedure in the same room, to compare with. */
export interface OtherRun {
  readonly run: string;
  /** Ids of those who took part. */
  readonly people: readonly string[];
  readonly mode: RunRow['mode'];
  readonly startedAtMs: number;
  readonly points: number;
  readonly full: number;
  readonly isPassed: boolean;
  readonly durationMs: number;
  readonly figures: readonly StepFigures[];
}

/** What a browser found out about a run from the room's journal alone. Plain data: it comes out of a worker. */
export interface Examined {
  readonly entries: number;
  /** CID of the run's last entry. */
  readonly head: string;
  readonly run: RunRow;
  readonly procedure: Procedure;
  readonly recorded: RecordedRun;
  readonly sheet: ScoreSheet;
  readonly story: RunStory;
  readonly seals: number;
  /** Marks at which the simulated machine's state was committed to, and at how many another came out; null: no machine. */
  readonly machine: { readonly marks: number; readonly wrong: number } | null;
  readonly others: readonly OtherRun[];
  /** Whether each person has agreed to be recorded, as it stands now. */
  readonly consents: Readonly<Record<string, boolean>>;
}
export type Examination =
  { readonly ok: true; readonly examined: Examined } | { readonly ok: false; readonly problem: Problem };

/** Progress is told after this many entries. */
const TELL_EVERY = 200;

/**
 * Reads a training room's journal (dag-cbor `{ blocks }`), checks every link, judges every op again, and with that every
 * seal; then runs this run, its machine, and the other finished runs of its procedure once more. Pure.
 */
export function examine(answer: Uint8Array, id: string, tell: (share: number) => void = () => {}): Examination {
  const { blocks } = decodeBlock(answer) as { readonly blocks: readonly Uint8Array[] };
  const recorders = new Map<string, RunRecorder>();
  const entries: StoredEntry[] = [];
  let state: JournalState | null = null;
  for (const [at, bytes] of blocks.entries()) {
    const stored = openEntry(bytes);
    const next: ReplayOutcome = state
      ? advance(state, stored, TRAINING_ROOMS)
      : openJournal(stored, null, TRAINING_ROOMS);
    if (!next.ok) return { ok: false, problem: next.problem };
    state = next.state;
    entries.push(stored);
    note(recorders, stored);
    if (at % TELL_EVERY === 0) tell(at / blocks.length);
  }
  const record = state && recorders.get(id)?.recordOf(state.document);
  if (!state || !record) return no('no_such_run', 'There is no such run.', id);
  if (!record.isWhole) return no('not_whole', 'The run’s record is not whole.', id);
  const { document } = state;
  const { run, procedure, recorded, head } = record;
  const machine = replayMachine(entries, document, id);
  const people = new Set(entries.map(({ entry }) => entry.author.id as string));
  return {
    ok: true,
    examined: {
      ...{ entries: entries.length, head, run, procedure, recorded },
      sheet: scoreOf(record),
      story: storyOf(procedure, recorded),
      seals: run.seals,
      machine: machine && { marks: machine.marks, wrong: machine.wrong.length },
      others: [...recorders.keys()].flatMap((other) => {
        const row = runOf(document, other);
        if (other === id || row?.procedure !== run.procedure || !row.isRevealed) return [];
        const told = recorders.get(other)!.recordOf(document);
        return told?.isWhole ? [otherRun(told)] : [];
      }),
      consents: Object.fromEntries([...people].map((user) => [user, consentOf(document, user)?.motion ?? false])),
    },
  };
}

/** A freeze is about every run; anything else about one. */
function note(recorders: Map<string, RunRecorder>, stored: StoredEntry): void {
  const { type, payload } = stored.entry;
  if (type === 'training.freeze') return recorders.forEach((one) => one.note(stored));
  const run = (payload as { readonly run?: unknown } | null)?.run;
  if (typeof run !== 'string') return;
  if (!recorders.has(run)) recorders.set(run, new RunRecorder(run));
  recorders.get(run)!.note(stored);
}

function otherRun(record: RunRecord): OtherRun {
  const { run, procedure, recorded } = record;
  const { points, full, isPassed, durationMs } = scoreOf(record);
  return {
    ...{ run: run.id, people: run.participants.map(({ id }) => id), mode: run.mode, startedAtMs: run.startedAtMs },
    ...{ points, full, isPassed, durationMs },
    figures: stepFigures(procedure, storyOf(procedure, recorded)),
  };
}

const no = (key: string, message: string, run: string): Examination => ({
  ok: false,
  problem: problem('training', key, message, { facts: { run } }),
});
