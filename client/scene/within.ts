import type { LabelBox } from './apart.ts';

/** Between a label and the edge of the picture, CSS pixels. */
const EDGE_PX = 4;

/**
 * Where a label stands whole in the picture: moved in from an edge that would cut it. What is about something outside
 * of the picture goes out with it.
 */
export function keptWithin(
  { x, y, width, height }: LabelBox,
  [atX, atY]: readonly [number, number],
  [frameWidth, frameHeight]: readonly [number, number],
): { readonly x: number; readonly y: number } {
  const isSeen = atX >= 0 && atY >= 0 && atX <= frameWidth && atY <= frameHeight;
  if (!isSeen) return { x, y };
  return { x: inside(x, width, frameWidth), y: inside(y, height, frameHeight) };
}

function inside(middle: number, size: number, frame: number): number {
  const half = size / 2 + EDGE_PX;
  // One that is larger than the picture begins at its edge.
  return frame < 2 * half ? half : Math.min(Math.max(middle, half), frame - half);
}
