import { readFileSync } from 'node:fs';
import {
  check,
  placementError,
  Procedure,
  react,
  score,
  start,
  type Condition,
  type Participant,
  type RunEvent,
} from '#protocol/procedures/index';
import { composePose, IDENTITY_POSE, type Pose } from '#protocol/spatial/index';
import { percentile, type Figure, type Part } from '../figures.ts';

/** The sample training as people have it, its whole run recorded once, then run again and again on one core. */
const WARM_UP_MS = 500;
const MEASURE_MS = 2_000;
const FILE = new URL('../../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
const TRAINEES = 50;

export const engine: Part = { name: 'engine', measure: () => Promise.resolve(measure()) };

function measure(): Figure[] {
  const procedure = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  const people = [
    { id: 'ann', roles: ['fitter'], station: null },
    { id: 'ben', roles: ['inspector'], station: null },
  ] as unknown as Participant[];
  const options = { mode: 'exam', seed: 1, participants: people, startedAtMs: 0 } as const;
  const events = eventsOf(procedure);
  const run = () => {
    let { state } = start(procedure, options);
    let transitions = 0;
    for (const [at, event] of events.entries()) {
      const reaction = react(procedure, state, event, at * 100);
      ({ state } = reaction);
      for (const { kind } of reaction.effects) if (kind === 'left') transitions += 1;
    }
    if (state.status !== 'completed') throw new Error('the sample does not run to its end');
    return transitions;
  };
  const done = repeat(() => ({ transitions: run(), events: events.length, runs: 1 }));

  const placed = conditionsOf(procedure, 'placed');
  const things = new Map(procedure.workplace.things.map((thing) => [thing.id, thing]));
  const checks = repeat(() => {
    for (const condition of placed) {
      const reference = condition.reference.kind === 'thing' ? (things.get(condition.reference.thing) ?? null) : null;
      const pose: Pose = composePose(condition.target, { ...IDENTITY_POSE, position: [0.001, 0, 0] });
      const poses = { [condition.reference.kind === 'room' ? '' : condition.reference.thing]: pose };
      placementError(condition, things.get(condition.thing)!, reference, poses);
    }
    return { checks: placed.length };
  });

  // One room, fifty trainees each in the middle of a step: the engine's share of "condition check to unlock".
  const middle = events.slice(0, Math.floor(events.length / 2));
  const states = Array.from({ length: TRAINEES }, () =>
    middle.reduce(
      (state, event, at) => react(procedure, state, event, at * 100).state,
      start(procedure, options).state,
    ),
  );
  const latencies: number[] = [];
  for (let round = 0; round < 200; round++)
    for (const state of states) {
      const from = performance.now();
      react(procedure, state, events[middle.length]!, middle.length * 100);
      latencies.push(performance.now() - from);
    }

  const record = { ...options, events: events.map((event, at) => ({ event, atMs: at * 100 })) };
  const scores = repeat(() => ({ scores: Number(score(procedure, record).isPassed) }));
  const judged = repeat(() => ({ checks: check({ ...procedure }).length + 1 }));
  const note = `the gearbox sample: 30 steps, ${events.length} events, ${placed.length} placements; one core`;
  return [
    { name: 'transitions', measured: done['transitions']!, unit: '1/s', target: 10_000, is: 'above', note },
    { name: 'events', measured: done['events']!, unit: '1/s', note },
    {
      name: 'placement checks with symmetry',
      measured: checks['checks']!,
      unit: '1/s',
      target: 100_000,
      is: 'above',
      note,
    },
    {
      name: 'event to unlock, engine alone, p99',
      measured: percentile(latencies, 0.99),
      unit: 'ms',
      target: 5,
      note: `${TRAINEES} runs in turn`,
    },
    { name: 'whole runs scored', measured: scores['scores']!, unit: '1/s', note },
    { name: 'whole procedures checked', measured: judged['checks']!, unit: '1/s', note },
  ];
}

/** Counts per second, after a warm-up. */
function repeat(work: () => Record<string, number>): Record<string, number> {
  const until = (ms: number) => {
    const totals: Record<string, number> = {};
    const from = performance.now();
    do for (const [name, count] of Object.entries(work())) totals[name] = (totals[name] ?? 0) + count;
    while (performance.now() - from < ms);
    const seconds = (performance.now() - from) / 1000;
    return Object.fromEntries(Object.entries(totals).map(([name, count]) => [name, count / seconds]));
  };
  until(WARM_UP_MS);
  return until(MEASURE_MS);
}

function conditionsOf<K extends Condition['kind']>(procedure: Procedure, kind: K): Extract<Condition, { kind: K }>[] {
  const all = procedure.chapters.flatMap(({ steps }) =>
    steps.flatMap(({ transitions }) => transitions.flatMap(({ conditions }) => conditions)),
  );
  return all.filter((one): one is Extract<Condition, { kind: K }> => one.kind === kind);
}

/** What a person does who does everything right, straight from what the steps ask for. */
function eventsOf(procedure: Procedure): RunEvent[] {
  const events: unknown[] = [];
  for (const { steps } of procedure.chapters)
    for (const { id: step, transitions } of steps) {
      const conditions = transitions[0]!.conditions;
      const order = conditions.flatMap((one) => (one.kind === 'mounted' ? one.things : []));
      const sorted = [...conditions].sort((a, b) => rank(a, order) - rank(b, order));
      for (const one of sorted) events.push(...eventsFor(one, step, conditions.indexOf(one)));
    }
  return events as RunEvent[];
}

const rank = (condition: Condition, order: readonly string[]): number =>
  condition.kind === 'placed' ? order.indexOf(condition.thing) : order.length;

function eventsFor(one: Condition, step: string, index: number): unknown[] {
  const by = 'ann';
  switch (one.kind) {
    case 'worn':
      return one.things.map((thing) => ({ type: 'putOn', by, thing }));
    case 'checklist':
      return one.items.map(({ id: item }) => ({ type: 'checked', by, step, item, isChecked: true }));
    case 'placed': {
      const reference = one.reference.kind === 'room' ? null : one.reference.thing;
      const placed = { type: 'placed', by, thing: one.thing, poses: [{ in: reference, pose: one.target }] };
      return [{ type: 'grabbed', by, thing: one.thing }, placed];
    }
    case 'toolUsed': {
      const result = one.result && { value: (one.result.minimum! + one.result.maximum!) / 2, unit: one.result.unit };
      return [{ type: 'toolUsed', by, tool: one.tool, thing: one.thing, isOk: true, result }];
    }
    case 'answered':
      return [{ type: 'answered', by, step, path: `0.${index}`, answer: 5 }];
    case 'approved':
      return [{ type: 'approved', by: 'ben' }];
    default:
      return [];
  }
}
