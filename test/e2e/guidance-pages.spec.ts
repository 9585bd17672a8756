import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { valve, valvePlan } from '../support/jobs.ts';
import { LOOKS } from '../support/looks.ts';
import { expectReadable, Pages } from '../support/pages.ts';
import { openProject, signIn, solid, type Person } from '../support/people.ts';
import { en } from '../support/procedures.ts';
import { startHall, type Hall } from '../support/server.ts';

/** The shop's pages: a supervisor, an owner and somebody who was handed a record, in a browser. */
/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let hall: Hall;
let pages: Pages;
let [olga, sue, ann] = [] as unknown as [Person, Person, Person];
let project: string;
let running: string;
let record: string;
let sent = 0;

async function op(room: string, type: string, payload: unknown): Promise<void> {
  const ops = [{ id: `page-${sent++}`, type, payload }];
  const { verdicts } = await ann.ask<{ verdicts: { ok: boolean; problem?: { key: string } }[] }>(
    'POST',
    `/api/jobs/${room}/ops`,
    { ops },
  );
  if (!verdicts[0]!.ok) throw new Error(`${type}: ${verdicts[0]!.problem?.key}`);
}
const act = (room: string, type: string, more: object = {}) =>
  op(room, 'job.act', { act: { type, by: ann.id, ...more } });
const scan = (room: string, part: string) =>
  op(room, 'part.scan', { thing: 'bearing', code: { part, serial: 'B-77', lot: null } });
async function photo(room: string): Promise<void> {
  const answer = await fetch(`${hall.url}/api/jobs/${room}/evidence?kind=picture`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/octet-stream' },
    body: PIXEL,
  });
  const { cid } = (await answer.json()) as { cid: string };
  await op(room, 'photo.add', { gate: 'seat', cid, kind: 'picture' });
}
const open = async (serial: string, station: string) => {
  const code = `WO;4711;VALVE-40;${serial}`;
  const { room } = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, { code, station });
  await op(room, 'job.begin', {});
  return room;
};

beforeAll(async () => {
  hall = await startHall({ env: { MQTT_PORT: '0' } });
  pages = await Pages.launch(hall.url);
  [olga, sue, ann] = (await Promise.all(['Olga', 'Sue', 'Ann'].map((name) => signIn(hall.url, name)))) as [
    Person,
    Person,
    Person,
  ];
  let design: string;
  ({ project, room: design } = await openProject(olga, [sue], 'supervisor'));
  const session = await olga.enter(design);
  await session.confirmed((session.submit('parts.add', { parts: [solid('housing')] }) as { id: string }).id);
  await session.leave();
  const { token } = await olga.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
    role: 'engineer',
  });
  await ann.ask('POST', `/api/invitations/${token}/accept`);
  const draft = await olga.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure: valve() });
  const { cid: release } = await olga.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
    version: 1,
  });
  const gates = [
    { id: 'code', step: 'insert', kind: 'scan', thing: 'bearing' },
    { id: 'seat', step: 'insert', kind: 'photo', text: en('The seat'), compareWith: null },
  ];
  await sue.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release, gates, tools: [] }));
  const { station } = await sue.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
    name: 'Bench 1',
    tools: [{ device: 'W-1', line: { kind: 'mqtt' }, serial: 'T-1', calibratedUntil: null }],
  });
  const done = await open('SN-1', station.id);
  await scan(done, '6204-2RS');
  const rework = { deviation: '0', disposition: 'rework', reason: 'Took the right one', releasesStep: false };
  await op(done, 'deviation.dispose', rework);
  await scan(done, '6208-2RS');
  await photo(done);
  await act(done, 'mounted', { thing: 'bearing' });
  const tighten = (tool: string, thing: string) =>
    act(done, 'toolUsed', { tool, thing, isOk: true, result: { value: 25, unit: 'N.m' } });
  await tighten('wrench', 'screw-1');
  await tighten('wrench', 'screw-2');
  await op(done, 'value.measure', { variable: 'gap', value: 0.2, instrument: null });
  await act(done, 'confirmed');
  await tighten('press', 'cover');
  await act(done, 'confirmed');
  await op(done, 'job.signOff', { statement: 'Built as drawn' });
  ({ cid: record } = await ann.ask<{ cid: string }>('GET', `/api/jobs/${done}/record`));
  running = await open('SN-2', station.id);
  await scan(running, '6204-2RS');
}, 120_000);
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

describe('the supervisor’s board', () => {
  it('shows who waits for what, takes the decision in place, and follows the work without being loaded again', async () => {
    const page = await pages.open(sue, `/project/${project}/jobs?view=board`);
    const card = page.getByRole('article', { name: 'Bench 1' });
    await card.getByText(/Waits for a decision/).waitFor();
    await page.getByText('Right first time').waitFor();
    await page.getByText('Wrong part').first().waitFor();
    await page.getByRole('button', { name: 'Rework' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rework' });
    await dialog.getByLabel('Reason').fill('The right one lies beside it');
    await dialog.getByRole('button', { name: 'Rework' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('In rework').waitFor();
    // Ann goes on at her bench.
    await scan(running, '6208-2RS');
    await photo(running);
    await act(running, 'mounted', { thing: 'bearing' });
    await card.getByText(/Waits for the tool Wrench/).waitFor({ timeout: 20_000 });
    await page.getByText('Nothing waits for a decision.').waitFor();
  }, 120_000);
});

describe('a plan', () => {
  it('is changed on one page: a check, a planned time, and a marker where it stands on the product', async () => {
    const page = await pages.open(olga, `/project/${project}/jobs?view=plans`);
    await page.getByRole('button', { name: 'Edit: Valve DN 40' }).click();
    await page.getByRole('button', { name: 'Add a check' }).click();
    await page.getByLabel('What to show').last().fill('The label');
    await page.getByRole('button', { name: 'Add a marker' }).click();
    await page.getByRole('button', { name: 'Point at the product: 36h11/0' }).click();
    const product = page.getByRole('dialog', { name: 'Point at the product' });
    // The housing stands in the middle; a click before it is drawn hits nothing.
    await expect
      .poll(
        async () => {
          const box = await product.locator('canvas').boundingBox();
          if (!box) return true;
          await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
          return product.isHidden();
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toBe(true);
    await page.getByLabel('To the right').fill('150');
    const times = page.getByRole('group', { name: 'Planned times' });
    await times.getByRole('textbox').first().fill('90');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('3 checks').waitFor();
    const { plans } = await olga.ask<{
      plans: {
        plan: { markers: { station: string; markers: { poseInProduct: { position: [number, number, number] } }[] }[] };
      }[];
    }>('GET', `/api/projects/${project}/job-plans`);
    expect(plans[0]!.plan).toMatchObject({
      plannedMs: { insert: 90_000 },
      markers: [{ station: 'Bench 1', markers: [{ code: '36h11/0' }] }],
    });
    const [x, up, front] = plans[0]!.plan.markers[0]!.markers[0]!.poseInProduct.position;
    expect(x).toBeCloseTo(0.15);
    expect(Math.hypot(up, front)).toBeGreaterThan(0.001);
  }, 120_000);
});

describe('a record', () => {
  it('is judged by the browser of whoever was handed it, and is there on paper', async () => {
    const page = await pages.open(null, `/record/${record}`);
    await page.getByText('This record is true to its journal').waitFor();
    await page.getByText('Built as drawn').or(page.getByText('VALVE-40')).first().waitFor();
    // The step once, by its place in the procedure, and what was tried in it.
    const insert = page.getByRole('listitem').filter({ has: page.getByText('Step insert', { exact: true }) });
    await insert.getByText('attempt 2 of 2').waitFor();
    await insert.getByText('Thing bearing: 6204-2RS, serial number B-77 · wrong part').waitFor();
    await page.getByText('Thing screw-2: 25 N·m, range 23–27 N·m · Wrench, tapped by hand · in range').waitFor();
    await page.getByText('step 1 Step insert, attempt 1 of 2').waitFor();
    await page.getByText('6208-2RS, with a serial number').waitFor();
    await page.getByText(/Rework, decided by Ann: Took the right one · .* · done right in attempt 2 of 2/).waitFor();
    const href = await page.getByRole('link', { name: 'PDF' }).getAttribute('href');
    const paper = await fetch(new URL(href!, hall.url));
    expect(paper.headers.get('content-type')).toContain('application/pdf');
    expect(
      Buffer.from(await paper.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  }, 60_000);

  it('can be asked for by a part: where it went, and what else is in there', async () => {
    const page = await pages.open(sue, `/project/${project}/jobs?view=parts`);
    await page.getByText('Piece', { exact: true }).click();
    await page.getByLabel('Serial number of the part').fill('b-77');
    await page.getByRole('button', { name: 'Look' }).click();
    // Of the product that is done; the one that is being made stands beside it.
    const product = page.getByRole('listitem').filter({ hasText: 'SN-1' });
    await product.getByText(/fitted by Ann, /).waitFor();
    await pages.picture(page, 'shop-genealogy');
    expect(await product.getByRole('link', { name: 'Record' }).getAttribute('href')).toBe(`/record/${record}`);
  }, 60_000);
});

it.each(LOOKS)(
  'every page of the shop is readable: %s',
  async (name, look) => {
    const short = name.startsWith('390') ? 'phone' : 'desk';
    for (const view of ['list', 'board', 'plans', 'stations', 'parts']) {
      const page = await pages.open(sue, `/project/${project}/jobs?view=${view}`, look);
      await page
        .getByRole('tabpanel')
        .getByRole('button')
        .or(page.getByRole('tabpanel').getByRole('link'))
        .first()
        .waitFor();
      await pages.picture(page, `shop-${view}-${short}`);
      await expectReadable(page);
      await page.context().close();
    }
    const page = await pages.open(null, `/record/${record}`, look);
    await page.getByRole('status').waitFor();
    await pages.picture(page, `shop-record-${short}`);
    await expectReadable(page);
  },
  180_000,
);
