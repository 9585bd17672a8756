import type { Document } from '#protocol/document/index';
import type { UserId } from '#protocol/ids';
import { hasSkill, rowsOf, type Gate, type JobRow, type Visit } from '#protocol/guidance/index';
import {
  indexOf,
  type ActiveStep,
  type Leaf,
  type Procedure,
  type RunState,
  type Step,
  type Unit,
} from '#protocol/procedures/index';
import { isFulfilled } from '../../training-room/model/fulfilled.ts';
import type { MyAct } from '../../training-room/model/run-hand.ts';
import { posesToTell, seatIn } from '../../training-room/model/workplace.ts';
import { finalPoseOf, standingThings } from './standing.ts';

/** What one has to do for a task. `press`: one "done" of any kind does it. */
export type Need =
  | { readonly kind: 'press'; readonly act: MyAct }
  /** Something to fill in beside it. */
  | { readonly kind: 'fill'; readonly what: 'value' | 'answer' | 'list' | 'wear' }
  /** A tool that reports by itself: nothing to press. */
  | { readonly kind: 'tool'; readonly tool: string; readonly thing: string }
  /** A tool that does not report: what it shows is read off and typed. */
  | { readonly kind: 'readOff'; readonly tool: string; readonly thing: string; readonly unit: Unit }
  | { readonly kind: 'wait'; readonly what: 'time' | 'plant' | 'approval' | 'secondPerson' }
  | { readonly kind: 'approve' }
  | { readonly kind: 'scan'; readonly thing: string }
  | { readonly kind: 'photo' | 'second' | 'skill' | 'align'; readonly gate: Gate };

/** One line of the step's checklist. */
export interface Task {
  readonly id: string;
  readonly leaf: Leaf | null;
  readonly gate: Gate | null;
  readonly path: string | null;
  readonly isDone: boolean;
  readonly need: Need;
}

export interface StepNow {
  readonly active: ActiveStep;
  readonly step: Step;
  readonly visit: Visit | null;
  /** In the order in which one does them: what must be so beforehand, the work, the evidence, the second look. */
  readonly tasks: readonly Task[];
  /** Deviations of this visit that wait for a decision: they hold the step. */
  readonly held: readonly string[];
}

const RANK: Record<Gate['kind'], number> = { skill: 0, alignment: 1, scan: 2, photo: 4, secondPerson: 5 };
const WORK_RANK = 3;

/** The steps that run, each with all that is missing in it. `me`: whose page it is. */
export function stepsNow(
  document: Document,
  job: JobRow,
  procedure: Procedure,
  state: RunState,
  me: UserId,
  atMs: number,
): StepNow[] {
  const visits = rowsOf(document, 'visits');
  const deviations = rowsOf(document, 'deviations');
  return state.active.flatMap((active) => {
    const facts = indexOf(procedure).steps.get(active.step);
    if (!facts) return [];
    const n = job.visiting[active.thread];
    const visit = visits.find((one) => one.n === n) ?? null;
    const ranked: { rank: number; task: Task }[] = [];
    for (const { leaf, path, isNegated } of facts.leaves) {
      if (isNegated || !path.startsWith('0.')) continue;
      for (const task of tasksOfLeaf(job, procedure, state, active, leaf, path, me))
        ranked.push({ rank: WORK_RANK, task });
    }
    for (const gate of job.plan.gates) {
      if (gate.step !== active.step) continue;
      ranked.push({ rank: RANK[gate.kind], task: taskOfGate(document, job, gate, visit, me, atMs) });
    }
    const held = deviations.filter((one) => job.undecided.includes(one.id) && one.visit === n).map(({ id }) => id);
    return [
      {
        active,
        step: facts.step,
        visit,
        tasks: ranked.toSorted((a, b) => a.rank - b.rank).map((one) => one.task),
        held,
      },
    ];
  });
}

/** What "next" means now: the first thing that is missing and that I can do; null: all that is left waits for others. */
export const nextTask = (steps: readonly StepNow[]): { step: StepNow; task: Task } | null => {
  for (const step of steps.toReversed()) {
    if (step.held.length > 0 || step.active.phase !== 'active') continue;
    const task = step.tasks.find(({ isDone, need }) => !isDone && need.kind !== 'wait' && need.kind !== 'tool');
    if (task) return { step, task };
  }
  return null;
};

function tasksOfLeaf(
  job: JobRow,
  procedure: Procedure,
  state: RunState,
  active: ActiveStep,
  leaf: Leaf,
  path: string,
  me: UserId,
): Task[] {
  const isDone = isFulfilled(procedure, state, active, leaf, path);
  const one = (need: Need): Task[] => [{ id: path, leaf, gate: null, path, isDone, need }];
  const press = (act: MyAct) => one({ kind: 'press', act });
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
      return press({ type: leaf.kind, thing: leaf.thing });
    case 'placed': {
      const poses = standingThings(procedure, state);
      const pose = finalPoseOf(procedure, poses, leaf.thing, active.step);
      // Where it belongs is said, not measured: the engineer sees it there. How sure the overlay is, the room judges.
      if (!pose) return press({ type: 'mounted', thing: leaf.thing });
      const told = posesToTell(procedure, poses, leaf.thing, pose);
      // Put onto something that itself lies loose on the bench, nobody knows where: a key into its shaft.
      const carrier = leaf.reference.kind === 'thing' ? leaf.reference.thing : null;
      const seat = carrier !== null && !poses.has(carrier) ? seatIn(procedure, state, leaf.thing, carrier) : null;
      const inCarrier = seat ? [{ in: carrier, pose: seat.poseInReference }] : [];
      return press({ type: 'placed', thing: leaf.thing, poses: [...told, ...inCarrier] as never });
    }
    case 'mounted':
      return leaf.things.map((thing) => ({
        id: `${path}:${thing}`,
        leaf: { ...leaf, things: [thing] },
        gate: null,
        path,
        isDone: isDone || state.world.mounted.includes(thing),
        need: { kind: 'press', act: { type: 'mounted', thing } },
      }));
    case 'toolUsed': {
      if (job.plan.tools.some(({ tool }) => tool === leaf.tool))
        return one({ kind: 'tool', tool: leaf.tool, thing: leaf.thing });
      if (leaf.result) return one({ kind: 'readOff', tool: leaf.tool, thing: leaf.thing, unit: leaf.result.unit });
      return press({ type: 'toolUsed', tool: leaf.tool, thing: leaf.thing, isOk: true, result: null });
    }
    case 'confirmed':
      return press({ type: 'confirmed' });
    case 'spoken':
      return press({ type: 'spoke', command: leaf.command });
    case 'dwell':
      return press({ type: 'moved', places: [leaf.place] });
    case 'gaze':
      return press({ type: 'gazed', thing: leaf.thing });
    case 'control':
      return leaf.setting.kind === 'positions' && leaf.setting.positions[0] !== undefined
        ? press({ type: 'controlSet', control: leaf.control, to: leaf.setting.positions[0] })
        : one({ kind: 'fill', what: 'value' });
    case 'approved':
      return one(
        job.crew.some(({ id, roles }) => id === me && roles.includes(leaf.role))
          ? { kind: 'approve' }
          : { kind: 'wait', what: 'approval' },
      );
    case 'timeout':
      return one({ kind: 'wait', what: 'time' });
    case 'value':
    case 'variable':
    case 'opaque':
      return one({ kind: 'wait', what: 'plant' });
    case 'answered':
      return one({ kind: 'fill', what: 'answer' });
    case 'checklist':
      return one({ kind: 'fill', what: 'list' });
    case 'worn':
      return one({ kind: 'fill', what: 'wear' });
    case 'number':
      return one({ kind: 'fill', what: 'value' });
  }
}

function taskOfGate(document: Document, job: JobRow, gate: Gate, visit: Visit | null, me: UserId, atMs: number): Task {
  const isMet = visit?.met.includes(gate.id) ?? false;
  const made = (need: Need, isDone = isMet): Task => ({ id: gate.id, leaf: null, path: null, gate, isDone, need });
  switch (gate.kind) {
    case 'scan':
      return made({ kind: 'scan', thing: gate.thing });
    case 'photo':
      return made({ kind: 'photo', gate });
    case 'alignment':
      return made(
        { kind: 'align', gate },
        isMet || (job.alignedWithinM !== null && job.alignedWithinM <= gate.withinM),
      );
    case 'skill':
      // Nobody has done anything yet: then it is asked of whoever looks at this page.
      return made({ kind: 'skill', gate }, isMet || hasSkill(document, me, gate, atMs));
    case 'secondPerson': {
      const didIt = visit?.by.includes(me) ?? false;
      const hasRole = gate.role === null || job.crew.some(({ id, roles }) => id === me && roles.includes(gate.role!));
      const isCrew = job.crew.some(({ id }) => id === me);
      const may = isCrew && !didIt && hasRole && (visit?.by.length ?? 0) > 0;
      return made(may ? { kind: 'second', gate } : { kind: 'wait', what: 'secondPerson' });
    }
  }
}
