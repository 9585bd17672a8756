import {
  DEFAULT_RUBRIC,
  EMPTY_WORKPLACE,
  Procedure,
  react,
  start,
  type Effect,
  type Mode,
  type Participant,
  type RunEvent,
  type RunState,
  type Step,
  type Thing,
  type Workplace,
} from '#protocol/procedures/index';
import { IDENTITY_POSE } from '#protocol/spatial/index';

/** Loosely typed parts of a procedure: ids are plain strings until `Procedure.parse` has seen them. */
type Loose<T> = T extends string | number | boolean | null | undefined
  ? T extends string
    ? string
    : T
  : T extends readonly (infer U)[]
    ? Loose<U>[]
    : { [K in keyof T]?: Loose<T[K]> };

export const en = (text: string) => ({ en: text });

/** One way out: what must hold, and where it leads (null: the end of the chapter). */
export const to = (target: string | null, ...conditions: unknown[]) => ({ to: target, conditions });

interface StepOptions extends Loose<Omit<Step, 'id' | 'transitions'>> {
  transitions?: { to: string | null; conditions: unknown[]; interrupts?: boolean; id?: string }[];
}

export function aStep(id: string, options: StepOptions = {}): Record<string, unknown> {
  const { transitions = [to(null)], ...rest } = options;
  return {
    id,
    title: en(`Step ${id}`),
    instruction: {},
    body: { kind: 'ordinary' },
    isOptional: false,
    timeLimitMs: null,
    retry: null,
    role: null,
    station: null,
    behaviours: [],
    unlocks: { needed: true, things: [], tools: [], controls: [] },
    hints: [],
    position: { x: 0, y: 0 },
    ...rest,
    transitions: transitions.map((one, at) => ({ id: `t${at}`, interrupts: false, ...one })),
  };
}

export const aChapter = (id: string, steps: Record<string, unknown>[]) => ({
  id,
  title: en(`Chapter ${id}`),
  first: steps[0]!['id'],
  steps,
});

export const aThing = (id: string, options: Loose<Thing> = {}) => ({
  id,
  name: en(`Thing ${id}`),
  kind: 'part',
  part: null,
  frames: [],
  symmetry: { kind: 'none' },
  tools: [],
  isFixed: false,
  poseInRoom: null,
  ...options,
});

export const aSensor = (id: string, unit = 'bar', maximum = 10) => ({ id, name: en(id), unit, minimum: 0, maximum });

/** A bench with a few of everything: things a, b, c and gloves; a wrench; a gauge; a switch and a valve; two roles. */
export const WORKBENCH = {
  ...EMPTY_WORKPLACE,
  things: [aThing('a'), aThing('b'), aThing('c'), aThing('gloves', { kind: 'protection' })],
  places: [{ id: 'bench', name: en('bench'), poseInRoom: IDENTITY_POSE, radiusM: 1 }],
  tools: [
    { id: 'wrench', name: en('wrench'), part: null, unit: 'N.m' },
    { id: 'hammer', name: en('hammer'), part: null, unit: null },
  ],
  sensors: [aSensor('gauge')],
  controls: [
    {
      id: 'switch',
      name: en('switch'),
      kind: 'switch',
      thing: null,
      setting: { kind: 'positions', positions: ['on', 'off'] },
    },
    {
      id: 'valve',
      name: en('valve'),
      kind: 'valve',
      thing: null,
      setting: { kind: 'number', unit: '%', minimum: 0, maximum: 100 },
    },
  ],
  roles: [
    { id: 'fitter', name: en('fitter') },
    { id: 'inspector', name: en('inspector') },
  ],
  faults: [
    { id: 'leak', name: en('leak'), kind: 'leak' },
    { id: 'stuck', name: en('stuck'), kind: 'sensor_stuck' },
  ],
};

interface ProcedureOptions {
  subchapters?: unknown[];
  chapters?: unknown[];
  variables?: unknown[];
  safety?: unknown[];
  workplace?: Partial<Record<keyof Workplace, unknown[]>>;
  rubric?: unknown;
  languages?: string[];
}

/** One chapter `main` with these steps, on the workbench. */
export function aProcedure(steps: Record<string, unknown>[], options: ProcedureOptions = {}): Procedure {
  return Procedure.parse({
    v: 1,
    id: 'test',
    title: en('Test'),
    description: {},
    languages: ['en'],
    design: null,
    chapters: steps.length > 0 ? [aChapter('main', steps)] : [],
    subchapters: [],
    variables: [],
    safety: [],
    rubric: DEFAULT_RUBRIC,
    ...options,
    workplace: { ...WORKBENCH, ...options.workplace },
  });
}

export const ann = { id: 'ann', roles: ['fitter'], station: null } as unknown as Participant;
export const ben = { id: 'ben', roles: ['inspector'], station: null } as unknown as Participant;

/** A run that is told what happens, and remembers every effect. Events without `by` are Ann's. */
export class Run {
  state: RunState;
  readonly effects: Effect[] = [];
  readonly events: { event: RunEvent; atMs: number }[] = [];
  last: readonly Effect[] = [];
  // Written out, because benchmarks run this file with its types stripped.
  readonly procedure: Procedure;
  readonly mode: Mode;
  readonly seed: number;
  readonly participants: readonly Participant[];

  constructor(
    procedure: Procedure,
    mode: Mode = 'guided',
    seed = 1,
    participants: readonly Participant[] = [ann, ben],
  ) {
    this.procedure = procedure;
    this.mode = mode;
    this.seed = seed;
    this.participants = participants;
    const { state, effects } = start(procedure, { mode, seed, participants, startedAtMs: 0 });
    this.state = state;
    this.last = effects;
    this.effects.push(...effects);
  }

  on(type: RunEvent['type'], facts: Record<string, unknown> = {}, atMs = this.state.startedAtMs + this.clockMs): this {
    const event = { type, ...(type === 'value' || type === 'time' ? {} : { by: 'ann' }), ...facts } as RunEvent;
    const { state, effects } = react(this.procedure, this.state, event, atMs);
    this.events.push({ event, atMs });
    this.state = state;
    this.last = effects;
    this.effects.push(...effects);
    return this;
  }

  get clockMs(): number {
    return this.state.nowMs + this.state.pausedForMs;
  }

  get steps(): string[] {
    return this.state.active.map(({ step }) => step);
  }

  get findings(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'finding' ? [effect.finding.kind] : []));
  }

  get refusals(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.problem.key] : []));
  }

  get record() {
    const { mode, seed, participants, events } = this;
    return { mode, seed, participants, events, startedAtMs: 0 };
  }
}
