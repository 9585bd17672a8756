import type { GrayPicture } from './picture.ts';

/** A connected dark area: for each of its rows the first column and the one after the last. */
export interface DarkShape {
  readonly topPx: number;
  readonly leftPx: Int32Array;
  readonly rightPx: Int32Array;
}

const TILE_PX = 4;

/**
 * Dark areas that might be the border of a marker.
 *
 * Each tile of 4 x 4 pixels has its own threshold, half-way between the darkest and the lightest of it and its eight
 * neighbours (as AprilTag 3 does): light may fall off across the picture. Areas of even grey belong to nothing.
 */
export function darkShapes(picture: GrayPicture, leastContrast: number, leastSizePx: number): DarkShape[] {
  const { widthPx, heightPx, data } = picture;
  const thresholds = tileThresholds(picture, leastContrast);
  const tilesWide = Math.ceil(widthPx / TILE_PX);

  // Runs of dark pixels, joined to those they touch in the row above (union by smaller index).
  const runs = {
    from: new Int32Array(1 << 14),
    to: new Int32Array(1 << 14),
    parent: new Int32Array(1 << 14),
    count: 0,
  };
  const rowStart = new Int32Array(heightPx + 1);
  for (let y = 0; y < heightPx; y++) {
    rowStart[y] = runs.count;
    const tileRow = Math.floor(y / TILE_PX) * tilesWide;
    let from = -1;
    for (let x = 0; x <= widthPx; x++) {
      const isDark = x < widthPx && data[y * widthPx + x]! < thresholds[tileRow + (x >> 2)]!;
      if (isDark && from < 0) from = x;
      else if (!isDark && from >= 0) {
        add(runs, from, x);
        from = -1;
      }
    }
    if (y > 0) join(runs, rowStart[y - 1]!, rowStart[y]!, runs.count);
  }
  rowStart[heightPx] = runs.count;
  return collect(runs, rowStart, widthPx, heightPx, leastSizePx);
}

type Runs = { from: Int32Array; to: Int32Array; parent: Int32Array; count: number };

function add(runs: Runs, from: number, to: number): void {
  if (runs.count === runs.from.length) {
    for (const key of ['from', 'to', 'parent'] as const) {
      const grown = new Int32Array(2 * runs.count);
      grown.set(runs[key]);
      runs[key] = grown;
    }
  }
  runs.from[runs.count] = from;
  runs.to[runs.count] = to;
  runs.parent[runs.count] = runs.count;
  runs.count++;
}

function rootOf(parent: Int32Array, run: number): number {
  let at = run;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

function join(runs: Runs, above: number, row: number, end: number): void {
  let a = above;
  let b = row;
  while (a < row && b < end) {
    if (runs.from[a]! < runs.to[b]! && runs.from[b]! < runs.to[a]!) {
      const one = rootOf(runs.parent, a);
      const two = rootOf(runs.parent, b);
      runs.parent[Math.max(one, two)] = Math.min(one, two);
    }
    if (runs.to[a]! < runs.to[b]!) a++;
    else b++;
  }
}

function tileThresholds({ widthPx, heightPx, data }: GrayPicture, leastContrast: number): Uint8Array {
  const wide = Math.ceil(widthPx / TILE_PX);
  const high = Math.ceil(heightPx / TILE_PX);
  const least = new Uint8Array(wide * high).fill(255);
  const most = new Uint8Array(wide * high);
  for (let y = 0; y < heightPx; y++) {
    const tileRow = (y >> 2) * wide;
    for (let x = 0; x < widthPx; x++) {
      const tile = tileRow + (x >> 2);
      const value = data[y * widthPx + x]!;
      if (value < least[tile]!) least[tile] = value;
      if (value > most[tile]!) most[tile] = value;
    }
  }
  const thresholds = new Uint8Array(wide * high);
  for (let ty = 0; ty < high; ty++)
    for (let tx = 0; tx < wide; tx++) {
      let [low, top] = [255, 0];
      for (let y = Math.max(0, ty - 1); y <= Math.min(high - 1, ty + 1); y++)
        for (let x = Math.max(0, tx - 1); x <= Math.min(wide - 1, tx + 1); x++) {
          low = Math.min(low, least[y * wide + x]!);
          top = Math.max(top, most[y * wide + x]!);
        }
      if (top - low >= leastContrast) thresholds[ty * wide + tx] = (low + top + 1) >> 1;
    }
  return thresholds;
}

function collect(
  runs: Runs,
  rowStart: Int32Array,
  widthPx: number,
  heightPx: number,
  leastSizePx: number,
): DarkShape[] {
  const { count, from, to, parent } = runs;
  const top = new Int32Array(count).fill(-1);
  const bottom = new Int32Array(count);
  const left = new Int32Array(count);
  const right = new Int32Array(count);
  for (let y = 0; y < heightPx; y++)
    for (let run = rowStart[y]!; run < rowStart[y + 1]!; run++) {
      const root = rootOf(parent, run);
      if (top[root]! < 0) {
        top[root] = y;
        left[root] = from[run]!;
        right[root] = to[run]!;
      } else {
        left[root] = Math.min(left[root]!, from[run]!);
        right[root] = Math.max(right[root]!, to[run]!);
      }
      bottom[root] = y;
    }
  const shapes = new Map<number, DarkShape>();
  for (let root = 0; root < count; root++) {
    if (top[root]! < 0) continue;
    const wide = right[root]! - left[root]!;
    const high = bottom[root]! - top[root]! + 1;
    const isWhole = left[root]! > 1 && top[root]! > 1 && right[root]! < widthPx - 1 && bottom[root]! < heightPx - 2;
    if (!isWhole || Math.max(wide, high) < leastSizePx || Math.min(wide, high) < leastSizePx / 3) continue;
    const leftPx = new Int32Array(high).fill(widthPx);
    shapes.set(root, { topPx: top[root]!, leftPx, rightPx: new Int32Array(high) });
  }
  for (let y = 0; y < heightPx; y++)
    for (let run = rowStart[y]!; run < rowStart[y + 1]!; run++) {
      const shape = shapes.get(rootOf(parent, run));
      if (!shape) continue;
      const row = y - shape.topPx;
      shape.leftPx[row] = Math.min(shape.leftPx[row]!, from[run]!);
      shape.rightPx[row] = Math.max(shape.rightPx[row]!, to[run]!);
    }
  return [...shapes.values()];
}
