import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectTraining } from '#net/training';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { beforeRelease } from '../support/full.ts';
import { expectReadable } from '../support/pages.ts';
import { signIn, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import {
  actAll,
  aloneIn,
  GEARBOX,
  isRevealed,
  knownWay,
  openTraining,
  startRun,
  type TrainingGround,
} from '../support/training.ts';

/** The hall that has the procedure, and the company's LMS, which is a hall, too. */
let maker: Hall;
let company: Hall;
let ina: Person;
let boss: Person;
let ground: TrainingGround;
let school: string;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  [maker, company] = await Promise.all([startHall({ env: { VOICE: '0' } }), startHall({ env: { VOICE: '0' } })]);
  ina = await signIn(maker.url, 'Ina');
  ground = await openTraining(ina);
  boss = await signIn(company.url, 'Bo');
  school = (await boss.ask<{ id: string }>('POST', '/api/projects', { title: 'School', description: '' })).id;
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  folder = mkdtempSync(join(tmpdir(), 'workhall-cmi5-'));
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([maker?.stop(), company?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function openAs(person: Person, path: string, language: 'en-GB' | 'zh-CN' = 'en-GB'): Promise<Page> {
  const context = await browser.newContext({
    serviceWorkers: 'block',
    locale: language,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
  });
  const me = { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
  const [origin, kept] = [person.hallUrl, JSON.stringify({ token: person.token, me })] as const;
  await context.addInitScript(
    ([home, session]) => {
      if (location.origin === home) localStorage.setItem('workhall.session', session);
    },
    [origin, kept] as const,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(person.hallUrl + path);
  return page;
}

test('somebody brings our procedure into their LMS, starts it there, runs it here and comes back with it done', async () => {
  const answer = await fetch(`${maker.url}/api/projects/${ground.project}/cmi5/packages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ina.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: { title: 'Gearbox', releases: [{ release: ground.release, mode: 'exam' }] } }),
  });
  const zip = join(folder, 'gearbox.zip');
  writeFileSync(zip, new Uint8Array(await answer.arrayBuffer()));

  const page = await openAs(boss, `/project/${school}/cmi5`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expectReadable(page);
  await page.locator('input[type=file]').setInputFiles(zip);
  await page.getByRole('link', { name: 'Open: Gearbox' }).click();
  await page.getByRole('button', { name: /^Start:/ }).waitFor();
  await expectReadable(page);
  await page.getByRole('button', { name: /^Start:/ }).click();

  await page.waitForURL((url) => url.origin === maker.url);
  await page.getByText('What counts: exam').waitFor();
  await page.frameLocator('iframe').getByRole('radio', { name: 'Exam' }).waitFor();
  const session = await page.evaluate(() => sessionStorage.getItem('workhall.session'));
  const { token, me } = JSON.parse(session!) as { token: string; me: { id: string; name: string } };
  const room = await page
    .locator('iframe')
    .getAttribute('src')
    .then((src) => new URL(src!, maker.url).pathname.replace('/room/', ''));
  // The learner’s hands, quicker than with a mouse.
  const hands = await connectTraining({ hallUrl: maker.url, token, room, device: 'bot' });
  const people = [aloneIn(GEARBOX, { ...ina, id: me.id, name: me.name })];
  const run = await startRun(hands, ground, 'exam', people);
  expect(actAll(hands, run, knownWay('exam', people))).toEqual([]);
  await isRevealed(hands, run);
  await hands.leave();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Leave the unit' }).click();

  await page.waitForURL((url) => url.origin === company.url);
  await page.getByText('Score 100 %').waitFor();
  await page.getByRole('heading', { level: 1 }).locator('..').getByText('Done').waitFor();
  expect(await page.evaluate(() => sessionStorage.getItem('workhall.session'))).toBeNull();
  // Launched again, nothing is told twice: the room still has the run, and the LMS knows of it.
  await page.getByRole('button', { name: /^Go on:|^Start:/ }).click();
  await page.waitForURL((url) => url.origin === maker.url);
  await page.getByText('What counts: exam').waitFor();
  await page.frameLocator('iframe').getByRole('radio', { name: 'Exam' }).waitFor();
  await page.getByRole('button', { name: 'Leave the unit' }).click();
  await page.waitForURL((url) => url.origin === company.url);
  await page.getByText('Score 100 %').waitFor();
  // The address served once: the way back in the browser’s history opens nothing.
  await page.goBack();
  await page.getByText('This address serves once').waitFor();
  await page.context().close();
});

beforeRelease(
  'the pages are read in Chinese as well, and a stranger’s course cannot reach the session of the hall',
  async () => {
    const course = `<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
    <course id="https://evil.example/c"><title><langstring lang="zh">外部课程</langstring></title><description><langstring lang="zh">-</langstring></description></course>
    <au id="https://evil.example/a"><title><langstring lang="zh">单元</langstring></title><description><langstring lang="zh">-</langstring></description><url>index.html</url></au></courseStructure>`;
    const html = `<!doctype html><title>evil</title><pre id="loot"></pre><script>
    const tell = (text) => (document.getElementById('loot').textContent += text + ';');
    try { tell(localStorage.getItem('workhall.session')); } catch (error) { tell(error.name); }
    try { tell(document.cookie); } catch (error) { tell(error.name); }
    tell(String(self.origin));
  </script>`;
    const { strToU8, zipSync } = await import('fflate');
    const zip = zipSync({ 'cmi5.xml': strToU8(course), 'index.html': strToU8(html) });
    const headers = { authorization: `Bearer ${boss.token}`, 'content-type': 'application/zip' };
    const imported = await fetch(`${company.url}/api/projects/${school}/cmi5`, {
      method: 'POST',
      headers,
      body: zip as Uint8Array<ArrayBuffer>,
    });
    const { id } = (await imported.json()) as { id: string };
    const page = await openAs(boss, `/project/${school}/cmi5/${id}`, 'zh-CN');
    await page.getByRole('heading', { level: 1, name: '外部课程' }).waitFor();
    await expectReadable(page);
    await page.getByRole('button', { name: /^开始/ }).click();
    await page.locator('#loot').filter({ hasText: 'null' }).waitFor();
    expect(await page.locator('#loot').textContent()).toBe('SecurityError;SecurityError;null;');
    await page.context().close();
  },
);
