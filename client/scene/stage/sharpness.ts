/** Slower than this while things move, and the picture gets coarser; quicker, and it gets finer again. Milliseconds. */
const SLOW_FRAME_MS = 45;
const QUICK_FRAME_MS = 20;
const COARSER = 0.8;
const FINER = 1.05;
/** Coarser than half the resolution in each direction nobody can work with. */
export const COARSEST = 0.5;
/** When nothing has moved for this long, the picture is drawn once more at full resolution, ms. */
const STILL_AFTER_MS = 250;

/**
 * How fine the picture is: as fine as this machine manages while things move, full as soon as they stand still. A
 * graphics card never notices; a processor that draws in software stays fluent in a large assembly.
 */
export class Sharpness {
  /** Share of the full resolution, each direction, that is fluent on this machine. */
  #fluent = 1;
  #shown = 1;

  /** To be called for each frame that follows the one before without a pause; `intervalMs` lies between the two. */
  moved(intervalMs: number): void {
    if (intervalMs > SLOW_FRAME_MS) this.#fluent = Math.max(COARSEST, this.#fluent * COARSER);
    else if (intervalMs < QUICK_FRAME_MS) this.#fluent = Math.min(1, this.#fluent * FINER);
  }

  /** Whether a picture is due only because the last one was coarse. */
  isSharpDue(sinceDrawnMs: number): boolean {
    return this.#shown < 1 && sinceDrawnMs >= STILL_AFTER_MS;
  }

  /** The share to draw the next picture at. */
  next(isMoving: boolean): number {
    this.#shown = isMoving ? this.#fluent : 1;
    return this.#shown;
  }
}
