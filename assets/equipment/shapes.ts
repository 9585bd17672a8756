/** Surfaces for drawn machines, metres. Small on purpose: what turns, what is boxed, what is bent from pipe. */
import type { Vec3 } from '#protocol/spatial/index';

export interface Shape {
  readonly positions: number[];
  readonly normals: number[];
  readonly indices: number[];
}
export type Point = readonly [x: number, y: number];

/** Smooth across an edge when its faces differ by less than this. */
const CREASE_COS = Math.cos((38 * Math.PI) / 180);

export const merged = (...shapes: readonly Shape[]): Shape => {
  const all: Shape = { positions: [], normals: [], indices: [] };
  for (const { positions, normals, indices } of shapes) {
    const base = all.positions.length / 3;
    for (const value of positions) all.positions.push(value);
    for (const value of normals) all.normals.push(value);
    for (const index of indices) all.indices.push(base + index);
  }
  return all;
};

/** A profile [radius, height] turned about Y; going up, material lies on the axis' side. */
export function turned(points: readonly Point[], segments = 28): Shape {
  const profile = points.filter(
    ([r, y], at) => at === 0 || Math.hypot(r - points[at - 1]![0], y - points[at - 1]![1]) > 1e-6,
  );
  const edges = profile.slice(1).map(([r, y], at): Point => {
    const [r0, y0] = profile[at]!;
    const length = Math.hypot(r - r0, y - y0) || 1;
    return [(y - y0) / length, -(r - r0) / length];
  });
  const normalAt = (edge: number, end: 0 | 1): Point => {
    const own = edges[edge]!;
    const other = edges[edge + (end === 0 ? -1 : 1)];
    if (!other || own[0] * other[0] + own[1] * other[1] < CREASE_COS) return own;
    const length = Math.hypot(own[0] + other[0], own[1] + other[1]);
    return [(own[0] + other[0]) / length, (own[1] + other[1]) / length];
  };
  const shape: Shape = { positions: [], normals: [], indices: [] };
  edges.forEach((_, edge) => {
    const base = shape.positions.length / 3;
    for (const end of [0, 1] as const) {
      const [r, y] = profile[edge + end]!;
      const [nr, ny] = normalAt(edge, end);
      for (let k = 0; k <= segments; k++) {
        const [c, s] = [Math.cos((2 * Math.PI * k) / segments), Math.sin((2 * Math.PI * k) / segments)];
        shape.positions.push(r * c, y, r * s);
        shape.normals.push(nr * c, ny, nr * s);
      }
    }
    for (let k = 0; k < segments; k++) {
      const [a, b] = [base + k, base + segments + 1 + k];
      shape.indices.push(a, b, a + 1, a + 1, b, b + 1);
    }
  });
  return shape;
}

/** Standing on y = 0, with a chamfer at both ends. */
export function cylinder(
  radius: number,
  height: number,
  segments = 28,
  chamfer = Math.min(radius, height) * 0.08,
): Shape {
  return turned(
    [
      [0, 0],
      [radius - chamfer, 0],
      [radius, chamfer],
      [radius, height - chamfer],
      [radius - chamfer, height],
      [0, height],
    ],
    segments,
  );
}

export const hollow = (outer: number, inner: number, height: number, segments = 28): Shape =>
  turned(
    [
      [inner, 0],
      [outer, 0],
      [outer, height],
      [inner, height],
      [inner, 0],
    ],
    segments,
  );

export const ring = (radius: number, wire: number, segments = 36): Shape =>
  turned(
    Array.from({ length: 13 }, (_, k): Point => {
      const angle = -Math.PI / 2 + (2 * Math.PI * k) / 12;
      return [radius + wire * Math.cos(angle), wire * Math.sin(angle)];
    }),
    segments,
  );

export const ball = (radius: number, segments = 20): Shape =>
  turned(
    Array.from({ length: 11 }, (_, k): Point => {
      const angle = -Math.PI / 2 + (Math.PI * k) / 10;
      return [Math.max(0, radius * Math.cos(angle)), radius * Math.sin(angle)];
    }),
    segments,
  );

/** Centred, edges broken by `chamfer`. */
export function box(x: number, y: number, z: number, chamfer = Math.min(x, y, z) * 0.06): Shape {
  const half = [x / 2, y / 2, z / 2];
  const shape: Shape = { positions: [], normals: [], indices: [] };
  const corner = (signs: readonly number[], on: number): Vec3 =>
    [0, 1, 2].map((k) => signs[k]! * (half[k]! - (k === on ? 0 : chamfer))) as unknown as Vec3;
  const face = (points: readonly Vec3[], outwards: readonly number[]) => {
    const length = Math.hypot(...outwards);
    const [a, b, c] = [points[0]!, points[1]!, points[2]!];
    const u = [0, 1, 2].map((k) => b[k]! - a[k]!);
    const v = [0, 1, 2].map((k) => c[k]! - a[k]!);
    const turn = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
    const isOut = turn[0]! * outwards[0]! + turn[1]! * outwards[1]! + turn[2]! * outwards[2]! > 0;
    const base = shape.positions.length / 3;
    for (const point of points) {
      shape.positions.push(...point);
      shape.normals.push(...outwards.map((k) => k / length));
    }
    for (let k = 2; k < points.length; k++)
      shape.indices.push(base, ...(isOut ? [base + k - 1, base + k] : [base + k, base + k - 1]));
  };
  const around = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  for (let on = 0; on < 3; on++)
    for (const side of [-1, 1]) {
      const [u, v] = [(on + 1) % 3, (on + 2) % 3];
      const signsOf = (p: number, q: number) => {
        const signs = [0, 0, 0];
        [signs[on], signs[u], signs[v]] = [side, p, q];
        return signs;
      };
      const outwards = [0, 0, 0];
      outwards[on] = side;
      face(
        around.map(([p, q]) => corner(signsOf(p, q), on)),
        outwards,
      );
      // The edges of this face that no face before has broken.
      for (const [next, sign] of [
        [u, -1],
        [u, 1],
      ] as const) {
        const along = 3 - on - next;
        const ends = [-1, 1].map((end) => {
          const signs = [0, 0, 0];
          [signs[on], signs[next], signs[along]] = [side, sign, end];
          return signs;
        });
        const slant = [0, 0, 0];
        [slant[on], slant[next]] = [side, sign];
        face([corner(ends[0]!, on), corner(ends[0]!, next), corner(ends[1]!, next), corner(ends[1]!, on)], slant);
      }
    }
  for (const a of [-1, 1])
    for (const b of [-1, 1])
      for (const c of [-1, 1]) {
        const signs = [a, b, c];
        face([corner(signs, 0), corner(signs, 1), corner(signs, 2)], signs);
      }
  return shape;
}

/** Pipe along a polyline, its corners bent with `bend` as radius; open ends. */
export function pipe(path: readonly Vec3[], radius: number, bend = radius * 3, segments = 18): Shape {
  const line = rounded(path, bend);
  const shape: Shape = { positions: [], normals: [], indices: [] };
  let side: Vec3 = [0, 0, 0];
  line.forEach((point, at) => {
    const along = unit(minus(line[Math.min(at + 1, line.length - 1)]!, line[Math.max(at - 1, 0)]!));
    const seed: Vec3 = at === 0 ? (Math.abs(along[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]) : side;
    side = unit(minus(seed, scaled(along, dot(seed, along))));
    const other = cross(along, side);
    for (let k = 0; k <= segments; k++) {
      const [c, s] = [Math.cos((2 * Math.PI * k) / segments), Math.sin((2 * Math.PI * k) / segments)];
      const normal = [0, 1, 2].map((i) => side[i]! * c + other[i]! * s);
      shape.positions.push(...normal.map((n, i) => point[i]! + n * radius));
      shape.normals.push(...normal);
    }
    if (at === 0) return;
    for (let k = 0; k < segments; k++) {
      const b = at * (segments + 1) + k;
      const a = b - segments - 1;
      shape.indices.push(a, a + 1, b, a + 1, b + 1, b);
    }
  });
  return shape;
}

function rounded(path: readonly Vec3[], bend: number): Vec3[] {
  const line: Vec3[] = [path[0]!];
  for (let at = 1; at < path.length - 1; at++) {
    const [before, corner, after] = [path[at - 1]!, path[at]!, path[at + 1]!];
    const [back, forth] = [unit(minus(before, corner)), unit(minus(after, corner))];
    const most = 0.49 * Math.min(length(minus(before, corner)), length(minus(after, corner)));
    const half = Math.acos(Math.max(-1, Math.min(1, dot(back, forth)))) / 2;
    const cut = Math.min(most, bend / Math.tan(half));
    const r = cut * Math.tan(half);
    const middle = unit(plus(back, forth));
    const centre = plus(corner, scaled(middle, r / Math.sin(half)));
    const [from, to] = [plus(corner, scaled(back, cut)), plus(corner, scaled(forth, cut))];
    const [u, w] = [minus(from, centre), minus(to, centre)];
    const sweep = Math.acos(Math.max(-1, Math.min(1, dot(unit(u), unit(w)))));
    for (let k = 0; k <= 8; k++) {
      const t = k / 8;
      const [p, q] = [Math.sin((1 - t) * sweep) / Math.sin(sweep), Math.sin(t * sweep) / Math.sin(sweep)];
      line.push(plus(centre, plus(scaled(u, p), scaled(w, q))));
    }
  }
  return [...line, path.at(-1)!];
}

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const scaled = (a: Vec3, k: number): Vec3 => [a[0] * k, a[1] * k, a[2] * k];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const length = (a: Vec3): number => Math.hypot(...a);
const unit = (a: Vec3): Vec3 => scaled(a, 1 / (length(a) || 1));

/** Turned about x, then y, then z (radians), then moved. */
export function placed(shape: Shape, at: Vec3, turn: Vec3 = [0, 0, 0]): Shape {
  const rotate = ([x, y, z]: Vec3): Vec3 => {
    const [cx, sx, cy, sy, cz, sz] = turn.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    [y, z] = [y * cx - z * sx, y * sx + z * cx];
    [x, z] = [x * cy + z * sy, z * cy - x * sy];
    [x, y] = [x * cz - y * sz, x * sz + y * cz];
    return [x, y, z];
  };
  const moved: Shape = { positions: [], normals: [], indices: shape.indices };
  for (let k = 0; k < shape.positions.length; k += 3) {
    const point = rotate([shape.positions[k]!, shape.positions[k + 1]!, shape.positions[k + 2]!]);
    moved.positions.push(point[0] + at[0], point[1] + at[1], point[2] + at[2]);
    moved.normals.push(...rotate([shape.normals[k]!, shape.normals[k + 1]!, shape.normals[k + 2]!]));
  }
  return moved;
}
