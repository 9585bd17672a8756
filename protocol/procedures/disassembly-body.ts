import { composePose, rotateVec3, type Pose, type Vec3 } from '../spatial/pose.ts';
import { lengthOf } from './arithmetic.ts';

/** A part where it sits in the finished product. */
export interface AssembledPart {
  readonly id: string;
  readonly poseInRoom: Pose;
  readonly shape: PartShape;
  /** Directions in the part's frame that it may leave along, besides those of the room and of its shape: a screw's axis. */
  readonly axes?: readonly Vec3[];
}

/** In the part's frame, metres. Triangles: nine numbers each. */
export type PartShape =
  | { readonly kind: 'box'; readonly min: Vec3; readonly max: Vec3 }
  | { readonly kind: 'triangles'; readonly positions: ArrayLike<number> };

/** Of all parts together, so many pairs of directions at the most: each costs a look at every pair of parts. */
const MAX_PAIRS = 16;
/** Two directions are the same within this, 1 - cos: half a degree. */
const SAME = 4e-5;
/** An axis of a shape has to stand out so clearly among its normals to be one. */
const CLEAR = 0.15;
const ROOM: readonly Vec3[] = [
  [0, 1, 0],
  [1, 0, 0],
  [0, 0, 1],
];

/**
 * All directions that are looked along, in pairs: each followed by its opposite. The room's first, then those that most
 * parts ask for.
 */
export function directionsOf(parts: readonly AssembledPart[]): Vec3[] {
  const axes: { axis: Vec3; count: number }[] = ROOM.map((axis) => ({ axis, count: Infinity }));
  for (const part of parts)
    for (const axis of axesOf(part)) {
      const known = axes.find((one) => Math.abs(dot(one.axis, axis)) > 1 - SAME);
      if (known) known.count += 1;
      else axes.push({ axis, count: 1 });
    }
  return axes
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MAX_PAIRS)
    .flatMap(({ axis }): Vec3[] => [axis, [-axis[0], -axis[1], -axis[2]]]);
}

/** A part in the room, looked at along directions by their number. */
export class Body {
  readonly id: string;
  /** Its number among all. */
  readonly at: number;
  /** Numbers of the directions that it tries: the room's and its own. */
  readonly directions: readonly number[];
  /** In the room, nine numbers per triangle. */
  readonly triangles: Float64Array;
  /** Volume of the box around it, m³. */
  readonly size: number;
  readonly #all: readonly Vec3[];
  readonly #extents: ([low: number, high: number] | undefined)[] = [];

  constructor(part: AssembledPart, at: number, directions: readonly Vec3[]) {
    this.id = part.id;
    this.at = at;
    this.#all = directions;
    this.triangles = trianglesInRoom(part);
    const own = axesOf(part);
    this.directions = [...directions.keys()].filter(
      (n) => n < 2 * ROOM.length || own.some((axis) => Math.abs(dot(axis, directions[n]!)) > 1 - SAME),
    );
    const spans = [2, 0, 4].map((direction) => this.extent(direction)).map(([low, high]) => high - low);
    this.size = spans.reduce((volume, span) => volume * Math.max(span, 1e-4), 1);
  }

  /** How far it reaches along a direction. */
  extent(direction: number): readonly [low: number, high: number] {
    return (this.#extents[direction] ??= this.extentAlong(this.#all[direction]!));
  }

  extentAlong([x, y, z]: Vec3): [low: number, high: number] {
    let [low, high] = [Infinity, -Infinity];
    const { triangles } = this;
    for (let i = 0; i < triangles.length; i += 3) {
      const along = triangles[i]! * x + triangles[i + 1]! * y + triangles[i + 2]! * z;
      if (along < low) low = along;
      if (along > high) high = along;
    }
    return [low, high];
  }
}

/** In the room, unit length: those that are given, and those that the shape says. */
function axesOf(part: AssembledPart): Vec3[] {
  const own = (part.axes ?? []).map((axis) => {
    const length = lengthOf(axis);
    return rotateVec3(part.poseInRoom.rotation, [axis[0] / length, axis[1] / length, axis[2] / length]);
  });
  return part.shape.kind === 'box' ? own : [...own, ...axesOfShape(part)];
}

/**
 * The axis of what was turned on a lathe, and the normals of a prism, sampled from the triangles: the directions in which
 * the surface looks least and most (eigenvectors of the sum of its normals' squares, each by its area).
 */
function axesOfShape(part: AssembledPart): Vec3[] {
  const triangles = trianglesInRoom(part);
  const sum = [0, 0, 0, 0, 0, 0]; // xx xy xz yy yz zz
  let area = 0;
  for (let i = 0; i + 8 < triangles.length; i += 9) {
    const [ux, uy, uz] = [3, 4, 5].map((k) => triangles[i + k]! - triangles[i + k - 3]!) as [number, number, number];
    const [vx, vy, vz] = [6, 7, 8].map((k) => triangles[i + k]! - triangles[i + k - 6]!) as [number, number, number];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const doubled = Math.hypot(nx, ny, nz);
    if (doubled === 0) continue;
    area += doubled;
    sum[0]! += (nx * nx) / doubled;
    sum[1]! += (nx * ny) / doubled;
    sum[2]! += (nx * nz) / doubled;
    sum[3]! += (ny * ny) / doubled;
    sum[4]! += (ny * nz) / doubled;
    sum[5]! += (nz * nz) / doubled;
  }
  if (area === 0) return [];
  const [xx, xy, xz, yy, yz, zz] = sum.map((value) => value / area) as [number, number, number, number, number, number];
  const found = eigenvectors([
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ]);
  // Where two are alike any direction between them is as good: that is no axis.
  return found
    .filter(({ value }, at) => found.every((other, k) => k === at || Math.abs(other.value - value) > CLEAR))
    .map(({ vector }) => vector);
}

/** Of a symmetric matrix, by Jacobi's turns. */
function eigenvectors(matrix: number[][]): { value: number; vector: Vec3 }[] {
  const a = matrix.map((row) => [...row]);
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 12; sweep++)
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (Math.abs(a[p]![q]!) < 1e-15) continue;
      const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
      const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
      const c = 1 / Math.hypot(t, 1);
      const s = t * c;
      for (let k = 0; k < 3; k++) {
        const [kp, kq] = [a[k]![p]!, a[k]![q]!];
        a[k]![p] = c * kp - s * kq;
        a[k]![q] = s * kp + c * kq;
      }
      for (let k = 0; k < 3; k++) {
        const [pk, qk] = [a[p]![k]!, a[q]![k]!];
        a[p]![k] = c * pk - s * qk;
        a[q]![k] = s * pk + c * qk;
        const [vp, vq] = [v[k]![p]!, v[k]![q]!];
        v[k]![p] = c * vp - s * vq;
        v[k]![q] = s * vp + c * vq;
      }
    }
  return [0, 1, 2].map((n) => ({ value: a[n]![n]!, vector: [v[0]![n]!, v[1]![n]!, v[2]![n]!] as Vec3 }));
}

function trianglesInRoom({ poseInRoom, shape }: AssembledPart): Float64Array {
  const local = shape.kind === 'box' ? boxTriangles(shape.min, shape.max) : shape.positions;
  const triangles = new Float64Array(local.length);
  for (let i = 0; i + 2 < local.length; i += 3) {
    const at = { position: [local[i]!, local[i + 1]!, local[i + 2]!] as Vec3, rotation: [0, 0, 0, 1] as const };
    triangles.set(composePose(poseInRoom, at as unknown as Pose).position, i);
  }
  return triangles;
}

function boxTriangles(min: Vec3, max: Vec3): number[] {
  const corner = (n: number): Vec3 => [n & 1 ? max[0] : min[0], n & 2 ? max[1] : min[1], n & 4 ? max[2] : min[2]];
  const quads = [
    [0, 1, 3, 2],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 3, 7, 6],
    [0, 2, 6, 4],
    [1, 3, 7, 5],
  ] as const;
  return quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d].flatMap((n) => corner(n)));
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
