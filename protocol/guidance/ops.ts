import { z } from 'zod';
import { CidText, UserId } from '../ids.ts';
import { RunEvent } from '../procedures/event.ts';
import { RoleId, StationId, StepId, ThingId, ToolId, VariableId } from '../procedures/ids.ts';
import { MAX_PARTS, PART_BYTES } from '../procedures/loaded.ts';
import { Unit } from '../procedures/measure.ts';
import { Pose } from '../spatial/pose.ts';
import { HALL_HELP_OPS, HELP_OPS } from './help-ops.ts';
import { JobPlan, Label, PartCode } from './plan.ts';
import { Reason } from './reason.ts';

const GateId = z.string().max(40);
/** Milliseconds since 1970. */
const atMs = z.number().int().nonnegative();

export const CrewMember = z.strictObject({
  id: UserId,
  name: z.string().min(1).max(80),
  roles: z.array(RoleId).max(20),
  station: StationId.nullable(),
});
export type CrewMember = z.infer<typeof CrewMember>;

/** A device, by a name of its own that says nothing about it. */
export const DeviceMark = z.string().regex(/^[A-Za-z0-9_-]{8,40}$/, 'a device has 8-40 letters, digits, _ or -');

/** Acts of the engine that a job does not take: they come by ops of their own, from the hall, or not at all. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'time',
  'value',
  'entered',
  'jumped',
  'stepReset',
  'paused',
  'resumed',
  'faultInjected',
  'faultCleared',
  'faultReported',
]);
export const JobAct = RunEvent.refine(({ type }) => !ELSEWHERE.has(type), 'not an act in a job');

/** What a tool at a station says of one tightening. `key` is the tool's own count: the same key is the same tightening. */
export const ToolResult = z.strictObject({
  key: z.string().min(1).max(120),
  device: Label,
  value: z.number(),
  unit: Unit,
  angleRad: z.number().nullable(),
  /** By the controller's own limits. */
  isOk: z.boolean(),
  /** By the tool's clock, set right by the hall. */
  atMs,
  serial: Label.nullable(),
  /** Until when the tool is calibrated; null: nobody told. */
  calibratedUntilMs: atMs.nullable(),
  programme: z.string().max(60).nullable(),
});
export type ToolResult = z.infer<typeof ToolResult>;

export const Instrument = z.strictObject({ device: Label, calibratedUntilMs: atMs.nullable() });

export const ShownSkill = z.strictObject({
  code: z.string().min(1).max(60),
  level: z.number().int().min(1).max(4),
  /** Null: does not expire. */
  validUntilMs: atMs.nullable(),
  certificate: z.string().max(200),
});
export type ShownSkill = z.infer<typeof ShownSkill>;

export const DISPOSITIONS = ['rework', 'concession', 'scrap'] as const;
export const Disposition = z.enum(DISPOSITIONS);
export type Disposition = z.infer<typeof Disposition>;

/**
 * Every op of a guidance room, by type: its payload. One room is one job. Those marked (hall) are taken from the hall
 * itself and from nobody else. Reducer: `reducer.ts`; rights: `model.ts`.
 */
export const GUIDANCE_OPS = {
  /** (hall) A part of a released procedure's block. */
  'job.load': z.strictObject({
    procedure: CidText,
    part: z.number().int().min(0),
    parts: z.number().int().min(1).max(MAX_PARTS),
    bytes: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= PART_BYTES, 'too large a part'),
  }),
  'job.open': z.strictObject({
    order: Label,
    serial: Label,
    station: Label,
    procedure: CidText,
    /** Of the procedure: 1 for the first. */
    revision: z.number().int().min(1),
    plan: JobPlan,
    crew: z.array(CrewMember).min(1).max(20),
  }),
  /** Work starts: before that the job waits. */
  'job.begin': z.strictObject({}),
  'job.join': z.strictObject({ person: CrewMember }),
  'job.act': z.strictObject({ act: JobAct }),
  'job.pause': z.strictObject({ reason: Reason }),
  /** A pause by the supervisor, that only a supervisor ends. */
  'job.hold': z.strictObject({ reason: Reason }),
  'job.resume': z.strictObject({}),
  /** (hall) Time has come for something. */
  'job.time': z.strictObject({}),
  /** (hall) */
  'tool.result': z.strictObject({ result: ToolResult }),
  /** (hall) What a property of the plant is. */
  'value.observe': z.strictObject({
    values: z
      .array(z.strictObject({ sensor: z.string().max(64), value: z.number(), unit: Unit }))
      .min(1)
      .max(50),
  }),
  'value.measure': z.strictObject({ variable: VariableId, value: z.number(), instrument: Instrument.nullable() }),
  /** The code of a part was read for this place. */
  'part.scan': z.strictObject({ thing: ThingId, code: PartCode }),
  'photo.add': z.strictObject({ gate: GateId, cid: CidText, kind: z.enum(['picture', 'clip']) }),
  'check.second': z.strictObject({ gate: GateId, isOk: z.boolean(), note: z.string().max(1000) }),
  /** (hall) From certificates that were verified. */
  'skill.show': z.strictObject({ person: UserId, skills: z.array(ShownSkill).max(200) }),
  'align.set': z.strictObject({
    productInRoom: Pose,
    /** 95 of 100 points of the overlay lie nearer than this, metres. */
    expectedErrorM: z.number().positive().max(10),
    /**
     * Of turn and shift about the product's origin, in the frame of the room (6 x 6, row-major): with it the error is known at each
     * place by itself. Without, `expectedErrorM` is taken everywhere.
     */
    poseCovariance: z.array(z.number()).length(36).optional(),
    /** What eye and display add: no place is known better than this. */
    leastM: z.number().nonnegative().max(1).optional(),
    how: z.enum(['markers', 'touch', 'hitTest', 'manual']),
    markers: z.array(z.string().max(60)).max(50),
  }),
  'deviation.raise': z.strictObject({ step: StepId.nullable(), text: Reason }),
  'deviation.dispose': z.strictObject({
    deviation: z.string().max(20),
    disposition: Disposition,
    reason: Reason,
    /** With a concession: the step ends without the check that failed. */
    releasesStep: z.boolean(),
  }),
  /** A step that is blocked: by a skill, or by a check that cannot be had. */
  'step.release': z.strictObject({ step: StepId, what: z.enum(['skill', 'step']), reason: Reason }),
  /** (hall) A supervisor's key on a device that goes where there is no network. */
  'key.show': z.strictObject({ person: UserId, did: z.string().regex(/^did:key:z[1-9A-HJ-NP-Za-km-z]{40,60}$/) }),
  /** The same release, made without the hall: signed by such a key, and put into the journal by the crew. */
  'step.releaseBy': z.strictObject({
    slip: z.strictObject({
      step: StepId,
      /** Number of the visit that it is for. */
      visit: z.number().int().nonnegative(),
      what: z.enum(['skill', 'step']),
      reason: Reason,
      by: UserId,
    }),
    signature: z.instanceof(Uint8Array).refine(({ length }) => length === 64, 'an Ed25519 signature has 64 bytes'),
  }),
  /** What a tool showed whose line was down; see `ToolBinding.typedOffline`. */
  'tool.typed': z.strictObject({ tool: ToolId, value: z.number(), unit: Unit }),
  /** (hall) A device takes the job along to where there is no network: its instruction stays as it is until that is back. */
  'job.takeAlong': z.strictObject({
    person: UserId,
    name: z.string().min(1).max(80),
    device: DeviceMark,
    untilMs: atMs,
  }),
  /** (hall) That device has let it go. */
  'job.letGo': z.strictObject({ device: DeviceMark }),
  /** By that device: all that was done on it is here, and it is back for as long as this window is in the room. */
  'job.inSync': z.strictObject({ device: DeviceMark, session: z.string().min(1).max(64) }),
  /** (hall) It is out of hearing again. */
  'job.away': z.strictObject({ device: DeviceMark }),
  /** (hall) The job goes on under another release, where that is safe; with the plan that names it. */
  'job.migrate': z.strictObject({
    release: CidText,
    procedure: CidText,
    revision: z.number().int().min(1),
    plan: JobPlan.optional(),
  }),
  /** A supervisor decides whether this job takes a newer release. */
  'job.revise': z.strictObject({ release: CidText, decision: z.enum(['migrate', 'stay']), reason: Reason }),
  'job.signOff': z.strictObject({ statement: Reason }),
  /** Somebody far away helps. */
  ...HELP_OPS,
} as const;

export type GuidanceOpType = keyof typeof GUIDANCE_OPS;
export type GuidancePayload<T extends GuidanceOpType> = z.infer<(typeof GUIDANCE_OPS)[T]>;
export const GUIDANCE_OP_TYPES = Object.keys(GUIDANCE_OPS) as GuidanceOpType[];
export const HALL_JOB_OPS: ReadonlySet<GuidanceOpType> = new Set([
  'job.load',
  'job.time',
  'tool.result',
  'value.observe',
  'skill.show',
  'key.show',
  'job.takeAlong',
  'job.letGo',
  'job.away',
  'job.migrate',
  ...HALL_HELP_OPS,
]);
