import { z } from 'zod';
import { CidText, OpId, UserId } from '../ids.ts';
import { Mode } from '../procedures/behaviour.ts';
import { RunEvent } from '../procedures/event.ts';
import { MAX_PARTS, PART_BYTES } from '../procedures/loaded.ts';
import { ControlId, LocalId, RoleId, StationId, ThingId, ToolId } from '../procedures/ids.ts';
import { RunId } from './ids.ts';

export const MAX_PARTICIPANTS = 20;
/** Sealed facts of one stretch of time. */
const MAX_FACTS = 100;

const Hex = z.string().regex(/^[0-9a-f]{64}$/, '32 bytes as hex');

export const RunParticipant = z.strictObject({
  id: UserId,
  name: z.string().min(1).max(80),
  roles: z.array(RoleId).max(20),
  station: StationId.nullable(),
});
export type RunParticipant = z.infer<typeof RunParticipant>;

const COMMANDS = ['jumped', 'stepReset', 'paused', 'resumed'] as const;
const SEALED = ['faultInjected', 'faultCleared'] as const;
/** What the hall sees: of machines by nobody, or by who set the control or held the tool; a thing that nobody holds any more. */
const OBSERVED = ['value', 'toolUsed', 'controlSet', 'released'] as const;
type TypeOf = RunEvent['type'];
type EventOf<T extends TypeOf> = Extract<RunEvent, { type: T }>;
type Act = Exclude<RunEvent, { type: 'time' | 'value' | (typeof COMMANDS)[number] | (typeof SEALED)[number] }>;

const isOneOf = <T extends TypeOf>(types: readonly T[], event: RunEvent): event is EventOf<T> =>
  (types as readonly TypeOf[]).includes(event.type);

/** What a person does in a run. */
export const RunAct = RunEvent.refine(
  (event): event is Act => !isOneOf(['time', 'value', ...COMMANDS, ...SEALED], event),
  'not an act of a participant',
);
export const RunCommand = RunEvent.refine(
  (event): event is EventOf<(typeof COMMANDS)[number]> => isOneOf(COMMANDS, event),
  'not a command',
);
export const SealedEvent = RunEvent.refine(
  (event): event is EventOf<(typeof SEALED)[number]> => isOneOf(SEALED, event),
  'nothing to be sealed',
);
const Observation = RunEvent.refine(
  (event): event is EventOf<(typeof OBSERVED)[number]> => isOneOf(OBSERVED, event),
  'not an observation',
);

const MachineName = z.string().min(1).max(64);
/** What people do to the simulated machine of their run; `by` is the op's author. */
export const MachineInput = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('controlSet'), control: ControlId, to: z.union([LocalId, z.number()]) }),
  z.strictObject({ type: z.literal('turned'), tool: ToolId, thing: ThingId, angleRad: z.number().min(-100).max(100) }),
  z.strictObject({ type: z.literal('lifted'), tool: ToolId, thing: ThingId }),
  z.strictObject({ type: z.literal('alarmAcknowledged'), alarm: MachineName }),
  z.strictObject({ type: z.literal('alarmShelved'), alarm: MachineName, forMs: z.number().int().min(1) }),
  z.strictObject({ type: z.literal('alarmUnshelved'), alarm: MachineName }),
]);
export type MachineInput = z.infer<typeof MachineInput>;

/** Something that happened and that the trainees do not know yet. */
export const SealedFact = z.strictObject({ event: SealedEvent, atMs: z.number().int() });
export type SealedFact = z.infer<typeof SealedFact>;
/** What a seal stands for: the facts of one stretch of time, none of them often enough. */
export const OpenedSeal = z.strictObject({ salt: Hex, facts: z.array(SealedFact).max(MAX_FACTS) });
export type OpenedSeal = z.infer<typeof OpenedSeal>;
/** With it anybody runs the machine again, and finds at each mark the state that was committed to. */
export const OpenedMachine = z.strictObject({
  salt: Hex,
  faults: z.array(z.strictObject({ tick: z.number().int().min(0), event: SealedEvent })).max(500),
});
export type OpenedMachine = z.infer<typeof OpenedMachine>;

/**
 * Every op of a training room, by type: its payload. The reducer case stands in `reducer.ts`, the right to send it
 * follows from `model.ts`. Those marked (hall) are taken from the hall itself and from nobody else.
 */
export const TRAINING_OPS = {
  /** (hall) A part of a released procedure's dag-cbor block; the last part opens it, if it is what the CID names. */
  'training.load': z.strictObject({
    procedure: CidText,
    part: z.number().int().min(0),
    parts: z.number().int().min(1).max(MAX_PARTS),
    bytes: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= PART_BYTES, 'too large a part'),
  }),
  /** Everything stands still, for all: to explain something, or because something is wrong. */
  'training.freeze': z.strictObject({ isFrozen: z.boolean() }),
  /**
   * Everybody in the room is shown a run as it was after so many of its facts; null: as it is. Only of a run that stands
   * still because the room does, or is over.
   */
  'training.rewind': z.strictObject({ run: RunId, event: z.number().int().min(0).nullable() }),
  /**
   * The training here is over: no run starts any more, and what was done stays to be looked back at. Only when no run goes
   * on. It is opened again in the same way.
   */
  'training.close': z.strictObject({ isClosed: z.boolean() }),
  'run.start': z.strictObject({
    run: RunId,
    procedure: CidText,
    mode: Mode,
    /** Draws random branches. */
    seed: z.number().int().min(0).max(0xffff_ffff),
    participants: z.array(RunParticipant).min(1).max(MAX_PARTICIPANTS),
  }),
  'run.act': z.strictObject({ run: RunId, act: RunAct }),
  'run.command': z.strictObject({ run: RunId, command: RunCommand }),
  /** Gives up, or is stopped by the instructor: the run is over and not passed. */
  'run.end': z.strictObject({ run: RunId }),
  /** (hall) What machines say, and what fell out of the hand of somebody who left. */
  'run.observe': z.strictObject({ run: RunId, events: z.array(Observation).min(1).max(50) }),
  /** (hall) Time has come for something. */
  'run.time': z.strictObject({ run: RunId }),
  /**
   * (hall) Sent at even intervals whether or not anything was done in secret, so that it tells nothing: sha-256 over
   * what happened since the last one, with salt. See `seal.ts`.
   */
  'run.seal': z.strictObject({ run: RunId, slot: z.number().int().min(0), commitment: Hex }),
  /** (hall) After the end: what all seals stood for. */
  'run.reveal': z.strictObject({ run: RunId, seals: z.array(OpenedSeal).max(5000), machine: OpenedMachine.nullable() }),
  /** To the machine; what comes of it the hall says by `run.observe`. */
  'machine.input': z.strictObject({ run: RunId, input: MachineInput }),
  /** (hall) At which ticks inputs took effect, and a hash over the machine's state, with salt. */
  'machine.mark': z.strictObject({
    run: RunId,
    tick: z.number().int().min(0),
    commitment: Hex,
    inputs: z.array(z.strictObject({ op: OpId, tick: z.number().int().min(0) })).max(1000),
  }),
  /** Whether my motion may be recorded in this room, from now on. */
  'consent.give': z.strictObject({ motion: z.boolean() }),
} as const;

export type TrainingOpType = keyof typeof TRAINING_OPS;
export type TrainingPayload<T extends TrainingOpType> = z.infer<(typeof TRAINING_OPS)[T]>;
export const TRAINING_OP_TYPES = Object.keys(TRAINING_OPS) as TrainingOpType[];
export const HALL_OPS: ReadonlySet<TrainingOpType> = new Set([
  'training.load',
  'run.observe',
  'run.time',
  'run.seal',
  'run.reveal',
  'machine.mark',
]);
