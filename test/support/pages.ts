import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from './chromium.ts';
import { newContext, shoot } from './drawing.ts';
import type { Person } from './people.ts';

const PICTURES = fileURLToPath(new URL('../../test-output/pages/', import.meta.url));
/** Evaluated, not added as a script: the hall's content security policy stays in force during the test. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look extends BrowserContextOptions {
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
  /** Finer than usual, for those who measure what is drawn in 3D. */
  readonly pixelsPerPx?: number;
}

/** One browser; people open pages of one hall in it, each in a context of their own. */
export class Pages {
  readonly problems: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly hallUrl: string,
  ) {}

  /** `args`: more of Chromium's switches, such as a camera of its own. */
  static async launch(hallUrl: string, args: readonly string[] = []): Promise<Pages> {
    await mkdir(PICTURES, { recursive: true });
    const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGS, ...args] });
    return new Pages(browser, hallUrl);
  }

  /** A page as this person sees it; null is a stranger. */
  async open(
    person: Person | null,
    path: string,
    { language = 'en', theme = 'light', ...rest }: Look = {},
  ): Promise<Page> {
    const context = await newContext(this.browser, {
      viewport: { width: 1280, height: 800 },
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      colorScheme: theme,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      // Else each page that stays open fetches the whole shell, and answers from it: that is the offline story's.
      serviceWorkers: 'block',
      ...rest,
    });
    const me = person && { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
    const session = person && JSON.stringify({ token: person.token, me });
    await context.addInitScript((kept) => {
      if (kept && !localStorage.getItem('test.begun')) localStorage.setItem('workhall.session', kept);
      localStorage.setItem('test.begun', 'yes');
    }, session);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.problems.push(error.stack ?? String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /content security policy/i.test(message.text()))
        this.problems.push(message.text());
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && url.origin !== this.hallUrl) this.problems.push(`asks ${url.origin}`);
    });
    await page.goto(this.hallUrl + path);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 30_000 });
    return page;
  }

  /** Kept as test output, for people to look at. */
  async picture(page: Page, name: string): Promise<void> {
    await shoot(page, { path: `${PICTURES}${name}.png`, fullPage: true });
  }

  /** Ends the people's pages, and fails when one of them had an error nobody handled. */
  async closeAll(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    expect(this.problems.splice(0)).toEqual([]);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

interface AxeNode {
  html: string;
  failureSummary?: string;
}

/** axe-core finds nothing, and nothing sticks out at the side. */
export async function expectReadable(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: AxeNode[] }[] }> };
    };
    return (await axe.run()).violations;
  });
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`),
  ).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}
