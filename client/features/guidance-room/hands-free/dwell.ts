/** Looking at a target for a while presses it. Leaving it for a blink does not begin anew; once pressed, look away first. */
export class Dwell {
  readonly #holdMs: number;
  readonly #blinkMs: number;
  #target: string | null = null;
  #heldMs = 0;
  #awayMs = 0;
  #hasPressed = false;

  constructor(holdMs = 1400, blinkMs = 180) {
    this.#holdMs = holdMs;
    this.#blinkMs = blinkMs;
  }

  /** 0 to 1: how far the ring is drawn. */
  get share(): number {
    return this.#hasPressed ? 0 : Math.min(1, this.#heldMs / this.#holdMs);
  }

  get target(): string | null {
    return this.#target;
  }

  /** What is looked at in this frame; returns it when it is pressed just now. */
  look(target: string | null, elapsedMs: number): string | null {
    if (target !== null && target === this.#target) {
      this.#awayMs = 0;
      if (this.#hasPressed) return null;
      this.#heldMs += elapsedMs;
      if (this.#heldMs < this.#holdMs) return null;
      this.#hasPressed = true;
      return target;
    }
    this.#awayMs += elapsedMs;
    if (this.#target !== null && target === null && this.#awayMs < this.#blinkMs) return null;
    this.#target = target;
    this.#heldMs = this.#awayMs = 0;
    this.#hasPressed = false;
    return null;
  }
}
