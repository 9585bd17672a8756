import { ControlId, FaultId, SensorId, ThingId, ToolId } from '../procedures/ids.ts';
import type { Unit } from '../procedures/measure.ts';
import type { Vec3 } from '../spatial/pose.ts';
import type {
  EquipmentAlarm,
  EquipmentControl,
  EquipmentFault,
  EquipmentSensor,
  EquipmentThing,
  EquipmentTool,
  Joint,
  Shown,
} from './model.ts';

/** Short ways to write descriptions down; a node of the 3D model has the id of what it shows. */
export type Words = Readonly<Record<'en' | 'zh', string>>;
export const w = (en: string, zh: string): Words => ({ en, zh });

const TURN = 2 * Math.PI;
const UP: Vec3 = [0, 1, 0];
const FORWARD: Vec3 = [0, 0, 1];
const turning = (node: string, axis: Vec3, to: number): Joint => ({ kind: 'revolute', node, axis, from: 0, to });

/** A hand wheel on a spindle: opens by `turns`, 0 to 100 %, in its time. */
export const handWheel = (id: string, name: Words, travelMs: number, rest = 0, turns = 3): EquipmentControl => ({
  id: ControlId.parse(id),
  name,
  kind: 'valve',
  setting: { kind: 'number', unit: '%', minimum: 0, maximum: 100 },
  joint: turning(id, UP, -turns * TURN),
  rest,
  springsBackTo: null,
  travelMs,
  heldBy: null,
});

/** A quarter-turn lever, switch or handle with two or more detents. */
export function detents(
  id: string,
  name: Words,
  kind: 'switch' | 'lever',
  positions: readonly string[],
  more: { rest?: string; hasp?: readonly [hasp: string, position: string]; axis?: Vec3; to?: number } = {},
): EquipmentControl {
  return {
    id: ControlId.parse(id),
    name,
    kind,
    setting: { kind: 'positions', positions: [...positions] },
    joint: turning(id, more.axis ?? FORWARD, more.to ?? -TURN / 4),
    rest: more.rest ?? positions[0]!,
    springsBackTo: null,
    travelMs: 0,
    heldBy: more.hasp ? { hasp: more.hasp[0], position: more.hasp[1] } : null,
  };
}

const pressing = (node: string): Joint => ({ kind: 'prismatic', node, axis: FORWARD, from: 0, to: -0.005 });

/** Springs back. A run must not wait for "pressed", which stays in its memory, but for what the button brings about. */
export const pushButton = (id: string, name: Words): EquipmentControl => ({
  ...detents(id, name, 'switch', ['released', 'pressed']),
  kind: 'button',
  joint: pressing(id),
  springsBackTo: 'released',
});

/** Stays in until it is turned out (ISO 13850). */
export const emergencyStop = (id: string): EquipmentControl => ({
  ...detents(id, w('Emergency stop', '急停按钮'), 'switch', ['released', 'pressed']),
  kind: 'button',
  joint: pressing(id),
});

export const hasp = (id: string, name: Words): EquipmentControl => detents(id, name, 'switch', ['open', 'locked']);

export const sensor = (
  id: string,
  name: Words,
  unit: Unit,
  [minimum, maximum]: readonly [number, number],
  quantum: number,
  reportBy: number,
  node: string | null = null,
): EquipmentSensor => ({ id: SensorId.parse(id), name, unit, minimum, maximum, quantum, reportBy, node });

/** Yes or no, or how many: no noise and no lag. */
export const count = (id: string, name: Words, maximum = 1, node: string | null = null): EquipmentSensor =>
  sensor(id, name, '1', [0, maximum], 1, 1, node);

export const alarm = (
  id: string,
  priority: EquipmentAlarm['priority'],
  name: Words,
  action: Words,
  onDelayMs = 1000,
  offDelayMs = 2000,
): EquipmentAlarm => ({ id, name, priority, action, onDelayMs, offDelayMs });

export const fault = (
  id: string,
  kind: EquipmentFault['kind'],
  name: Words,
  truth: Words,
  signs: Words,
): EquipmentFault => ({ id: FaultId.parse(id), name, kind, truth, signs });

export const tool = (id: string, name: Words, unit: Unit | null): EquipmentTool => ({
  id: ToolId.parse(id),
  name,
  unit,
});

export const thing = (
  id: string,
  name: Words,
  hazard: Words | null = null,
  node: string | null = id,
): EquipmentThing => ({
  id: ThingId.parse(id),
  name,
  node,
  hazard,
});

export const motion = (id: string, unit: Unit, quantum: number, node: string | null = null): Shown => ({
  id,
  what: 'motion',
  unit,
  quantum,
  node,
});
export const lamp = (id: string): Shown => ({ id, what: 'lamp', unit: '1', quantum: 1, node: id });
