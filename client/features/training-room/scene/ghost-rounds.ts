/** It rests so long in its place before it comes again, ms. */
export const REST_MS = 1200;

/**
 * Where in its motion a ghost is, so long after it began, and whether it moves on. After `mostRounds` it stays in its place: a picture
 * that never rests keeps the graphics card awake for a whole shift.
 */
export function roundAt(
  sinceMs: number,
  motionMs: number,
  mostRounds = Infinity,
): { readonly atMs: number; readonly isMoving: boolean } {
  const roundMs = motionMs + REST_MS;
  if (sinceMs >= mostRounds * roundMs) return { atMs: motionMs, isMoving: false };
  return { atMs: Math.min(motionMs, sinceMs % roundMs), isMoving: true };
}
