import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import '../../support/headset.ts';
import { newContext, shoot } from '../../support/drawing.ts';

/** Generous: these pages draw in software, often on a busy machine. */
export const PATIENCE_MS = 120_000;
const DESKTOP = { width: 1280, height: 800 };

/** Somebody with a browser of their own. What goes wrong on their page, seen or unseen, is kept in `problems`. */
export class Visitor {
  readonly problems: string[] = [];
  /** While the server is down on purpose, failing requests are no news. */
  #expectsOutage = false;

  private constructor(
    readonly name: string,
    readonly page: Page,
    readonly hallUrl: string,
    readonly pictures: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.problems.push(`${name}: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' || this.#expectsOutage) return;
      this.problems.push(`${name}: ${message.text()} (${message.location().url})`);
    });
    page.on('request', (request) => {
      const { protocol, origin, href } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== hallUrl)
        this.problems.push(`${name} fetched from elsewhere: ${href}`);
    });
  }

  /** `album`: folder under test-output for the pictures. */
  static async arrive(
    browser: Browser,
    hallUrl: string,
    name: string,
    album: string,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const pictures = fileURLToPath(new URL(`../../../test-output/${album}/`, import.meta.url));
    await mkdir(pictures, { recursive: true });
    const context = await newContext(browser, {
      serviceWorkers: 'block',
      ...{ viewport: DESKTOP, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' },
      ...options,
    });
    return new Visitor(name, await context.newPage(), hallUrl, pictures);
  }

  /** Opens a page of the hall; gives the name where it is asked for. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.hallUrl + path);
  }

  async giveName(): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name);
    await this.page.getByRole('button', { name: 'Enter as guest' }).click();
  }

  /** The picture of this name has arrived and is drawn. */
  async isPainted(name: string): Promise<void> {
    const image = this.page.getByRole('img', { name });
    await image.waitFor();
    await this.page.waitForFunction(
      (one) => one instanceof HTMLImageElement && one.complete && one.naturalWidth > 0,
      await image.elementHandle(),
    );
  }

  /** `pixelsPerPx`: less than 1 where a slow frame would cost the person their hold on a part. */
  async picture(file: string, pixelsPerPx = 1): Promise<void> {
    await this.page.waitForFunction(() => {
      const isSeen = (image: HTMLImageElement) => image.getBoundingClientRect().top < innerHeight;
      return [...document.images].every((image) => !isSeen(image) || (image.complete && image.naturalWidth > 0));
    });
    await shoot(this.page, { path: `${this.pictures}${file}.png`, animations: 'disabled' }, pixelsPerPx);
  }

  /** Runs while the hall is down; problems of the line do not count. */
  async throughOutage<T>(act: () => Promise<T>): Promise<T> {
    this.#expectsOutage = true;
    try {
      return await act();
    } finally {
      this.#expectsOutage = false;
    }
  }

  expectNoProblems(): void {
    expect(this.problems.splice(0)).toEqual([]);
  }
}
