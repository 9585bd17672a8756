import type { Browser, Page } from 'playwright-core';
import type { Person } from './people.ts';
import type { Hall } from './server.ts';

/** A browser page of its own, signed in. */
export async function signedInPage(hall: Hall, browser: Browser, person: Person): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 720 } });
  const me = await person.ask('GET', '/api/me');
  await context.addInitScript(
    ([token, who]) => localStorage.setItem('workhall.session', JSON.stringify({ token, me: who })),
    [person.token, me] as const,
  );
  const page = await context.newPage();
  // The code is in the browser's cache and compiled, as on any visit but the first.
  await page.goto(hall.url);
  return page;
}
