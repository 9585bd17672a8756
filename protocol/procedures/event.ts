import { z } from 'zod';
import { UserId } from '../ids.ts';
import { Pose } from '../spatial/pose.ts';
import { ControlId, FaultId, LocalId, PlaceId, SensorId, StepId, ThingId, ToolId, VariableId } from './ids.ts';
import { Unit } from './measure.ts';

/** What a person did; `by` is a participant of the run. */
const act = z.strictObject({ by: UserId });
const withThing = act.extend({ thing: ThingId });
/** What an instructor or supervisor did: who may is decided before the event gets here. */
const command = act;

/**
 * The small facts that a run is made of: with the time of each, they are the whole run. Rooms put them into their
 * journal; the engine and the score read nothing else.
 */
export const RunEvent = z.discriminatedUnion('type', [
  withThing.extend({ type: z.literal('grabbed') }),
  withThing.extend({ type: z.literal('released') }),
  withThing.extend({ type: z.literal('touched') }),
  withThing.extend({ type: z.literal('used') }),
  /** Let go somewhere. Poses of the thing's origin, in the room (`in: null`) and in things that matter to it. */
  withThing.extend({
    type: z.literal('placed'),
    poses: z
      .array(z.strictObject({ in: ThingId.nullable(), pose: Pose }))
      .min(1)
      .max(20),
  }),
  /** Joined to what it belongs to, where the workplace itself can tell (a snap, a code scan, a switch in a fixture). */
  withThing.extend({ type: z.literal('mounted') }),
  withThing.extend({
    type: z.literal('toolUsed'),
    tool: ToolId,
    isOk: z.boolean(),
    result: z.strictObject({ value: z.number(), unit: Unit }).nullable(),
  }),
  act.extend({ type: z.literal('controlSet'), control: ControlId, to: z.union([LocalId, z.number()]) }),
  /** A value from the plant or a simulated machine: by nobody. */
  z.strictObject({ type: z.literal('value'), sensor: SensorId, value: z.number(), unit: Unit }),
  /** `path`: which question of the step, as `leavesOf` counts: transition, condition, and on. */
  act.extend({
    type: z.literal('answered'),
    step: StepId,
    path: z.string().max(100),
    answer: z.union([z.number(), z.array(LocalId).max(20)]),
  }),
  act.extend({ type: z.literal('checked'), step: StepId, item: LocalId, isChecked: z.boolean() }),
  act.extend({ type: z.literal('entered'), variable: VariableId, value: z.number() }),
  act.extend({ type: z.literal('confirmed') }),
  withThing.extend({ type: z.literal('putOn') }),
  withThing.extend({ type: z.literal('tookOff') }),
  /** Null: at nothing that matters. */
  act.extend({ type: z.literal('gazed'), thing: ThingId.nullable() }),
  /** All places the person is within now. */
  act.extend({ type: z.literal('moved'), places: z.array(PlaceId).max(50) }),
  act.extend({ type: z.literal('spoke'), command: LocalId }),
  act.extend({ type: z.literal('approved') }),
  act.extend({ type: z.literal('hintAsked'), step: StepId }),
  act.extend({ type: z.literal('skipped'), step: StepId }),
  /** Something is wrong, says the person; with a diagnosis, what. */
  act.extend({ type: z.literal('faultReported'), diagnosis: FaultId.nullable() }),
  command.extend({ type: z.literal('faultInjected'), fault: FaultId }),
  command.extend({ type: z.literal('faultCleared'), fault: FaultId }),
  command.extend({ type: z.literal('jumped'), to: StepId }),
  command.extend({ type: z.literal('stepReset'), step: StepId }),
  command.extend({ type: z.literal('paused') }),
  command.extend({ type: z.literal('resumed') }),
  /** Nothing but time passed. */
  z.strictObject({ type: z.literal('time') }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type RunEventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
