/**
 * Finds meshes that are the same shape in another place.
 *
 * Cheap invariants first (counts, area, volume, extents about the centroid), then a rigid registration, which is believed only
 * when every vertex of one lies on a vertex of the other within the tolerance. The registration is built from right-handed
 * frames, so a mirror image never passes.
 *
 * Roads not taken: principal axes (nuts, bolts and rings have equal moments, so their axes are arbitrary) and ICP (slow, and
 * needs the same frames to start from).
 */
import type { CadMesh } from './cad-model.ts';
import { cross, dot, invertTransform, multiplyTransforms, subtract, unit, apply } from './rigid.ts';
import type { Rigid, Triple } from './rigid.ts';

/** Two exports of one part differ by the digits written in the file; 1 um covers them and is far below any feature. */
const TOLERANCE_MM = 1e-3;
const RELATIVE_TOLERANCE = 1e-5;
/** Bounds the search on meshes with many like vertices (a sphere, a fine ring). */
const MAX_CANDIDATES = 4000;

export interface Measures {
  readonly areaMm2: number;
  readonly volumeMm3: number;
  /** Of the vertices: does not depend on the frame the mesh stands in. */
  readonly centroid: Triple;
  /** Greatest distance of a vertex from the centroid. */
  readonly radiusMm: number;
  readonly min: Triple;
  readonly max: Triple;
}

export function measure(mesh: CadMesh): Measures {
  const { positions: p, indices } = mesh;
  const count = p.length / 3;
  const sum: [number, number, number] = [0, 0, 0];
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < p.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const value = p[i + k]!;
      sum[k]! += value;
      if (value < min[k]!) min[k] = value;
      if (value > max[k]!) max[k] = value;
    }
  const centroid: Triple = [sum[0] / count, sum[1] / count, sum[2] / count];
  let radius = 0;
  for (let i = 0; i < p.length; i += 3)
    radius = Math.max(radius, Math.hypot(p[i]! - centroid[0], p[i + 1]! - centroid[1], p[i + 2]! - centroid[2]));
  let area = 0;
  let volume = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const a = subtract(vertex(p, indices[i]!), centroid);
    const b = subtract(vertex(p, indices[i + 1]!), centroid);
    const c = subtract(vertex(p, indices[i + 2]!), centroid);
    const n = cross(subtract(b, a), subtract(c, a));
    area += Math.hypot(...n) / 2;
    volume += dot(a, n) / 6;
  }
  return { areaMm2: area, volumeMm3: volume, centroid, radiusMm: radius, min, max };
}

/** For each mesh the shape it is an instance of, and where that shape then stands (in the frame of the meshes). */
export interface Instance {
  readonly shape: number;
  readonly placement: Rigid;
}
export interface Instances {
  /** Indices of the meshes that were kept as shapes. */
  readonly shapes: number[];
  readonly instances: Instance[];
}

export function findInstances(
  meshes: readonly CadMesh[],
  onProgress: (fraction: number) => void = () => undefined,
): Instances {
  const measures = meshes.map(measure);
  const shapes: number[] = [];
  const byCounts = new Map<string, number[]>();
  const instances = meshes.map((mesh, index): Instance => {
    if (index % 50 === 0) onProgress(index / meshes.length);
    const key = `${mesh.positions.length} ${mesh.indices.length} ${mesh.faces.length}`;
    const like = byCounts.get(key) ?? [];
    byCounts.set(key, like);
    for (const shape of like) {
      const kept = shapes[shape]!;
      if (!isAlike(measures[kept]!, measures[index]!) || !hasSameFaces(meshes[kept]!, mesh)) continue;
      const placement = register(meshes[kept]!, mesh, measures[kept]!, measures[index]!);
      if (placement) return { shape, placement };
    }
    like.push(shapes.length);
    shapes.push(index);
    return { shape: shapes.length - 1, placement: { r: [1, 0, 0, 0, 1, 0, 0, 0, 1], t: [0, 0, 0] } };
  });
  return { shapes, instances };
}

/** The rigid transform that brings `from` onto `to`, or undefined when there is none. */
export function register(from: CadMesh, to: CadMesh, ofFrom = measure(from), ofTo = measure(to)): Rigid | undefined {
  const tolerance = TOLERANCE_MM + ofFrom.radiusMm * RELATIVE_TOLERANCE;
  return registerInOrder(from, to, ofFrom, tolerance) ?? registerAnyOrder(from, to, ofFrom, ofTo, tolerance);
}

/** Copies of one tessellation have the same vertices in the same order: three of them decide, all of them confirm. */
function registerInOrder(from: CadMesh, to: CadMesh, ofFrom: Measures, tolerance: number): Rigid | undefined {
  const p = from.positions;
  const one = farthest(p, (v) => distance(v, ofFrom.centroid));
  const a = vertex(p, one);
  const two = farthest(p, (v) => distance(v, a));
  const b = vertex(p, two);
  const three = farthest(p, (v) => Math.hypot(...cross(subtract(v, a), subtract(b, a))));
  const source = frame(a, b, vertex(p, three));
  const target = frame(vertex(to.positions, one), vertex(to.positions, two), vertex(to.positions, three));
  if (!source || !target) return undefined;
  const move = multiplyTransforms(target, invertTransform(source));
  for (let i = 0; i < p.length; i += 3) {
    const [x, y, z] = apply(move, p[i]!, p[i + 1]!, p[i + 2]!);
    if (
      Math.abs(x - to.positions[i]!) > tolerance ||
      Math.abs(y - to.positions[i + 1]!) > tolerance ||
      Math.abs(z - to.positions[i + 2]!) > tolerance
    )
      return undefined;
  }
  return move;
}

/** Other order: frames from the centroid and two vertices, tried against all pairs at the same distances. */
function registerAnyOrder(
  from: CadMesh,
  to: CadMesh,
  ofFrom: Measures,
  ofTo: Measures,
  tolerance: number,
): Rigid | undefined {
  const grid = new VertexGrid(to.positions, tolerance * 4);
  const a = rarest(from.positions, ofFrom.centroid, tolerance);
  const b = vertex(
    from.positions,
    farthest(from.positions, (v) => Math.hypot(...cross(subtract(v, ofFrom.centroid), subtract(a, ofFrom.centroid)))),
  );
  const source = frame(ofFrom.centroid, a, b);
  if (!source) return undefined;
  const [ra, rb, ab] = [distance(a, ofFrom.centroid), distance(b, ofFrom.centroid), distance(a, b)];
  let tried = 0;
  const near = unique(to.positions, (v) => Math.abs(distance(v, ofTo.centroid) - ra) < tolerance);
  const far = unique(to.positions, (v) => Math.abs(distance(v, ofTo.centroid) - rb) < tolerance);
  for (const p of near)
    for (const q of far) {
      if (Math.abs(distance(p, q) - ab) > tolerance * 2) continue;
      if (tried++ > MAX_CANDIDATES) return undefined;
      const target = frame(ofTo.centroid, p, q);
      const move = target && multiplyTransforms(target, invertTransform(source));
      if (move && liesOn(from, move, grid)) return move;
    }
  return undefined;
}

function liesOn(from: CadMesh, move: Rigid, grid: VertexGrid): boolean {
  for (let i = 0; i < from.positions.length; i += 3)
    if (!grid.has(apply(move, from.positions[i]!, from.positions[i + 1]!, from.positions[i + 2]!))) return false;
  return true;
}

/** Vertices in cubes of the cell size; a point is found when a vertex lies in its cube or a neighbouring one. */
class VertexGrid {
  readonly #cells = new Set<string>();
  readonly #cell: number;

  constructor(positions: Float64Array, cell: number) {
    this.#cell = cell;
    for (let i = 0; i < positions.length; i += 3)
      this.#cells.add(this.#key(positions[i]!, positions[i + 1]!, positions[i + 2]!));
  }
  has([x, y, z]: Triple): boolean {
    const half = this.#cell / 4;
    for (const dx of [-half, half])
      for (const dy of [-half, half])
        for (const dz of [-half, half]) if (this.#cells.has(this.#key(x + dx, y + dy, z + dz))) return true;
    return false;
  }
  #key(x: number, y: number, z: number): string {
    return `${Math.floor(x / this.#cell)},${Math.floor(y / this.#cell)},${Math.floor(z / this.#cell)}`;
  }
}

function isAlike(a: Measures, b: Measures): boolean {
  const close = (one: number, other: number, scale: number) => Math.abs(one - other) <= 1e-4 * scale + 1e-6;
  return (
    close(a.areaMm2, b.areaMm2, a.areaMm2) &&
    close(a.volumeMm3, b.volumeMm3, Math.abs(a.volumeMm3) + a.areaMm2 * 1e-3) &&
    close(a.radiusMm, b.radiusMm, a.radiusMm)
  );
}

function hasSameFaces(a: CadMesh, b: CadMesh): boolean {
  return a.faces.every((face, at) => face.color === b.faces[at]?.color);
}

function vertex(positions: Float64Array, index: number): Triple {
  return [positions[index * 3]!, positions[index * 3 + 1]!, positions[index * 3 + 2]!];
}
function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function farthest(positions: Float64Array, of: (v: Triple) => number): number {
  let [best, at] = [-1, 0];
  for (let i = 0; i < positions.length / 3; i++) {
    const value = of(vertex(positions, i));
    if (value > best + 1e-9) [best, at] = [value, i];
  }
  return at;
}

/** A vertex whose distance from the centroid few others share: the fewer, the fewer frames are to be tried. */
function rarest(positions: Float64Array, centroid: Triple, tolerance: number): Triple {
  const shells = new Map<number, { count: number; at: number }>();
  for (let i = 0; i < positions.length / 3; i++) {
    const d = distance(vertex(positions, i), centroid);
    const key = Math.round(d / (tolerance * 10));
    const shell = shells.get(key);
    if (shell) shell.count++;
    else if (d > tolerance * 100) shells.set(key, { count: 1, at: i });
  }
  let best = { count: Infinity, at: 0 };
  for (const shell of shells.values()) if (shell.count < best.count) best = shell;
  return vertex(positions, best.at);
}

function unique(positions: Float64Array, is: (v: Triple) => boolean): Triple[] {
  const found = new Map<string, Triple>();
  for (let i = 0; i < positions.length / 3; i++) {
    const v = vertex(positions, i);
    if (is(v)) found.set(v.map((value) => value.toFixed(4)).join(), v);
  }
  return [...found.values()];
}

/** Right-handed frame at `a` with x towards `b` and z square to the plane of the three. */
function frame(a: Triple, b: Triple, c: Triple): Rigid | undefined {
  const x = unit(subtract(b, a));
  const z = x && unit(cross(x, subtract(c, a)));
  if (!x || !z) return undefined;
  const y = cross(z, x);
  return { r: [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]], t: a };
}
