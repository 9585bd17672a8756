import { z } from 'zod';
import { CidText, PartId } from '../ids.ts';
import { Pose } from '../spatial/pose.ts';
import {
  ControlId,
  FaultId,
  LocalId,
  MediaId,
  PlaceId,
  RoleId,
  SensorId,
  StationId,
  ThingId,
  ToolId,
  VariableId,
} from './ids.ts';
import { Unit } from './measure.ts';
import { Symmetry } from './symmetry.ts';
import { Text } from './text.ts';

/** A named frame of a thing: the seat of a bearing, the head of a screw. */
export const Frame = z.strictObject({ id: LocalId, poseInThing: Pose });
export type Frame = z.infer<typeof Frame>;

/** Something people take in hand or look at: a part of the design, a fastener, a machine, a piece of protective wear. */
export const Thing = z.strictObject({
  id: ThingId,
  name: Text,
  kind: z.enum(['part', 'fastener', 'equipment', 'protection']),
  /** The part in the design revision, or null for what the design does not hold. */
  part: PartId.nullable(),
  frames: z.array(Frame).max(50),
  /** About the thing's own origin; a condition may name another. */
  symmetry: Symmetry,
  /** Tools that may be used on it; empty: any tool that the step unlocks. */
  tools: z.array(ToolId).max(20),
  /** Nobody can take it: a foundation, a machine frame. */
  isFixed: z.boolean(),
  /** Where it lies when the run starts, or null where the design says. */
  poseInRoom: Pose.nullable(),
});
export type Thing = z.infer<typeof Thing>;

export const Place = z.strictObject({
  id: PlaceId,
  name: Text,
  poseInRoom: Pose,
  /** People within it are at the place. */
  radiusM: z.number().positive().max(100),
});
export type Place = z.infer<typeof Place>;

export const Tool = z.strictObject({
  id: ToolId,
  name: Text,
  part: PartId.nullable(),
  /** What it measures when it is used (a torque wrench: N.m), or null. */
  unit: Unit.nullable(),
});
export type Tool = z.infer<typeof Tool>;

/** A value that comes from the plant or from a simulated machine. */
export const Sensor = z.strictObject({
  id: SensorId,
  name: Text,
  unit: Unit,
  /** What it can show, in its unit. */
  minimum: z.number(),
  maximum: z.number(),
});
export type Sensor = z.infer<typeof Sensor>;

/** What people set: by named positions (button, switch, lever), or by a number (valve, joint). */
export const Control = z.strictObject({
  id: ControlId,
  name: Text,
  kind: z.enum(['button', 'switch', 'lever', 'valve', 'joint']),
  /** The thing it belongs to, when there is one to see. */
  thing: ThingId.nullable(),
  setting: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('positions'), positions: z.array(LocalId).min(1).max(50) }),
    z.strictObject({ kind: z.literal('number'), unit: Unit, minimum: z.number(), maximum: z.number() }),
  ]),
});
export type Control = z.infer<typeof Control>;

export const Role = z.strictObject({ id: RoleId, name: Text });
export type Role = z.infer<typeof Role>;
/** Where somebody works; `roles` may work there, empty: everybody. */
export const Station = z.strictObject({
  id: StationId,
  name: Text,
  place: PlaceId.nullable(),
  roles: z.array(RoleId).max(20),
});
export type Station = z.infer<typeof Station>;
export const Media = z.strictObject({
  id: MediaId,
  kind: z.enum(['picture', 'video', 'audio', 'motion', 'document']),
  /** Null while the file is missing; `check` tells. */
  cid: CidText.nullable(),
  /** Said instead of the picture or the sound. */
  description: Text,
});
export type Media = z.infer<typeof Media>;
export const Variable = z.strictObject({
  id: VariableId,
  initial: z.union([z.number(), z.boolean(), z.string().max(200)]),
  unit: Unit.nullable(),
});
export type Variable = z.infer<typeof Variable>;
/** Something an instructor can make go wrong, with the truth to be found. */
export const Fault = z.strictObject({
  id: FaultId,
  name: Text,
  kind: z.enum(['sensor_stuck', 'leak', 'wrong_part', 'power_loss', 'alarm', 'other']),
});

/** All that a procedure talks about. Steps refer to it by id. */
export const Workplace = z.strictObject({
  things: z.array(Thing).max(5000),
  places: z.array(Place).max(500),
  tools: z.array(Tool).max(500),
  sensors: z.array(Sensor).max(1000),
  controls: z.array(Control).max(1000),
  roles: z.array(Role).max(50),
  stations: z.array(Station).max(50),
  media: z.array(Media).max(2000),
  faults: z.array(Fault).max(200),
});
export type Workplace = z.infer<typeof Workplace>;

export const EMPTY_WORKPLACE: Workplace = {
  things: [],
  places: [],
  tools: [],
  sensors: [],
  controls: [],
  roles: [],
  stations: [],
  media: [],
  faults: [],
};
