import type { Vec3 } from '../spatial/pose.ts';
import { lengthOf } from './arithmetic.ts';
import type { Body } from './disassembly-body.ts';

export interface SightOptions {
  /** Cells across what two parts both cover, seen along the move. */
  readonly cells: number;
  /** Surfaces closer than this touch; they do not stand in each other's way. */
  readonly contactM: number;
  /** Overlaps narrower than twice this give way: threads, lips of seals, circlips, differently tessellated fits. */
  readonly clearanceM: number;
}

/**
 * Whether `other` stands before `mover` along a direction: both are drawn as depth maps (nearest and farthest depth in
 * each cell of a grid over what both cover), which is one pass over the triangles instead of testing each pair of them.
 * Narrow overlaps give way: a pin comes out of a hole that was tessellated differently, a screw out of its thread, a
 * circlip out of its groove.
 */
export function isInTheWay(
  mover: Body,
  other: Body,
  at: number,
  directions: readonly Vec3[],
  { cells, contactM, clearanceM }: SightOptions,
): boolean {
  if (other.extent(at)[1] <= mover.extent(at)[0] + contactM) return false;
  const direction = directions[at]!;
  const [u, v] = acrossBoth(direction);
  const [uMover, vMover, uOther, vOther] = [
    acrossExtent(mover, at, 0, u),
    acrossExtent(mover, at, 1, v),
    acrossExtent(other, at, 0, u),
    acrossExtent(other, at, 1, v),
  ];
  // The grid lies over what both cover, so that a screw under a large plate is seen as well as the plate itself.
  const from = [Math.max(uMover[0], uOther[0]), Math.max(vMover[0], vOther[0])] as const;
  const spans = [Math.min(uMover[1], uOther[1]) - from[0], Math.min(vMover[1], vOther[1]) - from[1]] as const;
  if (spans.some((span) => span <= 2 * contactM)) return false;
  const cellsM = spans.map((span) => Math.max(span / cells, contactM)) as [number, number];
  const grid = { u, v, direction, from, cellsM, cells };
  const lowest = depthMap(mover, grid, 'lowest');
  const highest = depthMap(other, grid, 'highest');
  const isHit = (cell: number) => highest[cell]! > lowest[cell]! + contactM;
  const [reachU, reachV] = cellsM.map((cell) => Math.max(1, Math.ceil(clearanceM / cell))) as [number, number];
  for (let row = reachV; row < cells - reachV; row++)
    for (let column = reachU; column < cells - reachU; column++) {
      const cell = row * cells + column;
      if (!isHit(cell)) continue;
      let isWide = true;
      for (let i = 1; i <= reachU && isWide; i++) isWide = isHit(cell - i) && isHit(cell + i);
      for (let i = 1; i <= reachV && isWide; i++) isWide = isHit(cell - i * cells) && isHit(cell + i * cells);
      if (isWide) return true;
    }
  return false;
}

/** Across a direction a part reaches as far whoever looks: kept with the part. */
const across = new WeakMap<Body, Map<number, [low: number, high: number]>>();
function acrossExtent(body: Body, direction: number, which: 0 | 1, axis: Vec3): [low: number, high: number] {
  let known = across.get(body);
  if (!known) across.set(body, (known = new Map()));
  const key = direction * 2 + which;
  let extent = known.get(key);
  if (!extent) known.set(key, (extent = body.extentAlong(axis)));
  return extent;
}

interface Grid {
  readonly u: Vec3;
  readonly v: Vec3;
  readonly direction: Vec3;
  readonly from: readonly [number, number];
  /** Along u and v. */
  readonly cellsM: readonly [number, number];
  readonly cells: number;
}

/** Depth along the direction at the centre of each cell; where there is nothing, what hits nothing. */
function depthMap({ triangles }: Body, grid: Grid, which: 'lowest' | 'highest'): Float64Array {
  const { u, v, direction, from, cellsM, cells } = grid;
  const map = new Float64Array(cells * cells).fill(which === 'lowest' ? Infinity : -Infinity);
  const [ux, uy, uz] = u;
  const [vx, vy, vz] = v;
  const [dx, dy, dz] = direction;
  for (let i = 0; i + 8 < triangles.length; i += 9) {
    const [ax, ay, az] = [triangles[i]!, triangles[i + 1]!, triangles[i + 2]!];
    const [bx, by, bz] = [triangles[i + 3]!, triangles[i + 4]!, triangles[i + 5]!];
    const [cx, cy, cz] = [triangles[i + 6]!, triangles[i + 7]!, triangles[i + 8]!];
    const x0 = (ax * ux + ay * uy + az * uz - from[0]) / cellsM[0] - 0.5;
    const x1 = (bx * ux + by * uy + bz * uz - from[0]) / cellsM[0] - 0.5;
    const x2 = (cx * ux + cy * uy + cz * uz - from[0]) / cellsM[0] - 0.5;
    const left = Math.max(0, Math.ceil(Math.min(x0, x1, x2)));
    const right = Math.min(cells - 1, Math.floor(Math.max(x0, x1, x2)));
    if (left > right) continue;
    const y0 = (ax * vx + ay * vy + az * vz - from[1]) / cellsM[1] - 0.5;
    const y1 = (bx * vx + by * vy + bz * vz - from[1]) / cellsM[1] - 0.5;
    const y2 = (cx * vx + cy * vy + cz * vz - from[1]) / cellsM[1] - 0.5;
    const top = Math.max(0, Math.ceil(Math.min(y0, y1, y2)));
    const bottom = Math.min(cells - 1, Math.floor(Math.max(y0, y1, y2)));
    if (top > bottom) continue;
    const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    // Seen from the edge it covers nothing; its neighbours do.
    if (Math.abs(area) < 1e-12) continue;
    const d0 = ax * dx + ay * dy + az * dz;
    const d1 = bx * dx + by * dy + bz * dz;
    const d2 = cx * dx + cy * dy + cz * dz;
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const b = ((column - x0) * (y2 - y0) - (x2 - x0) * (row - y0)) / area;
        const c = ((x1 - x0) * (row - y0) - (column - x0) * (y1 - y0)) / area;
        if (b < -1e-9 || c < -1e-9 || b + c > 1 + 1e-9) continue;
        const depth = d0 + b * (d1 - d0) + c * (d2 - d0);
        const cell = row * cells + column;
        if (which === 'lowest' ? depth < map[cell]! : depth > map[cell]!) map[cell] = depth;
      }
  }
  return map;
}

function acrossBoth([x, y, z]: Vec3): [Vec3, Vec3] {
  const helper: Vec3 = Math.abs(x) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const u: Vec3 = [y * helper[2] - z * helper[1], z * helper[0] - x * helper[2], x * helper[1] - y * helper[0]];
  const length = lengthOf(u);
  const [a, b, c]: Vec3 = [u[0] / length, u[1] / length, u[2] / length];
  return [
    [a, b, c],
    [y * c - z * b, z * a - x * c, x * b - y * a],
  ];
}
