import { z } from 'zod';
import { csvCell } from '../credentials/skills.ts';
import type { Document } from '../document/document.ts';
import { procedureIn } from '../procedures/loaded.ts';
import { indexOf } from '../procedures/procedure-index.ts';
import { stepsOf, type Procedure } from '../procedures/procedure.ts';
import { Text, textIn } from '../procedures/text.ts';
import { DEVIATION_KINDS, jobOf, jobProcedure, rowsOf, type JobRow } from './document.ts';
import { askedFacts } from './limits.ts';
import { hasSkill } from './reduce-evidence.ts';

export const WAITING_FOR = [
  'begin',
  'pause',
  'hold',
  'decision',
  'signOff',
  'tool',
  'scan',
  'photo',
  'skill',
  'secondPerson',
  'alignment',
] as const;

/** What the supervisor's board needs of a job; times in milliseconds since 1970 or in milliseconds. */
export const JobSummary = z.object({
  order: z.string(),
  productType: z.string(),
  serial: z.string(),
  station: z.string(),
  status: z.enum(['waiting', 'running', 'paused', 'onHold', 'finished', 'scrapped']),
  revision: z.number().int(),
  openedAtMs: z.number(),
  begunAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  pausedForMs: z.number(),
  undecided: z.number().int(),
  /** Where it is now. */
  steps: z.array(z.string()),
  visits: z.array(z.object({ step: z.string(), tookMs: z.number(), how: z.string() })),
  deviations: z.array(
    z.object({
      id: z.string().default(''),
      kind: z.enum(DEVIATION_KINDS),
      step: z.string().nullable(),
      disposition: z.string().nullable(),
      /** Waits for a decision, or for its rework. */
      isOpen: z.boolean().default(false),
      atMs: z.number().default(0),
      count: z.number().int().default(1),
      text: z.string().default(''),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
    }),
  ),
  /** CID of the release that it runs. */
  release: z.string().default(''),
  crew: z.array(z.string()).default([]),
  /** Since when it is at the step where it is, or in the pause in which it is. */
  sinceMs: z.number().nullable().default(null),
  /** What it waits for now, and what that is about: a part, a tool, a reason. */
  waitingFor: z.array(z.object({ what: z.enum(WAITING_FOR), about: z.string() })).default([]),
  /** The newest picture or clip that somebody took of it. */
  shown: z
    .object({ cid: z.string(), kind: z.enum(['picture', 'clip']), step: z.string().nullable(), atMs: z.number() })
    .nullable()
    .default(null),
  /** Of its instruction's steps. */
  titles: z.record(z.string(), Text).default({}),
  /** Of parts and tools that `waitingFor` and what deviates are about: nobody knows them by their ids. */
  names: z.record(z.string(), Text).default({}),
});
export type JobSummary = z.infer<typeof JobSummary>;

export function summaryOf(document: Document): JobSummary | null {
  const job = jobOf(document);
  if (!job) return null;
  const procedure = procedureIn(document, job.procedure);
  const waiting = waitingOf(document, job);
  const deviations = rowsOf(document, 'deviations');
  const about = new Set([
    ...waiting.waitingFor.map((one) => one.about),
    ...deviations.flatMap(({ facts }) => [facts['thing'], facts['tool']]),
  ]);
  return {
    order: job.order,
    productType: job.plan.productType,
    serial: job.serial,
    station: job.station,
    status: job.status,
    revision: job.revision,
    openedAtMs: job.openedAtMs,
    begunAtMs: job.begunAtMs,
    endedAtMs: job.endedAtMs,
    pausedForMs: job.pausedForMs,
    undecided: job.undecided.length + job.inRework.length,
    steps: job.state?.active.map(({ step }) => step) ?? [],
    visits: rowsOf(document, 'visits').flatMap(({ step, enteredAtMs, leftAtMs, how }) =>
      leftAtMs === null || how === null ? [] : [{ step, tookMs: leftAtMs - enteredAtMs, how }],
    ),
    deviations: deviations.map(({ id, kind, step, decided, atMs, count, text, facts }) => ({
      ...{ id, kind, step, atMs, count, text, facts: { ...facts, ...askedFacts(procedure, step, facts) } },
      disposition: decided?.disposition ?? null,
      isOpen: job.undecided.includes(id) || job.inRework.includes(id),
    })),
    release: job.release,
    crew: job.crew.map(({ name }) => name),
    ...waiting,
    shown: shownOf(document),
    titles: titlesOf(procedure),
    names: namesOf(procedure, about),
  };
}

function shownOf(document: Document): JobSummary['shown'] {
  const last = rowsOf(document, 'photos').at(-1);
  return last ? { cid: last.cid, kind: last.kind, step: last.step, atMs: last.atMs } : null;
}

const titlesOf = (procedure: Procedure | null): Record<string, Text> =>
  procedure ? Object.fromEntries([...stepsOf(procedure)].map(({ step }) => [step.id as string, step.title])) : {};

function namesOf(procedure: Procedure | null, ids: ReadonlySet<unknown>): Record<string, Text> {
  const { things = [], tools = [] } = procedure?.workplace ?? {};
  return Object.fromEntries(
    [...things, ...tools].flatMap(({ id, name }) => (ids.has(id) ? [[id as string, name]] : [])),
  );
}

function waitingOf(document: Document, job: JobRow): Pick<JobSummary, 'sinceMs' | 'waitingFor'> {
  if (job.status === 'waiting') return { sinceMs: job.openedAtMs, waitingFor: [{ what: 'begin', about: '' }] };
  if (job.status === 'paused' || job.status === 'onHold') {
    const pause = rowsOf(document, 'pauses').findLast(({ endedAtMs }) => endedAtMs === null);
    const what = job.status === 'onHold' ? 'hold' : 'pause';
    return { sinceMs: pause?.atMs ?? null, waitingFor: [{ what, about: pause?.reason ?? '' }] };
  }
  if (job.status !== 'running') return { sinceMs: null, waitingFor: [] };
  const procedure = jobProcedure(document, job);
  const waitingFor: JobSummary['waitingFor'] = [];
  if (job.undecided.length > 0) waitingFor.push({ what: 'decision', about: `${job.undecided.length}` });
  let sinceMs: number | null = null;
  const visits = rowsOf(document, 'visits');
  for (const { step, thread, phase, seen } of job.state?.active ?? []) {
    const visit = visits[job.visiting[thread] ?? -1];
    if (visit) sinceMs = Math.max(sinceMs ?? 0, visit.enteredAtMs);
    if (phase !== 'active') continue;
    for (const gate of job.plan.gates) {
      if (gate.step !== step || visit?.met.includes(gate.id)) continue;
      // Somebody of the crew can do it: it is met with their first act.
      if (gate.kind === 'skill' && job.crew.some(({ id }) => hasSkill(document, id, gate, visit?.enteredAtMs ?? 0)))
        continue;
      waitingFor.push({
        what: gate.kind,
        about: gate.kind === 'scan' ? gate.thing : gate.kind === 'skill' ? gate.code : '',
      });
    }
    for (const { leaf, path, isNegated } of (procedure && indexOf(procedure).steps.get(step)?.leaves) ?? [])
      if (
        leaf.kind === 'toolUsed' &&
        !isNegated &&
        !seen.includes(path) &&
        !waitingFor.some(({ about }) => about === leaf.tool)
      )
        waitingFor.push({ what: 'tool', about: leaf.tool });
  }
  if (job.state && job.state.status !== 'running') waitingFor.push({ what: 'signOff', about: '' });
  return { sinceMs, waitingFor };
}

export const StepFigures = z.object({
  step: z.string(),
  times: z.number().int(),
  medianMs: z.number(),
  p90Ms: z.number(),
  /** Beyond the median, and in attempts that had to be repeated: what a better instruction or fixture could save. */
  lostMs: z.number(),
  deviations: z.number().int(),
  /** Of all time lost, up to and with this step: the curve of the Pareto. */
  share: z.number(),
});
export const JobFigures = z.object({
  jobs: z.record(z.string(), z.number().int()),
  /** Of jobs that are over, those without a single deviation; null: none is over. */
  firstPassYield: z.number().nullable(),
  /** From opened to begun, and in pauses. */
  medianWaitingMs: z.number().nullable(),
  medianPausedMs: z.number().nullable(),
  medianJobMs: z.number().nullable(),
  deviations: z.record(z.string(), z.number().int()),
  /** Most time lost first. */
  steps: z.array(StepFigures),
});
export type JobFigures = z.infer<typeof JobFigures>;

/** Figures of many jobs; the order of the jobs does not matter. */
export function figuresOf(jobs: readonly JobSummary[]): JobFigures {
  const over = jobs.filter(({ status }) => status === 'finished' || status === 'scrapped');
  const good = over.filter(({ status, deviations }) => status === 'finished' && deviations.length === 0);
  const begun = jobs.filter(({ begunAtMs }) => begunAtMs !== null);
  const finished = jobs.filter(({ status }) => status === 'finished');
  return {
    jobs: countBy(jobs.map(({ status }) => status)),
    firstPassYield: over.length === 0 ? null : good.length / over.length,
    medianWaitingMs: quantile(
      begun.map(({ openedAtMs, begunAtMs }) => begunAtMs! - openedAtMs),
      0.5,
    ),
    medianPausedMs: quantile(
      over.map(({ pausedForMs }) => pausedForMs),
      0.5,
    ),
    medianJobMs: quantile(
      finished.map((one) => one.endedAtMs! - one.begunAtMs! - one.pausedForMs),
      0.5,
    ),
    deviations: countBy(jobs.flatMap(({ deviations }) => deviations.map(({ kind }) => kind))),
    steps: stepFigures(jobs),
  };
}

function stepFigures(jobs: readonly JobSummary[]): JobFigures['steps'] {
  const visits = jobs.flatMap((job) => job.visits);
  const deviations = countBy(jobs.flatMap((job) => job.deviations.flatMap(({ step }) => step ?? [])));
  const rows = [...new Set(visits.map(({ step }) => step))].map((step) => {
    const own = visits.filter((visit) => visit.step === step);
    const through = own.filter(({ how }) => how !== 'retried' && how !== 'jumped').map(({ tookMs }) => tookMs);
    const medianMs = quantile(through, 0.5) ?? 0;
    const lostMs = own.reduce(
      (sum, { tookMs, how }) => sum + (how === 'retried' || how === 'jumped' ? tookMs : Math.max(0, tookMs - medianMs)),
      0,
    );
    const p90Ms = quantile(through, 0.9) ?? 0;
    return { step, times: own.length, medianMs, p90Ms, lostMs, deviations: deviations[step] ?? 0, share: 0 };
  });
  rows.sort((a, b) => b.lostMs - a.lostMs || (a.step < b.step ? -1 : 1));
  const total = rows.reduce((sum, { lostMs }) => sum + lostMs, 0);
  let sum = 0;
  return rows.map((row) => {
    sum += row.lostMs;
    return { ...row, share: total === 0 ? 0 : sum / total };
  });
}

/** Between the two nearest values; null: there are none. */
function quantile(values: readonly number[], at: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
}

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Jobs with their steps, by title, as CSV (RFC 4180); cells that a spreadsheet would take for a formula are made text. */
export function jobsCsv(jobs: readonly JobSummary[], language: 'en' | 'zh' = 'en'): string {
  const heads = [
    'order',
    'product',
    'serial',
    'station',
    'status',
    'revision',
    'begun',
    'ended',
    'step',
    'took_s',
    'how',
    'deviations',
  ];
  const lines = jobs.flatMap((job) =>
    job.visits.map(({ step, tookMs, how }) => [
      job.order,
      job.productType,
      job.serial,
      job.station,
      job.status,
      `${job.revision}`,
      iso(job.begunAtMs),
      iso(job.endedAtMs),
      // Of a job that was copied before titles were, its id.
      textIn(job.titles[step] ?? {}, language, 'en') || step,
      (tookMs / 1000).toFixed(1),
      how,
      `${job.deviations.filter((one) => one.step === step).length}`,
    ]),
  );
  return [heads, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

const iso = (atMs: number | null): string => (atMs === null ? '' : new Date(atMs).toISOString());
