import type { Problem } from '../errors.ts';
import type { UserId } from '../ids.ts';
import type { ControlId, FaultId, SensorId, ThingId, ToolId } from '../procedures/ids.ts';
import type { Unit } from '../procedures/measure.ts';
import type { Text } from '../procedures/text.ts';
import type { Control, Workplace } from '../procedures/workplace.ts';
import type { Vec3 } from '../spatial/pose.ts';

/**
 * What a simulated machine is to everybody outside: a description and pure functions. The server steps it 20 times a
 * second; state is plain data with finite numbers, small enough for every snapshot, and the same on every machine.
 */
export const TICK_MS = 50;

export interface EquipmentModel {
  readonly about: EquipmentDescription;
  /** As it stands before anybody touched it. `seed` draws the noise of the instruments: 32-bit, any value. */
  start(seed: number): EquipmentState;
  /** Why this cannot be done now (a padlock holds it, a wrong position), or null. Ask before it goes into the journal. */
  refusalOf(state: EquipmentState, input: EquipmentInput): Problem | null;
  /** One tick of 50 ms. Inputs take effect in their order at its beginning; those that are refused change nothing. */
  step(state: EquipmentState, inputs: readonly EquipmentInput[]): Stepped;
  /** What the instruments show, in the sensor's unit; under a fault not what is true. */
  sensed(state: EquipmentState): Readonly<Record<string, number>>;
  /** What is true, for the instructor and the debrief: the same ids and units as `sensed`. */
  truth(state: EquipmentState): Readonly<Record<string, number>>;
  /**
   * All that can be seen, as whole numbers in the order of `about.shown`: everybody shows the same. `wire.ts` turns the
   * difference of two into a few bytes.
   */
  shown(state: EquipmentState): readonly number[];
}

export interface Stepped {
  readonly state: EquipmentState;
  readonly happened: readonly EquipmentEvent[];
}

/** Plain data. Read it through the model; only models write it. */
export interface EquipmentState {
  readonly v: 1;
  readonly equipment: string;
  /** Ticks since the start. */
  readonly tick: number;
  /** State of the noise generator, 32 bits, never 0. */
  readonly dice: number;
  /** Physical quantities in SI units and what the logic remembers, by name. */
  readonly is: Readonly<Record<string, number>>;
  /** As people have set them: a position, or a number in the control's unit. */
  readonly controls: Readonly<Record<string, string | number>>;
  readonly alarms: Readonly<Record<string, AlarmRecord>>;
  /** Injected faults and the tick since when. */
  readonly faults: Readonly<Record<string, number>>;
  /** Padlocks on hasps, in the order in which they were put on. */
  readonly locks: readonly Padlock[];
}

export interface Padlock {
  /** The hasp: a control with the positions `open` and `locked`. */
  readonly control: string;
  readonly by: UserId;
  readonly sinceTick: number;
}

/** What people and the instructor do to a machine. Acts of a run (`controlSet`) have the same shape there. */
export type EquipmentInput =
  | { readonly type: 'controlSet'; readonly by: UserId; readonly control: ControlId; readonly to: string | number }
  /** A tool on a thing turns it, or is held to it: a wrench by an angle, a tester with angle 0. */
  | {
      readonly type: 'turned';
      readonly by: UserId;
      readonly tool: ToolId;
      readonly thing: ThingId;
      readonly angleRad: number;
    }
  /** The tool comes off: what it measured is the result. */
  | { readonly type: 'lifted'; readonly by: UserId; readonly tool: ToolId; readonly thing: ThingId }
  | { readonly type: 'alarmAcknowledged'; readonly by: UserId; readonly alarm: string }
  | { readonly type: 'alarmShelved'; readonly by: UserId; readonly alarm: string; readonly forMs: number }
  | { readonly type: 'alarmUnshelved'; readonly by: UserId; readonly alarm: string }
  | { readonly type: 'faultInjected'; readonly fault: FaultId }
  | { readonly type: 'faultCleared'; readonly fault: FaultId };

/** What came of it, beside the state. */
export type EquipmentEvent =
  | { readonly kind: 'refused'; readonly input: EquipmentInput; readonly problem: Problem }
  /** A control came to stand there by itself: a button springs back, a breaker trips. */
  | { readonly kind: 'controlMoved'; readonly control: ControlId; readonly to: string | number }
  | { readonly kind: 'alarm'; readonly alarm: string; readonly phase: AlarmPhase }
  | { readonly kind: 'tripped'; readonly interlock: string }
  /** Heard and felt: the wrench at its setting. */
  | { readonly kind: 'clicked'; readonly by: UserId; readonly tool: ToolId; readonly thing: ThingId }
  /** To the run: `toolUsed` with this result. */
  | {
      readonly kind: 'measured';
      readonly by: UserId;
      readonly tool: ToolId;
      readonly thing: ThingId;
      readonly isOk: boolean;
      readonly value: number;
      readonly unit: Unit;
    }
  /** Somebody was there while energy was: what a real machine would have done. */
  | { readonly kind: 'harm'; readonly by: UserId; readonly hazard: string };

/** ANSI/ISA-18.2-2016, clause 10: the states an operator can see. The numbers are those of the wire. */
export const ALARM_PHASES = {
  normal: 0,
  unacknowledged: 1,
  acknowledged: 2,
  /** Returned to normal before anybody acknowledged it. */
  returned: 3,
  /** Hidden by an operator for a time. */
  shelved: 4,
} as const;
export type AlarmPhase = keyof typeof ALARM_PHASES;

export interface AlarmRecord {
  readonly phase: AlarmPhase;
  readonly sinceTick: number;
  /** Whether its condition holds now, on-delay and dead band included. */
  readonly isActive: boolean;
  /** Ticks for which the raw condition has differed from `isActive`. */
  readonly pendingTicks: number;
  readonly shelvedUntilTick: number | null;
}

export interface EquipmentDescription {
  readonly id: string;
  readonly title: Text;
  /** Rises when the same inputs no longer give the same states. */
  readonly version: number;
  /** Path of its 3D model below assets/, or null. */
  readonly model: string | null;
  readonly controls: readonly EquipmentControl[];
  readonly sensors: readonly EquipmentSensor[];
  readonly alarms: readonly EquipmentAlarm[];
  readonly interlocks: readonly Named[];
  readonly lockPoints: readonly LockPoint[];
  readonly protection: readonly Named[];
  readonly tools: readonly EquipmentTool[];
  readonly things: readonly EquipmentThing[];
  readonly faults: readonly EquipmentFault[];
  /** Controls of the machine in service, where that is not its rest; set in this order. */
  readonly inService?: readonly (readonly [control: string, to: string | number])[];
  /** The order of `EquipmentModel.shown` and its numbers' meaning. */
  readonly shown: readonly Shown[];
}

export interface Named {
  readonly id: string;
  readonly name: Text;
}

/** How a control moves: the client turns or shifts `node` about `axis` (in the node's own frame). */
export interface Joint {
  readonly kind: 'revolute' | 'prismatic';
  /** Name of the node in the 3D model; its rest pose is `from`. */
  readonly node: string;
  readonly axis: Vec3;
  /** Radians or metres at the first position or the minimum, and at the last position or the maximum. */
  readonly from: number;
  readonly to: number;
}

export interface EquipmentControl extends Omit<Control, 'thing'> {
  readonly joint: Joint;
  /** Where it stands at the start. */
  readonly rest: string | number;
  /** A button: springs back there after a fifth of a second. */
  readonly springsBackTo: string | null;
  /** Time for the whole way, ms: a hand wheel takes its turns. 0: at once. */
  readonly travelMs: number;
  /** The hasp that holds it, and the position that it holds it in. */
  readonly heldBy: { readonly hasp: string; readonly position: string | number } | null;
}

export interface EquipmentSensor {
  readonly id: SensorId;
  readonly name: Text;
  readonly unit: Unit;
  readonly minimum: number;
  readonly maximum: number;
  /** Smallest step that it shows, in its unit. */
  readonly quantum: number;
  /** The run is told again when the reading has changed by this much. */
  readonly reportBy: number;
  /** Node of the 3D model with a needle that turns over its range, or a lamp; null: on the panel only. */
  readonly node: string | null;
}

export interface EquipmentAlarm extends Named {
  readonly priority: 'low' | 'medium' | 'high';
  /** What the operator does about it (ISA-18.2: an alarm without an action is none). */
  readonly action: Text;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
}

/** A place where energy is cut off and locked. */
export interface LockPoint extends Named {
  readonly energy: 'electric' | 'pneumatic' | 'hydraulic' | 'potential' | 'thermal';
  /** The control that isolates, and the position in which it does. */
  readonly control: ControlId;
  readonly position: string | number;
  readonly hasp: ControlId;
}

export interface EquipmentTool {
  readonly id: ToolId;
  readonly name: Text;
  readonly unit: Unit | null;
}

export interface EquipmentThing {
  readonly id: ThingId;
  readonly name: Text;
  readonly node: string | null;
  /** A hazard to be recognised: what is wrong with it; null: nothing. */
  readonly hazard: Text | null;
}

type FaultOfProcedure = Workplace['faults'][number];

/** A fault with the truth: what is wrong, and what can be seen of it. */
export interface EquipmentFault extends FaultOfProcedure {
  readonly truth: Text;
  readonly signs: Text;
}

/** One visible number: `value = whole * quantum`, in the unit. Positions count from 0, alarms by `ALARM_PHASES`. */
export interface Shown {
  readonly id: string;
  readonly what: 'control' | 'sensor' | 'alarm' | 'motion' | 'lock' | 'lamp';
  readonly unit: Unit;
  readonly quantum: number;
  /** Node of the 3D model, where there is one to move. */
  readonly node: string | null;
}
