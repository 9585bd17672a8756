import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { CertificateView } from '#protocol/api/index';
import { LOOKS } from '../support/looks.ts';
import { expectReadable, Pages } from '../support/pages.ts';
import { openProject, signIn, solid, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** Certificates and skills in a browser, on the real server: signed there, judged here. */
const DAY = 86_400_000;
const WORDS = {
  name: 'Planetary gearbox: assembly and test',
  description: 'Assembles the planetary gearbox within tolerance and proves it on the bench.',
  criteria: 'Exam mode, at least 80 of 100 points, no safety violation.',
};
const SKILLS = [
  { code: 'MECH-ASM-01', name: 'Gear assembly', level: 3 },
  { code: 'LOTO', name: 'Lock-out, tag-out', level: 2 },
];

let hall: Hall;
let pages: Pages;
let ann: Person;
let ben: Person;
let project: string;

beforeAll(async () => {
  hall = await startHall({ env: { HALL_NAME: 'Werk Nord' } });
  pages = await Pages.launch(hall.url);
  [ann, ben] = await Promise.all([signIn(hall.url, 'Ann Brandt'), signIn(hall.url, 'Ben Okafor')]);
  const others = await Promise.all(['陈晓明', 'Dana Ruiz', 'Ed Novak'].map((name) => signIn(hall.url, name)));
  ({ project } = await openProject(ann, [ben, ...others]));
  const [chen, dana] = others;
  await certified(chen!, { skills: [SKILLS[0], { code: 'WELD', name: 'MIG welding', level: 4 }], validUntil: null });
  await certified(dana!, { skills: [{ ...SKILLS[1], level: 1 }], validUntil: Date.now() + 20 * DAY });
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

const certified = (person: Person, more: object = {}) =>
  ann.ask<CertificateView>('POST', `/api/projects/${project}/credentials`, {
    ...{ person: person.id, achievement: WORDS, skills: SKILLS, score: { value: 92.5, max: 100, required: 80 } },
    ...{ validUntil: Date.now() + 700 * DAY, ...more },
  });
const verdict = (page: Page, words: string) =>
  page.getByRole('status').getByText(words, { exact: true }).waitFor({ timeout: 20_000 });
/** The name and bytes of what a click downloads. */
async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
const drop = (page: Page, name: string, mimeType: string, buffer: Buffer) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });

it('an owner certifies a colleague from the project’s skills, and the certificate proves itself', async () => {
  const page = await pages.open(ann, `/project/${project}`);
  await page.getByRole('link', { name: 'Skills' }).click();
  await page.getByRole('button', { name: 'Certify somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Who' }).click();
  await page.getByRole('option', { name: 'Ben Okafor' }).click();
  await dialog.getByRole('textbox', { name: 'Title of the certificate' }).fill('Lock-out, tag-out');
  await dialog.getByRole('textbox', { name: 'What the person can do' }).fill('Isolates the pump skid.');
  await dialog.getByRole('textbox', { name: 'What you saw and asked for' }).fill('Shown twice, questions answered.');
  await dialog.getByRole('textbox', { name: 'Code of skill 1' }).fill('LOTO');
  await dialog.getByRole('textbox', { name: 'Skill 1', exact: true }).fill('Lock-out, tag-out');
  await pages.picture(page, 'credentials-certify-dialog');
  await dialog.getByRole('button', { name: 'Certify', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Lock-out, tag-out' }).waitFor();
  await verdict(page, 'Valid');
  await page.getByText('The key of this hall, Werk Nord.').waitFor();
});

it('a stranger opens the link, keeps the badge, and checks it later by dropping the file', async () => {
  const { id } = await certified(ben);
  const page = await pages.open(null, `/credential/${id}`);
  await verdict(page, 'Valid');
  await page.getByRole('button', { name: 'Download' }).click();
  const png = await saved(page, () => page.getByRole('menuitem', { name: 'Badge (PNG)' }).click());
  await page.getByRole('button', { name: 'Download' }).click();
  const json = await saved(page, () => page.getByRole('menuitem', { name: 'Certificate (JSON)' }).click());

  await page.goto(`${hall.url}/verify-credential`);
  await drop(page, png.name, 'image/png', png.bytes);
  await verdict(page, 'Valid');
  await page.getByText('Ben Okafor').first().waitFor();
  await page.getByRole('button', { name: 'Check another' }).click();
  const forged = Buffer.from(json.bytes.toString().replace('"92.5"', '"99.5"'));
  await drop(page, 'forged.json', 'application/json', forged);
  await verdict(page, 'Not valid');
  await page.getByText('Words were changed after signing').waitFor();
  await pages.picture(page, 'credentials-forged');
  await page.getByRole('button', { name: 'Check another' }).click();
  await drop(page, 'holiday.png', 'image/png', Buffer.from('no picture'));
  await page.getByText('There is no certificate in holiday.png.').waitFor();
});

it('the journal that a certificate names is fetched and hashed entry by entry, in the browser', async () => {
  const { room } = await openProject(ann);
  const session = await ann.enter(room);
  for (let n = 0; n < 3; n++) {
    const sent = session.submit('parts.add', { parts: [solid(`part-${n}`)] });
    if ('problem' in sent) throw new Error(sent.problem.message);
    await session.confirmed(sent.id);
  }
  await session.leave();
  const icon = Buffer.from(await (await fetch(`${hall.url}/icon-192.png`)).arrayBuffer()).toString('base64');
  const { cid: picture } = await ann.ask<{ cid: string }>('POST', '/api/pictures', { data: icon });
  const published = { title: 'Run', licence: 'CC-BY-4.0', picture };
  const { journal } = await ann.ask<{ journal: { head: string } }>('POST', `/api/rooms/${room}/revisions`, published);
  const { id } = await certified(ben, { evidence: journal.head });
  const page = await pages.open(null, `/credential/${id}`);
  await page.getByText('The journal of the run is there: 4 entries, every hash fits.').waitFor({ timeout: 20_000 });
  await pages.picture(page, 'credentials-evidence');
});

it('what an owner takes back can be thought over, then everybody reads it with the reason', async () => {
  const { id } = await certified(ben);
  const page = await pages.open(ann, `/credential/${id}`);
  await page.getByRole('button', { name: 'Take back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Training must be repeated' }).click();
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Take back' }).click();
  await dialog.getByRole('radio', { name: 'Training must be repeated' }).click();
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await verdict(page, 'Taken back');

  const stranger = await pages.open(null, `/credential/${id}`);
  await verdict(stranger, 'Taken back');
  await stranger.getByText(/Yes, on .*: Training must be repeated/).waitFor();
  expect(await stranger.getByRole('button', { name: 'Take back' }).count()).toBe(0);
  await pages.picture(stranger, 'credentials-revoked');
});

it('the matrix is searched, narrowed to what expires soon, and taken into a spreadsheet', async () => {
  const page = await pages.open(ann, `/project/${project}/skills`);
  await page.getByRole('rowheader', { name: 'Ed Novak' }).waitFor();
  await page.getByText(/^Expiring soon \d/).click();
  expect(await page.getByRole('rowheader').allTextContents()).toEqual([expect.stringContaining('Dana Ruiz')]);
  await page.getByText('All', { exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search people and skills' }).fill('welding');
  expect(await page.getByRole('rowheader').allTextContents()).toEqual([expect.stringContaining('陈晓明')]);
  const { name, bytes } = await saved(page, () => page.getByRole('button', { name: 'CSV' }).click());
  expect(name).toBe('Pump.csv');
  expect(bytes.toString()).toMatch(/^\ufeffPerson,Code,.*\r\n陈晓明,WELD,MIG welding,4,valid,,/);
});

it('my certificates are mine alone, and each leads to its sheet', async () => {
  await certified(ben);
  const page = await pages.open(ben, '/certificates');
  await page
    .getByRole('link', { name: /Valid.*Planetary gearbox/ })
    .first()
    .click();
  await verdict(page, 'Valid');
  const nobody = await pages.open(ann, '/certificates');
  await nobody.getByText('No certificates yet').waitFor();
});

it('a certificate prints on one sheet, without the page around it', async () => {
  const { id } = await certified(ben);
  const page = await pages.open(ben, `/credential/${id}`, { theme: 'dark' });
  await verdict(page, 'Valid');
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await page.setViewportSize({ width: 1046, height: 718 }); // A4 across at 96 dpi, less its margins
  await pages.picture(page, 'credentials-print');
  expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
});

it.each(LOOKS)('the pages read well: %s', async (name, look) => {
  const { id } = await certified(ben);
  for (const [file, path, person] of [
    ['certificate', `/credential/${id}`, null],
    ['mine', '/certificates', ben],
    ['matrix', `/project/${project}/skills`, ann],
    ['verify', '/verify-credential', null],
  ] as const) {
    const page = await pages.open(person, path, look);
    if (file === 'certificate') await page.locator('[data-look="done"]').waitFor({ timeout: 20_000 });
    await page.waitForLoadState('networkidle');
    await pages.picture(page, `credentials-${file}-${name}`);
    await expectReadable(page);
  }
});
