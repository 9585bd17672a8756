import type { Pixel } from '#protocol/alignment/camera';
import type { DarkShape } from './dark-shapes.ts';

/** Four corners, clockwise as one sees them (y grows downwards). */
export type Quad = [Pixel, Pixel, Pixel, Pixel];

/** A shape's hull must fill its best quadrangle, and the other way round, to this share. */
const LEAST_FILLED = 0.84;

/** The quadrangle of a dark shape, to about a pixel; null when it is none. */
export function quadOf(shape: DarkShape): Quad | null {
  const hull = hullOf(shape);
  if (hull.length < 4) return null;
  const hullArea = areaOf(hull);
  const middle = middleOf(hull);
  const a = farthest(hull, (p) => Math.hypot(p[0] - middle[0], p[1] - middle[1]));
  const c = farthest(hull, (p) => Math.hypot(p[0] - hull[a]![0], p[1] - hull[a]![1]));
  const side = (p: Pixel) => cross(hull[a]!, hull[c]!, p);
  const b = farthest(hull, side);
  const d = farthest(hull, (p) => -side(p));
  let picked = [...new Set([a, b, c, d])].sort((one, two) => one - two);
  if (picked.length < 4) return null;
  // Each corner goes where the area is largest while the others stay, twice round.
  for (let round = 0; round < 8; round++) {
    const k = round % 4;
    const others = picked.filter((_, i) => i !== k);
    const best = farthest(hull, (_, i) =>
      others.includes(i) ? -1 : areaOf([...others, i].sort(byNumber).map((at) => hull[at]!)),
    );
    picked = [...others, best].sort(byNumber);
  }
  const quad = picked.map((at) => hull[at]!) as Quad;
  const area = areaOf(quad);
  if (area < LEAST_FILLED * hullArea || area < 30) return null;
  return quad;
}

const byNumber = (a: number, b: number): number => a - b;

/** Convex hull of the outline, clockwise on the screen, on the outer edges of the pixels. */
function hullOf({ topPx, leftPx, rightPx }: DarkShape): Pixel[] {
  // Down the right side, up the left one: points come sorted by row, which is what the chain needs.
  const right: Pixel[] = [];
  const left: Pixel[] = [];
  for (let row = 0; row < leftPx.length; row++) {
    const y = topPx + row + 0.5;
    push(right, [rightPx[row]!, y], 1);
    push(left, [leftPx[row]!, y], -1);
  }
  return [...right, ...left.toReversed()];
}

function push(chain: Pixel[], point: Pixel, turn: number): void {
  while (chain.length > 1 && turn * cross(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
  chain.push(point);
}

const cross = (a: Pixel, b: Pixel, c: Pixel): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function areaOf(points: readonly Pixel[]): number {
  let twice = 0;
  for (const [i, p] of points.entries()) {
    const q = points[(i + 1) % points.length]!;
    twice += p[0] * q[1] - p[1] * q[0];
  }
  return twice / 2;
}

function middleOf(points: readonly Pixel[]): Pixel {
  let [x, y] = [0, 0];
  for (const p of points) {
    x += p[0];
    y += p[1];
  }
  return [x / points.length, y / points.length];
}

function farthest(points: readonly Pixel[], measure: (p: Pixel, at: number) => number): number {
  let [best, at] = [Number.NEGATIVE_INFINITY, 0];
  for (const [i, p] of points.entries()) {
    const value = measure(p, i);
    if (value > best) [best, at] = [value, i];
  }
  return at;
}
