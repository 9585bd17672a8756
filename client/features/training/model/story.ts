import { react, start, type FaultId, type Finding, type Procedure, type RecordedRun } from '#protocol/procedures/index';

/** A stay at a step. Run time, ms. */
export interface Stay {
  readonly step: string;
  readonly thread: string;
  readonly attempt: number;
  readonly fromMs: number;
  /** Null: it went on when the run was over. */
  readonly toMs: number | null;
  readonly how: string | null;
}

export interface FaultStory {
  readonly fault: string;
  readonly injectedMs: number;
  readonly foundMs: number | null;
  readonly diagnosedMs: number | null;
  readonly clearedMs: number | null;
}

/** That something is wrong, said by somebody in the run. */
export interface FaultSaid {
  readonly atMs: number;
  readonly by: string;
  /** Null: they named no cause. */
  readonly diagnosis: string | null;
  /** A fault was there then, and the one they named if they named one. */
  readonly isRight: boolean;
}

/** What happened in a run, by its own time without pauses: what the debrief shows. */
export interface RunStory {
  readonly durationMs: number;
  readonly stays: readonly Stay[];
  readonly findings: readonly Finding[];
  readonly faults: readonly FaultStory[];
  readonly reports: readonly FaultSaid[];
}

/** Runs a record once more and notes when what happened. Pure, like the engine it asks. */
export function storyOf(procedure: Procedure, recorded: RecordedRun): RunStory {
  const open = new Map<string, Omit<Stay, 'toMs' | 'how'>>();
  const stays: Stay[] = [];
  const findings: Finding[] = [];
  const reports: FaultSaid[] = [];
  let reaction = start(procedure, recorded);
  const note = () => {
    const { nowMs } = reaction.state;
    for (const effect of reaction.effects) {
      if (effect.kind === 'finding') findings.push(effect.finding);
      if (effect.kind === 'entered') {
        const { step, thread, attempt } = effect;
        open.set(`${thread} ${step}`, { step, thread, attempt, fromMs: nowMs });
      }
      if (effect.kind === 'left') {
        const key = `${effect.thread} ${effect.step}`;
        const stay = open.get(key);
        if (stay) stays.push({ ...stay, toMs: nowMs, how: effect.how });
        open.delete(key);
      }
    }
  };
  note();
  for (const { event, atMs } of recorded.events) {
    reaction = react(procedure, reaction.state, event, atMs);
    note();
    if (event.type === 'faultReported') {
      const { by, diagnosis } = event;
      // A report changes no fault's being there: what is open after it was open when it was said.
      const { world, nowMs } = reaction.state;
      const open = Object.keys(world.faults).filter((fault) => world.faults[fault as FaultId]?.clearedMs === null);
      const isRight = diagnosis === null ? open.length > 0 : open.includes(diagnosis);
      reports.push({ atMs: nowMs, by, diagnosis, isRight });
    }
  }
  const { nowMs, world } = reaction.state;
  const faults = Object.entries(world.faults).map(([fault, record]) => ({ fault, ...record }));
  const unfinished = [...open.values()].map((stay) => ({ ...stay, toMs: null, how: null }));
  return { durationMs: nowMs, stays: [...stays, ...unfinished], findings, faults, reports };
}

/** What a step took in all, and what went wrong in it. */
export interface StepFigures {
  readonly step: string;
  readonly ms: number;
  readonly attempts: number;
  readonly errors: number;
}

/** By step, in the procedure's order; steps where nobody was are left out. Hints are help, not errors. */
export function stepFigures(procedure: Procedure, { stays, findings, durationMs }: RunStory): StepFigures[] {
  const order = [...procedure.chapters, ...procedure.subchapters].flatMap(({ steps }) => steps.map(({ id }) => id));
  return order.flatMap((step) => {
    const own = stays.filter((stay) => stay.step === step);
    if (own.length === 0) return [];
    const ms = own.reduce((sum, { fromMs, toMs }) => sum + (toMs ?? durationMs) - fromMs, 0);
    const errors = findings.filter((one) => one.step === step && one.kind !== 'hint').length;
    return [{ step, ms, attempts: own.length, errors }];
  });
}

/** The middle of several figures; null: there are none. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}
