import type { CDPSession, Page } from 'playwright-core';
import type { Point } from './room.ts';

/** A real finger on the glass, through the browser's own touch events; moved and lifted like a mouse. */
export class Finger {
  #at: Point = { x: 0, y: 0 };
  #isDown = false;

  private constructor(private readonly client: CDPSession) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  async move(x: number, y: number, { steps = 1 }: { readonly steps?: number } = {}): Promise<void> {
    const from = this.#at;
    this.#at = { x, y };
    for (let step = 1; this.#isDown && step <= steps; step++)
      await this.#touch('touchMove', [
        { x: from.x + ((x - from.x) * step) / steps, y: from.y + ((y - from.y) * step) / steps },
      ]);
  }

  async down(): Promise<void> {
    this.#isDown = true;
    await this.#touch('touchStart', [this.#at]);
  }

  async up(): Promise<void> {
    this.#isDown = false;
    await this.#touch('touchEnd', []);
  }

  async click(x: number, y: number): Promise<void> {
    await this.move(x, y);
    await this.down();
    await this.up();
  }

  async swipe(from: Point, to: Point): Promise<void> {
    await this.move(from.x, from.y);
    await this.down();
    await this.move(to.x, to.y, { steps: 8 });
    await this.up();
  }

  #touch(type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]): Promise<unknown> {
    return this.client.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}
