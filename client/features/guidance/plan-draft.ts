import type { Gate, JobPlan } from '#protocol/guidance/index';
import type { PlacedMarker } from '#protocol/alignment/index';
import { CAREFUL_PLACE } from '#protocol/alignment/marker-map';
import { TAG_COUNT } from '#protocol/alignment/tag36h11';
import { WorkhallError } from '#protocol/errors';
import type { Quat, Vec3 } from '#protocol/spatial/index';

/** A plan with nothing in it but its release. */
export const newPlan = (release: string): JobPlan => ({
  productType: '',
  title: '',
  release: release as JobPlan['release'],
  gates: [],
  kit: [],
  tools: [],
  values: [],
  onNewRelease: 'ask',
  design: null,
});

export const GATE_KINDS = ['scan', 'photo', 'skill', 'secondPerson', 'alignment'] as const;

/** A gate of this kind on the step, to be filled in. */
export function newGate(kind: Gate['kind'], id: string, step: string, thing: string): Gate {
  const base = { id, step } as Pick<Gate, 'id' | 'step'>;
  switch (kind) {
    case 'scan':
      return { ...base, kind, thing: thing as never };
    case 'photo':
      return { ...base, kind, text: {}, compareWith: null };
    case 'skill':
      return { ...base, kind, code: '', level: 3 };
    case 'secondPerson':
      return { ...base, kind, role: null };
    case 'alignment':
      return { ...base, kind, withinM: 0.005, atInProduct: null };
  }
}

/** An id that no gate of the plan has. */
export function freeId(gates: readonly Gate[]): string {
  for (let n = gates.length + 1; ; n++) if (!gates.some(({ id }) => id === `gate-${n}`)) return `gate-${n}`;
}

/** Which way a sheet looks, on the product: its z axis. Turned so that one reads it upright, or with its top to the back. */
const HALF = Math.SQRT1_2;
export const FACINGS = ['up', 'front', 'back', 'left', 'right'] as const;
export type Facing = (typeof FACINGS)[number];
const ROTATIONS: Record<Facing, Quat> = {
  up: [-HALF, 0, 0, HALF],
  front: [0, 0, 0, 1],
  back: [0, 1, 0, 0],
  left: [0, -HALF, 0, HALF],
  right: [0, HALF, 0, HALF],
};

/** Null: it stands askew, as a map from elsewhere may say. */
export const facingOf = ({ poseInProduct: { rotation } }: PlacedMarker): Facing | null =>
  FACINGS.find(
    (facing) => Math.abs(ROTATIONS[facing].reduce((sum, one, at) => sum + one * rotation[at]!, 0)) > 0.9999,
  ) ?? null;

export const turned = (marker: PlacedMarker, facing: Facing): PlacedMarker => ({
  ...marker,
  poseInProduct: { ...marker.poseInProduct, rotation: ROTATIONS[facing] },
});

/** The next tag that no map has, in the middle of the product, lying flat. Throws where no number is left. */
export function nextMarker({ markers: maps = [] }: JobPlan, firstTag = 0): PlacedMarker {
  const known = new Set(maps.flatMap(({ markers }) => markers.map(({ code }) => code as string)));
  let number = firstTag;
  while (known.has(`36h11/${number}`)) number += 1;
  if (number >= TAG_COUNT)
    throw new WorkhallError('guidance', 'no_tag_left', `There is no tag after ${TAG_COUNT - 1}.`, {
      facts: { last: TAG_COUNT - 1 },
      next: 'Remove a marker that is not needed, or give this station’s sheets lower numbers by hand.',
    });
  return {
    code: `36h11/${number}`,
    sizeM: 0.12,
    poseInProduct: { position: [0, 0, 0], rotation: ROTATIONS.up },
    sigma: CAREFUL_PLACE,
  };
}

/** The plan with this map of a station; an empty one is no map. */
export function withMarkers(plan: JobPlan, station: string, markers: readonly PlacedMarker[]): JobPlan {
  const others = (plan.markers ?? []).filter((map) => map.station !== station);
  const maps = markers.length === 0 ? others : [...others, { version: 1 as const, station, markers: [...markers] }];
  const { markers: _, ...rest } = plan;
  return maps.length === 0 ? rest : { ...rest, markers: maps };
}

/**
 * How a sheet lies on a face that looks along `normal` (unit length, in the product): z out of the face, its top up, or to the
 * back where the face is level.
 */
export function lyingOn(normal: Vec3): Quat {
  const isLevel = Math.abs(normal[1]) > 0.98;
  const top: Vec3 = isLevel ? [0, 0, -Math.sign(normal[1])] : [0, 1, 0];
  const x = unit(cross(top, normal));
  const y = cross(normal, x);
  // Columns x, y, z of a rotation to its quaternion, by its largest part (Shepperd 1978).
  const [m00, m11, m22] = [x[0], y[1], normal[2]];
  const squares = [m00 - m11 - m22, m11 - m00 - m22, m22 - m00 - m11, m00 + m11 + m22];
  const largest = squares.indexOf(Math.max(...squares));
  const four = 2 * Math.sqrt(1 + squares[largest]!);
  const [yz, zx, xy] = [y[2] + normal[1], normal[0] + x[2], x[1] + y[0]].map((sum) => sum / four) as [
    number,
    number,
    number,
  ];
  const [wx, wy, wz] = [y[2] - normal[1], normal[0] - x[2], x[1] - y[0]].map((sum) => sum / four) as [
    number,
    number,
    number,
  ];
  const self = four / 4;
  switch (largest) {
    case 0:
      return [self, xy, zx, wx];
    case 1:
      return [xy, self, yz, wy];
    case 2:
      return [zx, yz, self, wz];
    default:
      return [wx, wy, wz, self];
  }
}

const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
function unit(a: Vec3): Vec3 {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}
