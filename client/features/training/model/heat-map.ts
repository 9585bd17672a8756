import type { Look } from './motion.ts';

/** A point on the floor plan, metres: x to the right, z towards the reader. */
export type PlanPoint = readonly [xM: number, zM: number];

/** Counts per square cell of a floor plan. `at(column, row)` is `counts[row * columns + column]`. */
export interface HeatMap {
  readonly fromX: number;
  readonly fromZ: number;
  readonly cellM: number;
  readonly columns: number;
  readonly rows: number;
  readonly counts: readonly number[];
  readonly most: number;
}

/** More cells than this nobody can tell apart, and a glance at the horizon would cost memory. */
const MOST_CELLS_A_SIDE = 200;
/** Farther away nobody reads anything; without a limit the horizon would be the hottest place. */
const FARTHEST_LOOK_M = 6;

export function heatOf(points: readonly PlanPoint[], cellM = 0.1): HeatMap | null {
  if (points.length === 0) return null;
  const [fromX, toX] = extent(points.map(([x]) => x));
  const [fromZ, toZ] = extent(points.map(([, z]) => z));
  const side = Math.max(cellM, (toX - fromX) / MOST_CELLS_A_SIDE, (toZ - fromZ) / MOST_CELLS_A_SIDE);
  const columns = Math.floor((toX - fromX) / side) + 1;
  const rows = Math.floor((toZ - fromZ) / side) + 1;
  const counts = Array.from({ length: columns * rows }, () => 0);
  for (const [x, z] of points) {
    const column = Math.min(columns - 1, Math.floor((x - fromX) / side));
    const row = Math.min(rows - 1, Math.floor((z - fromZ) / side));
    counts[row * columns + column]! += 1;
  }
  return { fromX, fromZ, cellM: side, columns, rows, counts, most: extent(counts)[1] };
}

/** Where the looks meet a level plane at `heightM`: what people look at while they work lies about there. */
export function lookedAt(looks: readonly Look[], heightM: number): PlanPoint[] {
  return looks.flatMap(({ headInRoom: [x, y, z], forwardInRoom: [dx, dy, dz] }): PlanPoint[] => {
    const along = dy === 0 ? -1 : (heightM - y) / dy;
    return along > 0 && along <= FARTHEST_LOOK_M ? [[x + dx * along, z + dz * along]] : [];
  });
}

export const pathOf = (looks: readonly Look[]): PlanPoint[] => looks.map(({ headInRoom: [x, , z] }) => [x, z]);

/** Without spreading into arguments: an hour at 20 Hz is more than a call may have. */
function extent(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
