import type { Pose } from '#protocol/spatial/index';
import { distance } from '../../../scene/vec.ts';

/** A look rests when it stays within this for so long, metres and ms. */
const WITHIN_M = 0.04;
const REST_MS = 350;

/**
 * The place of a surface that one has looked at for a moment. Where looks press buttons, the look leaves the place for the button: the
 * place stays where it was meant.
 */
export class RestingSpot {
  #from: { readonly at: Pose; readonly sinceMs: number } | null = null;
  #spot: Pose | null = null;
  #isResting = false;

  /** The look is on the spot now. */
  get isResting(): boolean {
    return this.#isResting;
  }

  get spot(): Pose | null {
    return this.#spot;
  }

  /** `hit`: the surface in the middle of the view now; null: none, or the look is on something else. */
  see(hit: Pose | null, nowMs: number): void {
    this.#isResting = false;
    if (!hit) return void (this.#from = null);
    if (!this.#from || distance(this.#from.at.position, hit.position) > WITHIN_M)
      this.#from = { at: hit, sinceMs: nowMs };
    else if (nowMs - this.#from.sinceMs >= REST_MS) {
      this.#spot = hit;
      this.#isResting = true;
    }
  }
}
