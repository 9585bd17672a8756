import { z } from 'zod';
import { Pose } from '../spatial/pose.ts';
import { ControlId, LocalId, PlaceId, RoleId, SensorId, ThingId, ToolId, VariableId } from './ids.ts';
import { Range } from './measure.ts';
import { Opaque } from './opaque.ts';
import { Symmetry } from './symmetry.ts';
import { Text } from './text.ts';

/** What a pose is given in: the room, or a (named frame of a) thing. */
export const Reference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('room') }),
  z.strictObject({ kind: z.literal('thing'), thing: ThingId, frame: LocalId.nullable() }),
]);
export type Reference = z.infer<typeof Reference>;

const Choice = z.strictObject({ id: LocalId, text: Text });
const choices = z.array(Choice).min(2).max(20);
export const Question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single'), choices, correct: LocalId }),
  z.strictObject({ kind: z.literal('multiple'), choices, correct: z.array(LocalId).max(20) }),
  /** The answer must lie in the range. */
  z.strictObject({ kind: z.literal('number'), range: Range }),
  /** All choices in this order. */
  z.strictObject({ kind: z.literal('order'), choices, correct: z.array(LocalId).min(2).max(20) }),
]);
export type Question = z.infer<typeof Question>;

const milliseconds = z.number().int().min(0).max(86_400_000);
const thing = z.strictObject({ thing: ThingId });

/**
 * What must hold for a transition. Two families: *happened* conditions become true by an event while the step runs and
 * stay true for that step (grabbed, answered, …); *standing* conditions are true as long as the workplace is so (value,
 * placed, worn, …) and can be true at once when the step begins.
 */
export const Leaf = z.discriminatedUnion('kind', [
  thing.extend({ kind: z.literal('grabbed') }),
  thing.extend({ kind: z.literal('released') }),
  thing.extend({ kind: z.literal('touched') }),
  thing.extend({ kind: z.literal('used') }),
  /**
   * Standing. The thing was let go with its `frame` at `target` in the `reference`, within both tolerances, its
   * symmetry taken into account, and nobody has taken it since.
   */
  thing.extend({
    kind: z.literal('placed'),
    frame: LocalId.nullable(),
    reference: Reference,
    target: Pose,
    toleranceM: z.number(),
    toleranceRad: z.number(),
    /** Instead of the thing's own. */
    symmetry: Symmetry.nullable(),
  }),
  /** Standing. These things are mounted; `isOrdered`: one after the other as listed. */
  z.strictObject({
    kind: z.literal('mounted'),
    things: z.array(ThingId).min(1).max(100),
    isOrdered: z.boolean(),
  }),
  /** The tool was used on this thing, with a result in the range where one is asked for. */
  thing.extend({ kind: z.literal('toolUsed'), tool: ToolId, result: Range.nullable() }),
  /** Standing. `holdMs`: without a break for that long. */
  z.strictObject({ kind: z.literal('value'), sensor: SensorId, range: Range, holdMs: milliseconds }),
  /** Standing. One of the positions, or a number in the range. */
  z.strictObject({
    kind: z.literal('control'),
    control: ControlId,
    setting: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('positions'), positions: z.array(LocalId).max(50) }),
      z.strictObject({ kind: z.literal('number'), range: Range }),
    ]),
    holdMs: milliseconds,
  }),
  /** Standing. */
  z.strictObject({
    kind: z.literal('variable'),
    variable: VariableId,
    is: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('equal'), value: z.union([z.number(), z.boolean(), z.string().max(200)]) }),
      z.strictObject({ kind: z.literal('range'), minimum: z.number().nullable(), maximum: z.number().nullable() }),
    ]),
  }),
  z.strictObject({ kind: z.literal('answered'), question: Text, answer: Question, isWrongAccepted: z.boolean() }),
  z.strictObject({ kind: z.literal('checklist'), items: z.array(Choice).min(1).max(50) }),
  /** Standing. Whoever does the step wears all of it. */
  z.strictObject({ kind: z.literal('worn'), things: z.array(ThingId).min(1).max(20) }),
  z.strictObject({ kind: z.literal('dwell'), place: PlaceId, durationMs: milliseconds }),
  thing.extend({ kind: z.literal('gaze'), durationMs: milliseconds }),
  /** Since the step became active. */
  z.strictObject({ kind: z.literal('timeout'), afterMs: z.number().int().min(100).max(86_400_000) }),
  z.strictObject({ kind: z.literal('spoken'), command: LocalId, phrases: Text }),
  /** A number typed or dialled in; it becomes the variable's value. */
  z.strictObject({ kind: z.literal('number'), variable: VariableId, range: Range }),
  z.strictObject({ kind: z.literal('approved'), role: RoleId }),
  /** "Done", by button, nod or pedal. */
  z.strictObject({ kind: z.literal('confirmed') }),
  /** From a foreign format that has no like here: kept for the way back, never true. */
  Opaque,
]);
export type Leaf = z.infer<typeof Leaf>;

export type Condition =
  | Leaf
  | { kind: 'all' | 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'atLeast'; count: number; of: Condition[] };

const several = () => z.array(Condition).min(1).max(50);
export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    Leaf,
    z.strictObject({ kind: z.enum(['all', 'any']), of: several() }),
    z.strictObject({ kind: z.literal('not'), of: Condition }),
    z.strictObject({ kind: z.literal('atLeast'), count: z.number().int().min(1), of: several() }),
  ]),
);

/** A leaf with its way from the transition's list, and whether an odd number of `not` stands above it. */
export interface PlacedLeaf {
  readonly path: string;
  readonly leaf: Leaf;
  readonly isNegated: boolean;
}

export function leavesOf(condition: Condition, path: string, isNegated = false): PlacedLeaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
    case 'atLeast':
      return condition.of.flatMap((inner, index) => leavesOf(inner, `${path}.${index}`, isNegated));
    case 'not':
      return leavesOf(condition.of, `${path}.0`, !isNegated);
    default:
      return [{ path, leaf: condition, isNegated }];
  }
}
