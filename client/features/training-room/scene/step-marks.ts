import { indexOf, isShown, type Behaviour, type Target } from '#protocol/procedures/index';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';
import type { HandledRun } from '../model/handling.ts';
import { seatsOf } from '../model/workplace.ts';
import type { GhostMotion } from './ghosts.ts';

/** Words that stand at something in the scene. */
export interface Note {
  readonly target: Target;
  readonly text: string;
  readonly isHazard: boolean;
}
/** A control that a step shows being moved: where it goes and how long that takes. */
export interface MovedJoint {
  readonly step: string;
  readonly control: string;
  /** A number in the control's unit, or which of its positions. */
  readonly to: number;
  readonly durationMs: number;
}
/** What the steps at hand show in the scene. */
export interface StepMarks {
  readonly highlights: readonly Target[];
  readonly arrows: readonly Target[];
  readonly notes: readonly Note[];
  readonly ghosts: readonly GhostMotion[];
  /** While their step is at hand; the control itself is where people and the machine have it. */
  readonly joints: readonly MovedJoint[];
  /** Things that are hidden beside what the run knows: from the step that hides them until one shows them again. */
  readonly hidden: ReadonlySet<string>;
}

/**
 * Read from the behaviours of the steps that run, as the run's mode shows them. `recorded`: motions that are in files, by
 * CID; null while one is on its way.
 */
export function marksOf(
  { procedure, state, row, say }: Pick<HandledRun, 'procedure' | 'state' | 'row' | 'say'>,
  recorded: (cid: string) => GhostMotion['frames'] | null = () => null,
): StepMarks {
  const { steps, things, media } = indexOf(procedure);
  const highlights: Target[] = [];
  const arrows: Target[] = [];
  const notes: Note[] = [];
  const ghosts: GhostMotion[] = [];
  const joints: MovedJoint[] = [];
  const hidden = new Set<string>();
  const hide = (behaviour: Behaviour) => {
    if (behaviour.kind !== 'setEnabled') return;
    for (const target of behaviour.targets)
      if (target.kind === 'thing') {
        if (behaviour.isEnabled) hidden.delete(target.thing);
        else hidden.add(target.thing);
      }
  };
  const take = (behaviour: Behaviour, step: string) => {
    switch (behaviour.kind) {
      case 'highlight':
        highlights.push(...behaviour.targets);
        return;
      case 'arrow':
        arrows.push(behaviour.target);
        return;
      case 'text':
      case 'hazard':
        if (behaviour.at)
          notes.push({ target: behaviour.at, text: say.text(behaviour.text), isHazard: behaviour.kind === 'hazard' });
        return;
      case 'ghostMotion': {
        const { thing, motion } = behaviour;
        const cid = motion.kind === 'recorded' ? media.get(motion.media)?.cid : null;
        const frames = motion.kind === 'computed' ? motion.frames : cid ? recorded(cid) : null;
        // What was put down has had its ghost.
        if (frames && things.has(thing) && !isPutDown(step, thing)) ghosts.push({ thing, frames });
        return;
      }
      case 'setEnabled':
        hide(behaviour);
        return;
      case 'animateJoint': {
        const { control, to, durationMs } = behaviour;
        joints.push({ step, control, to, durationMs });
        return;
      }
      default:
        return;
    }
  };
  const isPutDown = (step: string, thing: string): boolean => {
    const seat = seatsOf(procedure)
      .get(thing)
      ?.find((one) => one.step === step);
    return !!seat && state.world.placements[thing]?.[seat.reference ?? ''] !== undefined;
  };
  const behavioursOf = (step: string) =>
    (steps.get(step)?.step.behaviours ?? []).filter((one) => isShown(one, row.mode) && 'stage' in one);
  // What a step hid stays hidden when it is over.
  for (const step of state.visited) for (const behaviour of behavioursOf(step)) hide(behaviour);
  for (const { step, phase } of state.active) {
    if (phase === 'leaving') continue;
    for (const behaviour of behavioursOf(step))
      if ('stage' in behaviour && behaviour.stage === 'enter') take(behaviour, step);
  }
  return { highlights, arrows, notes, ghosts, joints, hidden };
}

/**
 * Motions are written where the design stands; a base that was put down elsewhere takes the ghosts of what comes on it
 * along. `seatInRoom`: where the thing's place is now, if it has one.
 */
export function movedAlong(ghost: GhostMotion, seatInRoom: Pose | null): GhostMotion {
  const last = ghost.frames.at(-1)!.poseInRoom;
  if (!seatInRoom) return ghost;
  const by = composePose(seatInRoom, invertPose(last));
  const isSame = by.position.every((m) => Math.abs(m) < 1e-6) && Math.abs(by.rotation[3]) > 1 - 1e-9;
  if (isSame) return ghost;
  return {
    thing: ghost.thing,
    frames: ghost.frames.map(({ atMs, poseInRoom }) => ({ atMs, poseInRoom: composePose(by, poseInRoom) })),
  };
}
