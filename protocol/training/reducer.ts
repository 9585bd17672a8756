import { sha256 } from '@noble/hashes/sha2.js';
import * as dagCbor from '@ipld/dag-cbor';
import { applyChanges, table, type Change, type Document, type Outcome } from '../document/document.ts';
import type { Problem } from '../errors.ts';
import { equipmentFor } from '../equipment/catalogue.ts';
import { toHex } from '../ownership/manifest.ts';
import type { RunEvent } from '../procedures/event.ts';
import { loadPart } from '../procedures/loaded.ts';
import { react, runTimeAt, start } from '../procedures/run.ts';
import type { Effect, RunState } from '../procedures/run-state.ts';
import { CLOSED, closedIn, isFrozen, procedureIn, REWOUND, rewoundIn, runOf, runsOf, type RunRow } from './document.ts';
import { HALL_AUTHOR } from './ids.ts';
import { HALL_OPS, type TrainingOpType, type TrainingPayload } from './ops.ts';
import { no, over, put, reportRefusal, rewritten, type Changed, type OpEntry } from './outcome.ts';
import { markMachine, toMachine } from './reduce-machine.ts';
import { reveal, seal } from './reduce-seals.ts';
import { stateOf, writeRun } from '../procedures/run-rows.ts';

export const MAX_RUNS = 2000;
/** Findings kept as rows; the score counts them all. */
const MAX_FINDINGS = 2000;
/** Reports kept with what was named; all of them are counted. */
const MAX_REPORTS = 500;
const NO_DIGEST = '0'.repeat(64);

/** What an op of a training room does. Pure; the time of every fact is the time of its entry. */
export function reduceTraining<T extends TrainingOpType>(
  document: Document,
  type: T,
  payload: TrainingPayload<T>,
  entry: OpEntry,
): Outcome<{ document: Document; changes: readonly Change[] }> {
  const isHall = entry.author.id === HALL_AUTHOR;
  if (HALL_OPS.has(type) && !isHall) return no('hall_only', 'Only the hall itself says this.', { type });
  const done = reduce(document, { type, payload } as AnyOp, entry);
  if (!done.ok) return done;
  return { ok: true, changes: done.changes, document: applyChanges(document, done.changes) };
}

type AnyOp = { [K in TrainingOpType]: { type: K; payload: TrainingPayload<K> } }[TrainingOpType];

function reduce(document: Document, op: AnyOp, entry: OpEntry): Changed {
  switch (op.type) {
    case 'training.load':
      return loadPart(document, op.payload, 'training');
    case 'training.freeze':
      return freeze(document, op.payload.isFrozen, entry);
    case 'training.rewind':
      return rewind(document, op.payload, entry);
    case 'training.close':
      return closeTraining(document, op.payload.isClosed, entry);
    case 'run.start':
      return startRun(document, op.payload, entry);
    case 'run.act':
    case 'run.command':
    case 'run.observe':
    case 'run.time':
      return inRun(document, op, entry);
    case 'run.end':
      return change(document, op.payload.run, (run) =>
        run.outcome ? over(run) : { ...run, outcome: 'abandoned', endedAtMs: entry.at },
      );
    case 'run.seal':
      return seal(document, op.payload, entry);
    case 'run.reveal':
      return reveal(document, op.payload);
    case 'machine.input':
      return toMachine(document, op.payload, entry);
    case 'machine.mark':
      return markMachine(document, op.payload);
    case 'consent.give': {
      const row = { motion: op.payload.motion, atMs: entry.at };
      return { ok: true, changes: [put(document, 'consents', entry.author.id, row)] };
    }
  }
}

/** The facts that an op puts into runs, in order. The record of a run is made of these. */
export function eventsIn(type: string, payload: unknown): { readonly run: string; readonly event: RunEvent }[] {
  const op = { type, payload } as AnyOp;
  switch (op.type) {
    case 'run.act':
      return [{ run: op.payload.run, event: op.payload.act }];
    case 'run.command':
      return [{ run: op.payload.run, event: op.payload.command }];
    case 'run.observe':
      return op.payload.events.map((event) => ({ run: op.payload.run, event }));
    case 'run.time':
      return [{ run: op.payload.run, event: { type: 'time' } }];
    default:
      return [];
  }
}

/** Runs that stand still, or go on, when the room does. */
const runsToFreeze = (document: Document, wanted: boolean): RunRow[] =>
  runsOf(document).filter(({ outcome, state, isFrozen: stands }) =>
    wanted ? outcome === null && state.pausedAtMs === null : stands,
  );

function freeze(document: Document, wanted: boolean, entry: OpEntry): Changed {
  if (isFrozen(document) === wanted)
    return no(wanted ? 'frozen' : 'not_frozen', 'The room is like that already.', { isFrozen: wanted });
  const changes: Change[] = [put(document, 'settings', 'room', { isFrozen: wanted, by: entry.author.id })];
  // A run that goes on is not shown as it was; one that is over may be.
  const shown = rewoundIn(document);
  const back = shown && !wanted && runOf(document, shown.run)?.outcome === null ? backToNow(document) : null;
  if (back) changes.push(back);
  const event = { type: wanted ? 'paused' : 'resumed', by: entry.author.id } as const;
  for (const run of runsToFreeze(document, wanted)) {
    // One that was over, or taken on by its people, in between needs nothing.
    const done = run.state.pausedAtMs === null && !wanted ? null : happen(document, run, [event], entry);
    if (done?.ok) changes.push(...done.changes.map((one) => (one.table === 'runs' ? frozen(one, wanted) : one)));
  }
  return { ok: true, changes };
}

/** The run itself is not touched: what was done stays done, and its score with it. */
function rewind(
  document: Document,
  { run: id, event }: TrainingPayload<'training.rewind'>,
  { author }: OpEntry,
): Changed {
  const run = runOf(document, id);
  if (!run) return no('no_such_run', 'There is no such run.', { run: id });
  const shown = rewoundIn(document);
  if (event === null)
    return shown?.run === id
      ? { ok: true, changes: [backToNow(document)!] }
      : no('not_rewound', 'This run is shown as it is.', { run: id });
  if (run.outcome === null && run.mode === 'exam')
    return no('exam_locked', 'An exam is not stopped, jumped or put back.', { run: id }, 'Let it end, or end it.');
  if (run.outcome === null && !(isFrozen(document) && run.state.pausedAtMs !== null))
    return no('not_standing', 'The run goes on.', { run: id }, 'Let the room stand still first.');
  if (event > run.events) return no('not_yet', 'The run has not come so far.', { run: id, events: run.events });
  const row = { run: id, event, by: { id: author.id, name: author.name } };
  return { ok: true, changes: [put(document, 'settings', REWOUND, row)] };
}

function backToNow(document: Document): Change | null {
  const before = table(document, 'settings').get(REWOUND);
  return before ? { table: 'settings', id: REWOUND, before } : null;
}

function closeTraining(document: Document, wanted: boolean, { at, author }: OpEntry): Changed {
  if ((closedIn(document) !== null) === wanted)
    return no(wanted ? 'closed_already' : 'not_closed', 'The room is like that already.', { isClosed: wanted });
  const open = runsOf(document).filter(({ outcome }) => outcome === null).length;
  if (wanted && open > 0)
    return no('runs_go_on', 'Somebody is in a run.', { runs: open }, 'Let the runs end, or end them, and close then.');
  if (wanted)
    return {
      ok: true,
      changes: [put(document, 'settings', CLOSED, { by: { id: author.id, name: author.name }, atMs: at })],
    };
  return { ok: true, changes: [{ table: 'settings', id: CLOSED, before: table(document, 'settings').get(CLOSED)! }] };
}

function frozen(one: Change, isFrozenNow: boolean): Change {
  return { ...one, after: { ...one.after, isFrozen: isFrozenNow } };
}

function startRun(document: Document, payload: TrainingPayload<'run.start'>, { at, author }: OpEntry): Changed {
  const { run, procedure: cid, mode, seed, participants } = payload;
  if (runOf(document, run)) return no('run_exists', 'There is such a run already.', { run });
  if (table(document, 'runs').size >= MAX_RUNS)
    return no('too_many_runs', 'This room has seen too many runs.', { limit: MAX_RUNS }, 'Open another room.');
  if (closedIn(document))
    return no('room_closed', 'The training in this room is over.', {}, 'Ask your instructor to open it again.');
  if (isFrozen(document)) return no('frozen', 'The room stands still.', {}, 'Wait until the instructor lets it go on.');
  const procedure = procedureIn(document, cid);
  if (!procedure) return no('no_such_procedure', 'This room does not have that procedure.', { procedure: cid });
  if (new Set(participants.map(({ id }) => id)).size < participants.length)
    return no('twice_in_run', 'Somebody is in the team twice.', { run });
  const stations = procedure.workplace.stations;
  for (const { roles, station } of participants) {
    const unknown = roles.find((role) => !procedure.workplace.roles.some(({ id }) => id === role));
    if (unknown) return no('no_such_role', 'The procedure has no such role.', { role: unknown });
    if (station !== null && !stations.some(({ id }) => id === station))
      return no('no_such_station', 'The procedure has no such station.', { station });
  }
  const begun = start(procedure, {
    mode,
    seed,
    participants: participants.map(({ id, roles, station }) => ({ id, roles, station })),
    startedAtMs: at,
  });
  const row: Omit<RunRow, 'state'> = {
    id: run,
    procedure: cid,
    mode,
    seed,
    participants,
    startedBy: author.id,
    startedAtMs: at,
    events: 0,
    digest: NO_DIGEST,
    findings: 0,
    reports: 0,
    seals: 0,
    outcome: null,
    endedAtMs: null,
    isRevealed: false,
    isFrozen: false,
    refused: null,
  };
  return { ok: true, changes: advanced(document, row, null, begun.state, begun.effects, at) };
}

function inRun(
  document: Document,
  op: Extract<AnyOp, { type: 'run.act' | 'run.command' | 'run.observe' | 'run.time' }>,
  entry: OpEntry,
): Changed {
  const run = runOf(document, op.payload.run);
  if (!run) return no('no_such_run', 'There is no such run.', { run: op.payload.run });
  if (run.outcome) return { ok: false, problem: over(run) };
  const events = eventsIn(op.type, op.payload).map(({ event }) => event);
  if (op.type === 'run.act' || op.type === 'run.command') {
    const [event] = events;
    if (event && 'by' in event && event.by !== entry.author.id)
      return no('by_another', 'Everybody acts for themselves.', { by: event.by });
  }
  if (op.type === 'run.command' && run.mode === 'exam')
    return no('exam_locked', 'An exam is not stopped, jumped or put back.', { run: run.id }, 'Let it end, or end it.');
  if (op.type === 'run.command' && run.isFrozen)
    return no('frozen', 'The room stands still.', { run: run.id }, 'Let the room go on first.');
  return op.type === 'run.act' && pastMachine(document, run, op.payload.act)
    ? tryControl(document, run, op.payload.act, entry)
    : happen(document, run, events, entry);
}

/** A control of the run's machine: it is the machine that says how it stands. */
function pastMachine(document: Document, run: RunRow, act: RunEvent): boolean {
  const procedure = procedureIn(document, run.procedure);
  const machine = act.type === 'controlSet' && procedure ? equipmentFor(procedure) : null;
  return !!machine?.about.controls.some((one) => act.type === 'controlSet' && one.id === act.control);
}

/** Only an attempt that the run does not let happen is noted without the machine. */
function tryControl(document: Document, run: RunRow, act: RunEvent, entry: OpEntry): Changed {
  const tried = happen(document, run, [act], entry);
  if (!tried.ok) return tried;
  const row = tried.changes.find(({ table: name }) => name === 'runs')?.after as unknown as RunRow | undefined;
  return row?.refused?.op === entry.id
    ? tried
    : no('machine_decides', 'The machine has this control.', { run: run.id }, 'Send it to the machine.');
}

/** Lets facts happen in a run. A refusal that nothing can be held against changes nothing and is the op's. */
function happen(document: Document, run: RunRow, events: readonly RunEvent[], { at, id, author }: OpEntry): Changed {
  const procedure = procedureIn(document, run.procedure);
  if (!procedure) return no('no_such_procedure', 'The procedure of this run is gone.', { run: run.id });
  const before = stateOf(document, run, procedure);
  let state = before;
  const effects: Effect[] = [];
  let { digest, reports, jumped } = run;
  const told: Change[] = [];
  let isHeard = false;
  for (const event of events) {
    digest = digestWith(digest, event, at);
    if (event.type === 'faultReported') {
      const refused = reportRefusal(state, event.by);
      if (refused) return { ok: false, problem: refused };
      // Whether there is a fault is not known here: it is judged when the seals are open.
      const row = { run: run.id, by: event.by, diagnosis: event.diagnosis, atMs: at, runMs: runTimeAt(state, at) };
      if (reports < MAX_REPORTS) told.push(put(document, 'reports', `${run.id}.${reports}`, row));
      reports += 1;
      isHeard = true;
      continue;
    }
    if (event.type === 'jumped') jumped = { op: id, by: { id: author.id, name: author.name }, to: event.to };
    const reaction = react(procedure, state, event, at);
    state = reaction.state;
    effects.push(...reaction.effects);
  }
  const refused = effects.find((effect) => effect.kind === 'refused');
  if (refused && !isHeard && !effects.some(({ kind }) => kind === 'finding'))
    return { ok: false, problem: refused.problem };
  const { state: _, ...row } = run;
  const next = {
    ...row,
    digest,
    reports,
    ...(jumped && { jumped }),
    events: run.events + events.length,
    refused: refused ? { op: id, problem: refused.problem } : run.refused,
  };
  return { ok: true, changes: [...advanced(document, next, before, state, effects, at), ...told] };
}

function advanced(
  document: Document,
  row: Omit<RunRow, 'state'>,
  before: RunState | null,
  state: RunState,
  effects: readonly Effect[],
  at: number,
): Change[] {
  const changes: Change[] = [];
  let { findings } = row;
  for (const effect of effects) {
    if (effect.kind !== 'finding' || findings >= MAX_FINDINGS) continue;
    const found = { ...effect.finding, run: row.id, event: Math.max(0, row.events - 1) };
    changes.push(put(document, 'findings', `${row.id}.${findings}`, found));
    findings += 1;
  }
  const isOver = state.status !== 'running';
  const ended = isOver ? { outcome: state.status as 'completed' | 'failed', endedAtMs: at } : {};
  return [...writeRun(document, { ...row, ...ended, findings }, before, state), ...changes];
}

function change(document: Document, id: string, to: (run: RunRow) => RunRow | Problem): Changed {
  const run = runOf(document, id);
  if (!run) return no('no_such_run', 'There is no such run.', { run: id });
  const next = to(run);
  return 'scope' in next ? { ok: false, problem: next } : { ok: true, changes: [rewritten(document, run, next)] };
}

/** Hash over facts, as a run's row keeps it. */
export const digestOf = (events: readonly { event: RunEvent; atMs: number }[]): string =>
  events.reduce((digest, { event, atMs }) => digestWith(digest, event, atMs), NO_DIGEST);

const digestWith = (digest: string, event: RunEvent, atMs: number): string =>
  toHex(sha256(dagCbor.encode([digest, event, atMs])));
