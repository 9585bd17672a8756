import {
  indexOf,
  type Condition,
  type Leaf,
  type Procedure,
  type Range,
  type RunEvent,
} from '#protocol/procedures/index';
import type { UserId } from '#protocol/ids';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';

/** A button that stands for the doing: what a trainee would do, and the facts that the run then gets. */
export interface Act {
  readonly key: string;
  /** Null: nothing but waiting helps. */
  readonly events: readonly RunEvent[] | null;
  readonly leaf: Leaf;
  /** Index of the way out that asks for it. */
  readonly way: number;
}

/** What the ways out of a step ask for, one act for each. What must not be (`not`) needs no button. */
export function actsOf(procedure: Procedure, step: string, by: UserId): Act[] {
  const facts = indexOf(procedure).steps.get(step);
  if (!facts) return [];
  return facts.leaves
    .filter(({ isNegated }) => !isNegated)
    .map(({ leaf, path }) => ({
      key: path,
      leaf,
      way: Number(path.split('.')[0]),
      events: eventsFor(leaf, path, step, by, procedure),
    }));
}

const middle = ({ minimum, maximum }: Range): number =>
  minimum !== undefined && maximum !== undefined ? (minimum + maximum) / 2 : (minimum ?? maximum ?? 0);

function eventsFor(leaf: Leaf, path: string, step: string, by: UserId, procedure: Procedure): RunEvent[] | null {
  switch (leaf.kind) {
    case 'grabbed':
    case 'touched':
    case 'used':
      return [{ type: leaf.kind, by, thing: leaf.thing }];
    case 'released':
      return [
        { type: 'grabbed', by, thing: leaf.thing },
        { type: 'released', by, thing: leaf.thing },
      ];
    case 'placed': {
      const { reference } = leaf;
      const pose = originOf(leaf, procedure);
      return [
        { type: 'grabbed', by, thing: leaf.thing },
        {
          type: 'placed',
          by,
          thing: leaf.thing,
          poses: [{ in: reference.kind === 'room' ? null : reference.thing, pose }],
        },
      ];
    }
    case 'mounted':
      // What has a place in this step is mounted by putting it there, in the order that is asked for.
      return leaf.things.flatMap((thing): RunEvent[] => {
        const seat = indexOf(procedure)
          .steps.get(step)!
          .leaves.find((one) => one.leaf.kind === 'placed' && one.leaf.thing === thing);
        const put = seat && eventsFor(seat.leaf, seat.path, step, by, procedure);
        return put ?? [{ type: 'mounted', by, thing }];
      });
    case 'toolUsed':
      return [
        {
          type: 'toolUsed',
          by,
          thing: leaf.thing,
          tool: leaf.tool,
          isOk: true,
          result: leaf.result && { value: middle(leaf.result), unit: leaf.result.unit },
        },
      ];
    case 'value':
      return [{ type: 'value', sensor: leaf.sensor, value: middle(leaf.range), unit: leaf.range.unit }];
    case 'control': {
      const to = leaf.setting.kind === 'positions' ? leaf.setting.positions[0] : middle(leaf.setting.range);
      return to === undefined ? null : [{ type: 'controlSet', by, control: leaf.control, to }];
    }
    case 'answered': {
      const { answer } = leaf;
      const given =
        answer.kind === 'number' ? middle(answer.range) : answer.kind === 'single' ? [answer.correct] : answer.correct;
      return [{ type: 'answered', by, step: stepId(procedure, step), path, answer: given }];
    }
    case 'checklist':
      return leaf.items.map(({ id }) => ({
        type: 'checked',
        by,
        step: stepId(procedure, step),
        item: id,
        isChecked: true,
      }));
    case 'worn':
      return leaf.things.map((thing) => ({ type: 'putOn', by, thing }));
    case 'dwell':
      return [{ type: 'moved', by, places: [leaf.place] }];
    case 'gaze':
      return [{ type: 'gazed', by, thing: leaf.thing }];
    case 'spoken':
      return [{ type: 'spoke', by, command: leaf.command }];
    case 'number':
      return [{ type: 'entered', by, variable: leaf.variable, value: middle(leaf.range) }];
    case 'approved':
      return [{ type: 'approved', by }];
    case 'confirmed':
      return [{ type: 'confirmed', by }];
    case 'variable':
    case 'timeout':
    case 'opaque':
      return null;
  }
}

/** Where the thing's origin lies when its frame is exactly at the target, in the reference's own frame. */
export function originOf(leaf: Extract<Leaf, { kind: 'placed' }>, procedure: Procedure): Pose {
  const frameOf = (thing: string, frame: string | null) =>
    indexOf(procedure)
      .things.get(thing)
      ?.frames.find(({ id }) => id === frame)?.poseInThing;
  const own = frameOf(leaf.thing, leaf.frame);
  const pose = own ? composePose(leaf.target, invertPose(own)) : leaf.target;
  const seat = leaf.reference.kind === 'thing' ? frameOf(leaf.reference.thing, leaf.reference.frame) : undefined;
  return seat ? composePose(seat, pose) : pose;
}

const stepId = (procedure: Procedure, step: string) => indexOf(procedure).steps.get(step)!.step.id;

export const isTimed = (condition: Condition): boolean =>
  condition.kind === 'timeout' ||
  ('holdMs' in condition && condition.holdMs > 0) ||
  ('durationMs' in condition && condition.durationMs > 0);
