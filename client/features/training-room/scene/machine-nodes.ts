import type { EquipmentModel } from '#protocol/equipment/index';
import type { Vec3 } from '#protocol/spatial/index';
import type { MachinePicture } from '../model/machine-feed.ts';

/** How what is shown moves a node: `extras.workhall.moves` of the GLB (assets/equipment/station.ts). */
export interface Moves {
  readonly kind: 'spin' | 'slide' | 'scale' | 'dial';
  readonly axis: Vec3;
  readonly per: number;
}
/** What stands for a node in the machine. */
export interface NodeRole {
  readonly control: string | null;
  readonly thing: string | null;
  readonly sensor: string | null;
}
/** A node away from its rest pose, in its own frame. */
export type Motion =
  | { readonly kind: 'turn'; readonly axis: Vec3; readonly angleRad: number }
  | { readonly kind: 'shift'; readonly axis: Vec3; readonly metres: number }
  | { readonly kind: 'scale'; readonly by: Vec3 }
  /** Turns a second; the angle is the client's own. */
  | { readonly kind: 'spin'; readonly axis: Vec3; readonly hz: number }
  | { readonly kind: 'show'; readonly isShown: boolean }
  | { readonly kind: 'light'; readonly isLit: boolean };

const JSON_CHUNK = 0x4e4f534a;

/** `moves` by node name from a GLB's JSON chunk (glTF 2.0, 4.4). */
export function movesIn(glb: Uint8Array): ReadonlyMap<string, Moves> {
  const view = new DataView(glb.buffer, glb.byteOffset, glb.byteLength);
  if (glb.byteLength < 20 || view.getUint32(16, true) !== JSON_CHUNK) return new Map();
  const text = new TextDecoder().decode(glb.subarray(20, 20 + view.getUint32(12, true)));
  const { nodes = [] } = JSON.parse(text) as {
    nodes?: { name?: string; extras?: { workhall?: { moves?: Moves } } }[];
  };
  return new Map(
    nodes.flatMap(({ name, extras }) => (name && extras?.workhall?.moves ? [[name, extras.workhall.moves]] : [])),
  );
}

/** What nodes are for, by their name. */
export function rolesOf({ about }: EquipmentModel): ReadonlyMap<string, NodeRole> {
  const roles = new Map<string, NodeRole>();
  const add = (node: string | null, role: Partial<NodeRole>) => {
    if (node) roles.set(node, { control: null, thing: null, sensor: null, ...roles.get(node), ...role });
  };
  for (const { id, joint } of about.controls) add(joint.node, { control: id });
  for (const { id, node } of about.things) add(node, { thing: id });
  for (const { id, node } of about.sensors) add(node, { sensor: id });
  return roles;
}

/** Every node that a picture moves, and how. */
export function motionsOf(
  { about }: EquipmentModel,
  picture: MachinePicture,
  moves: ReadonlyMap<string, Moves>,
): Map<string, Motion> {
  const motions = new Map<string, Motion>();
  for (const { id, joint, setting } of about.controls) {
    const stands = picture.control(id);
    const fraction =
      setting.kind === 'number'
        ? (Number(stands ?? setting.minimum) - setting.minimum) / (setting.maximum - setting.minimum)
        : setting.positions.length > 1
          ? Math.max(0, setting.positions.indexOf(String(stands) as never)) / (setting.positions.length - 1)
          : 0;
    // The rest pose of the node is `from`.
    const by = (joint.to - joint.from) * fraction;
    motions.set(
      joint.node,
      joint.kind === 'revolute'
        ? { kind: 'turn', axis: joint.axis, angleRad: by }
        : { kind: 'shift', axis: joint.axis, metres: by },
    );
  }
  for (const { id, what, node } of about.shown) {
    if (node === null) continue;
    const value = picture.value(id) ?? 0;
    if (what === 'lamp') motions.set(node, { kind: 'light', isLit: value > 0 });
    else if (what === 'lock') motions.set(node, { kind: 'show', isShown: value > 0 });
    const how = moves.get(node);
    if (how && what !== 'control' && what !== 'lock') motions.set(node, moved(about, id, value, how));
  }
  return motions;
}

function moved(about: EquipmentModel['about'], id: string, value: number, { kind, axis, per }: Moves): Motion {
  switch (kind) {
    case 'dial': {
      const sensor = about.sensors.find((one) => one.id === id);
      const [low, high] = sensor ? [sensor.minimum, sensor.maximum] : [0, 1];
      const fraction = Math.max(-0.04, Math.min(1.04, (value - low) / (high - low)));
      return { kind: 'turn', axis, angleRad: fraction * per };
    }
    case 'slide':
      return { kind: 'shift', axis, metres: value * per };
    case 'scale': {
      // Nothing there is not nothing at all: a matrix must have an inverse.
      const by = Math.max(1e-4, value * per);
      return { kind: 'scale', by: axis.map((k) => (k === 0 ? 1 : by)) as unknown as Vec3 };
    }
    case 'spin':
      return { kind: 'spin', axis, hz: value * per };
  }
}
