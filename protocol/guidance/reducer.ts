import { applyChanges, type Change, type Document, type Outcome } from '../document/document.ts';
import type { Problem } from '../errors.ts';
import { loadPart, procedureIn } from '../procedures/loaded.ts';
import { HALL_AUTHOR } from '../training/ids.ts';
import { whyNotHere } from './changes.ts';
import { JOB, jobOf, type JobRow } from './document.ts';
import { HELP_AFTER_END, isHelpOp } from './help-ops.ts';
import { isHelping } from './help.ts';
import { HALL_JOB_OPS, type GuidanceOpType, type GuidancePayload } from './ops.ts';
import { dispose, raise, release } from './reduce-deviations.ts';
import { act, align, check, measure, photo, scan, tighten } from './reduce-evidence.ts';
import { help } from './reduce-help.ts';
import { actTimeMs, away, releaseBy, typed } from './reduce-offline.ts';
import { say, Work, type OpEntry } from './work.ts';

export type AnyJobOp = { [K in GuidanceOpType]: { type: K; payload: GuidancePayload<K> } }[GuidanceOpType];

/** What an op of a guidance room does. Pure; the time of every fact is the time of its entry. */
export function reduceGuidance<T extends GuidanceOpType>(
  document: Document,
  type: T,
  payload: GuidancePayload<T>,
  entry: OpEntry,
): Outcome<{ document: Document; changes: readonly Change[] }> {
  if (HALL_JOB_OPS.has(type) && entry.author.id !== HALL_AUTHOR && !isTimeAway(document, type, entry))
    return { ok: false, problem: say('hall_only', 'Only the hall itself says this.', { type }) };
  const done = reduce(document, { type, payload } as AnyJobOp, { ...entry, at: actTimeMs(document, entry) });
  if (!done.ok) return done;
  return { ok: true, changes: done.changes, document: applyChanges(document, done.changes) };
}

/** Without the hall time passes as well: then the crew's device says so. */
const isTimeAway = (document: Document, type: GuidanceOpType, { author, madeAt }: OpEntry): boolean =>
  type === 'job.time' && madeAt !== undefined && (jobOf(document)?.crew.some(({ id }) => id === author.id) ?? false);

function reduce(document: Document, op: AnyJobOp, entry: OpEntry): Outcome<{ changes: readonly Change[] }> {
  if (op.type === 'job.load') return loadPart(document, op.payload, 'guidance');
  if (op.type === 'job.open') return open(document, op.payload, entry);
  const work = Work.on(document, entry);
  if (!work) return { ok: false, problem: say('no_job', 'This room has no job yet.', {}) };
  const problem = inJob(work, op);
  return problem ? { ok: false, problem } : { ok: true, changes: work.done() };
}

function open(
  document: Document,
  { order, serial, station, procedure: cid, revision, plan, crew }: GuidancePayload<'job.open'>,
  entry: OpEntry,
): Outcome<{ changes: readonly Change[] }> {
  const no = (problem: Problem) => ({ ok: false, problem }) as const;
  if (jobOf(document)) return no(say('job_exists', 'This room is another job already.', {}));
  const procedure = procedureIn(document, cid);
  if (!procedure) return no(say('no_such_procedure', 'This room does not have that procedure.', { procedure: cid }));
  if (new Set(crew.map(({ id }) => id)).size < crew.length)
    return no(say('twice_in_crew', 'Somebody is in the crew twice.', {}));
  const fault = planFault(procedure, plan);
  if (fault) return no(fault);
  const row: JobRow = {
    id: JOB,
    order,
    serial,
    station,
    procedure: cid,
    release: plan.release,
    revision,
    plan,
    crew,
    status: 'waiting',
    openedBy: entry.author.id,
    openedAtMs: entry.at,
    begunAtMs: null,
    endedAtMs: null,
    pausedForMs: 0,
    atWork: null,
    state: null,
    visiting: {},
    counts: {},
    undecided: [],
    inRework: [],
    alignedWithinM: null,
    migrations: [],
    revising: [],
    signature: null,
    refused: null,
  };
  return { ok: true, changes: Work.opened(document, entry, row).done() };
}

/** What a plan says about a procedure that does not have it; null: all fits. */
export function planFault(
  procedure: NonNullable<ReturnType<typeof procedureIn>>,
  { gates, kit, tools, values }: GuidancePayload<'job.open'>['plan'],
): Problem | null {
  const { workplace, chapters, subchapters } = procedure;
  const steps = new Set([...chapters, ...subchapters].flatMap((one) => one.steps.map(({ id }) => id as string)));
  const things = new Set(workplace.things.map(({ id }) => id as string));
  if (new Set(gates.map(({ id }) => id)).size < gates.length)
    return say('gate_twice', 'Two gates of the plan have one name.', {});
  for (const gate of gates) {
    if (!steps.has(gate.step))
      return say('no_such_step', 'The plan has a gate on a step that is not there.', { step: gate.step });
    if (gate.kind === 'scan' && !kit.some(({ thing }) => thing === gate.thing))
      return say('not_in_kit', 'The plan asks for the code of a part that is not in the kit.', { thing: gate.thing });
  }
  const stranger = kit.find(({ thing }) => !things.has(thing));
  if (stranger)
    return say('no_such_thing', 'The kit has a thing that the procedure does not know.', { thing: stranger.thing });
  const sensor = values.find((one) => !workplace.sensors.some(({ id }) => id === one.sensor));
  if (sensor)
    return say('no_such_sensor', 'The plan has a reading that the procedure does not know.', { sensor: sensor.sensor });
  const unknown = tools.find(({ tool }) => !workplace.tools.some(({ id }) => id === tool));
  return unknown
    ? say('no_such_tool', 'The plan has a tool that the procedure does not know.', { tool: unknown.tool })
    : null;
}

type InJob = Exclude<AnyJobOp, { type: 'job.load' | 'job.open' }>;

/** What may still be said about a job that is over. */
const AFTER_END: ReadonlySet<GuidanceOpType> = new Set(['tool.result', ...HELP_AFTER_END]);
/** What work is: only while it goes on. */
const WORK: ReadonlySet<GuidanceOpType> = new Set([
  'job.act',
  'value.measure',
  'part.scan',
  'photo.add',
  'check.second',
  'step.release',
  'step.releaseBy',
  'tool.typed',
]);

function inJob(work: Work, op: InJob): Problem | null {
  const { job, entry } = work;
  const isOver = job.status === 'finished' || job.status === 'scrapped';
  if (isOver && !AFTER_END.has(op.type))
    return say('job_is_over', 'This job is over.', { status: job.status }, 'Open another one.');
  if (WORK.has(op.type) && job.status !== 'running')
    return say(
      'not_running',
      'Nobody works on this job now.',
      { status: job.status },
      'Begin it, or let it go on, first.',
    );
  const isCrew = job.crew.some(({ id }) => id === work.by);
  if (
    (WORK.has(op.type) || op.type === 'job.begin' || op.type === 'job.signOff') &&
    !isCrew &&
    op.type !== 'step.release'
  )
    return say('not_in_crew', 'Only the crew of the job can do this.', {}, 'Join the job first.');
  if (isHelpOp(op)) return help(work, op);
  switch (op.type) {
    case 'job.begin':
      if (job.status !== 'waiting') return say('has_begun', 'This job has begun already.', { status: job.status });
      Object.assign(job, { status: 'running', begunAtMs: entry.at, atWork: work.by });
      work.begin();
      return null;
    case 'job.join':
      return join(work, op.payload);
    case 'job.pause':
    case 'job.hold':
      return pause(work, op.payload.reason, op.type === 'job.hold');
    case 'job.resume':
      return resume(work);
    case 'job.time':
      return work.happen({ type: 'time' });
    case 'value.observe': {
      for (const { sensor, value, unit } of op.payload.values)
        if (work.state) work.happen({ type: 'value', sensor, value, unit } as never);
      return null;
    }
    case 'job.act':
      return act(work, op.payload.act);
    case 'tool.result':
      return tighten(work, op.payload.result);
    case 'value.measure':
      return measure(work, op.payload);
    case 'part.scan':
      return scan(work, op.payload);
    case 'photo.add':
      return photo(work, op.payload);
    case 'check.second':
      return check(work, op.payload);
    case 'skill.show':
      work.putOfPerson('skills', op.payload.person, { ...op.payload, atMs: entry.at });
      return null;
    case 'key.show':
      work.putOfPerson('releaseKeys', op.payload.person, { ...op.payload, atMs: entry.at });
      return null;
    case 'align.set':
      return align(work, op.payload);
    case 'deviation.raise':
      return raise(work, op.payload);
    case 'deviation.dispose':
      return dispose(work, op.payload);
    case 'step.release':
      return release(work, op.payload);
    case 'step.releaseBy':
      return releaseBy(work, op.payload);
    case 'tool.typed':
      return typed(work, op.payload);
    case 'job.takeAlong':
    case 'job.letGo':
    case 'job.away':
    case 'job.inSync':
      return away(work, op);
    case 'job.migrate':
      return migrate(work, op.payload);
    case 'job.revise':
      if (op.payload.release === job.release)
        return say('same_revision', 'The job runs this one already.', { release: op.payload.release });
      job.revising = [...job.revising, { ...op.payload, by: work.by, atMs: entry.at }];
      return null;
    case 'job.signOff':
      return signOff(work, op.payload.statement);
  }
}

function join(work: Work, { person }: GuidancePayload<'job.join'>): Problem | null {
  const { job } = work;
  if (job.crew.some(({ id }) => id === person.id))
    return say('in_crew', 'This person is in the crew already.', { person: person.id });
  if (isHelping(work.document, person.id))
    return say(
      'helps_here',
      'Who helps in a job does not do its work.',
      { person: person.id },
      'Leave the call first.',
    );
  if (job.crew.length >= 20) return say('crew_full', 'A crew has at most 20 people.', { limit: 20 });
  job.crew = [...job.crew, person];
  const { id, roles, station } = person;
  if (work.state) work.state = { ...work.state, participants: [...work.state.participants, { id, roles, station }] };
  return null;
}

function pause(work: Work, reason: string, isHold: boolean): Problem | null {
  const { job, entry } = work;
  if (job.status === 'paused' && isHold) {
    // A hold over somebody's pause: it goes on until the supervisor ends it.
    job.status = 'onHold';
  } else if (job.status !== 'running')
    return say('not_running', 'Nobody works on this job now.', { status: job.status });
  else {
    const problem = work.happen({ type: 'paused', by: job.crew[0]!.id });
    if (problem) return problem;
    job.status = isHold ? 'onHold' : 'paused';
  }
  work.add('pauses', { step: null, visit: null, by: work.by, atMs: entry.at, reason, isHold, endedAtMs: null });
  return null;
}

function resume(work: Work): Problem | null {
  const { job, entry } = work;
  if (job.status !== 'paused' && job.status !== 'onHold')
    return say('not_paused', 'The job is not paused.', { status: job.status });
  job.status = 'running';
  let since = entry.at;
  for (let n = 0; n < (job.counts['pauses'] ?? 0); n++) {
    const row = work.get('pauses', n)!;
    if (row.endedAtMs !== null) continue;
    since = Math.min(since, row.atMs);
    work.put('pauses', n, { ...row, endedAtMs: entry.at });
  }
  job.pausedForMs += entry.at - since;
  return work.state?.status === 'running' ? work.happen({ type: 'resumed', by: job.crew[0]!.id }) : null;
}

function migrate(work: Work, change: GuidancePayload<'job.migrate'>): Problem | null {
  const { job, document, entry } = work;
  const [before, after] = [procedureIn(document, job.procedure), procedureIn(document, change.procedure)];
  if (!before || !after)
    return say('no_such_procedure', 'This room does not have that procedure.', { procedure: change.procedure });
  if (job.procedure === change.procedure) return say('same_revision', 'The job runs this one already.', {});
  const plan = change.plan ?? job.plan;
  const fault = planFault(after, plan);
  if (fault) return fault;
  if (work.state) {
    const reasons = whyNotHere(before, after, job.plan, plan, work.state);
    if (reasons.length > 0)
      return say(
        'not_safe_to_migrate',
        'The job cannot go on under the new instruction here.',
        { reasons: [...reasons] },
        'It is tried again at a later step; or let the job end on its revision.',
      );
  }
  job.migrations = [...job.migrations, { from: job.release, to: change.release, atMs: entry.at }];
  if (work.state) work.migrate(document, { ...change, plan });
  else Object.assign(job, change, { plan });
  return null;
}

function signOff(work: Work, statement: string): Problem | null {
  const { job, entry, state } = work;
  if (job.status !== 'running') return say('not_running', 'Nobody works on this job now.', { status: job.status });
  if (!state || state.status === 'running')
    return say('not_done', 'There are steps left to do.', { steps: state?.active.map(({ step }) => step) ?? [] });
  if (job.undecided.length > 0)
    return say(
      'undecided_deviations',
      'Deviations wait for a decision.',
      { deviations: [...job.undecided] },
      'Decide about each: rework, concession or scrap.',
    );
  if (job.inRework.length > 0)
    return say('rework_not_done', 'Rework is not done yet.', { deviations: [...job.inRework] }, 'Do the step again.');
  job.signature = { by: work.by, statement, atMs: entry.at };
  Object.assign(job, { status: 'finished', endedAtMs: entry.at });
  return null;
}
