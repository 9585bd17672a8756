import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { CAREFUL_PLACE } from '#protocol/alignment/index';
import type { Procedure } from '#protocol/procedures/index';
import { stationMap } from '../support/alignment-trials.ts';
import { fakeCamera } from '../support/fake-camera.ts';
import { valve, valvePlan } from '../support/jobs.ts';
import { expectReadable, Pages, type Look } from '../support/pages.ts';
import { signIn, type Person } from '../support/people.ts';
import { en, to } from '../support/procedures.ts';
import { startHall, type Hall } from '../support/server.ts';
import { Engineer } from './support/engineer.ts';

/** An engineer at a product with printed sheets round it: at the page by a pedal, on a phone and in glasses without hands. */
const STATION = 'Bench 1';
const PHONE: Look = { viewport: { width: 390, height: 844 }, hasTouch: true, theme: 'dark' };
const MAP = { ...stationMap(CAREFUL_PLACE), station: STATION };

let hall: Hall;
let pages: Pages;
let ann: Person;
let folder = '';
let project = '';
let station = '';
let orders = 0;

/** A part that goes in by its code, a picture, a gap, and a last look. */
function product(): Procedure {
  const seat = { position: [0.05, 0.06, 0.04], rotation: [0, 0, 0, 1] };
  const placed = {
    ...{ kind: 'placed', thing: 'bearing', frame: null, reference: { kind: 'room' }, target: seat },
    ...{ toleranceM: 0.02, toleranceRad: 0.2, symmetry: null },
  };
  const gap = { kind: 'number', variable: 'gap', range: { minimum: 0.1, maximum: 0.3, unit: 'mm' } };
  return valve((steps) =>
    steps
      .filter(({ id }) => ['insert', 'gap', 'inspect'].includes(String(id)))
      .map((step) => {
        const out = (next: string | null, condition: unknown) => [
          { id: 't0', interrupts: false, ...to(next, condition) },
        ];
        const words = {
          title: en(`Do: ${String(step['id'])}`),
          instruction: en('As the drawing shows, without force.'),
        };
        if (step['id'] === 'insert') return { ...step, ...words, transitions: out('gap', placed) };
        if (step['id'] === 'gap') return { ...step, ...words, transitions: out('inspect', gap) };
        return { ...step, ...words, transitions: out(null, { kind: 'confirmed' }) };
      }),
  );
}

beforeAll(async () => {
  hall = await startHall();
  folder = mkdtempSync(join(tmpdir(), 'workhall-camera-'));
  const tilted = { position: [0.02, -0.06, -1] as const, rotation: [-0.3007, 0, 0, 0.9537] as const };
  pages = await Pages.launch(hall.url, fakeCamera(join(folder, 'bench.y4m'), MAP, tilted as never));
  ann = await signIn(hall.url, 'Ann Lee');
  ({ id: project } = await ann.ask<{ id: string }>('POST', '/api/projects', { title: 'Works', description: '' }));
  const draft = await ann.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure: product() });
  const { cid: release } = await ann.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
    version: 1,
  });
  const gates = [
    { id: 'aligned', step: 'insert', kind: 'alignment', withinM: 0.01 },
    { id: 'bearing-code', step: 'insert', kind: 'scan', thing: 'bearing' },
    { id: 'bearing-photo', step: 'gap', kind: 'photo', text: en('The seat'), compareWith: null },
  ];
  const save = (plan: object) => ann.ask('POST', `/api/projects/${project}/job-plans`, plan);
  await save(valvePlan({ release, gates, tools: [], markers: [MAP] }));
  // The same without gates: what hands-free work is about is the step itself.
  await save(valvePlan({ release, gates: [], kit: [], tools: [], productType: 'VALVE-41' }));
  const made = await ann.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
    name: STATION,
    tools: [],
  });
  station = made.station.id;
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (productType = 'VALVE-40', name = `Bench ${orders + 2}`): Promise<string> => {
  orders++;
  if (orders > 1)
    ({ id: station } = (
      await ann.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, { name, tools: [] })
    ).station);
  const code = `WO;${4700 + orders};${productType};SN-${orders}`;
  return (await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, { code, station })).room;
};

it('does a job at the page: aligned by the camera, by pedal from act to act, a wrong part caught, signed off', async () => {
  const engineer = await Engineer.enter(pages, ann, await open());
  const { page } = engineer;
  await page.getByRole('button', { name: 'Begin the job' }).waitFor();
  await engineer.presses();
  await engineer.isAt('insert');
  // The guessed lens is right to 10 %, and the sheets lie a metre away: on the picture that is good to a millimetre or two.
  expect(await engineer.isAligned('markers')).toBeLessThan(0.004);
  await engineer.misses('scan', 'press');
  await pages.picture(page, 'job-step');
  await expectReadable(page);

  await engineer.presses();
  await page.getByLabel('Or type the code').fill('6204-2RS;S:B-9');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This step is held: Wrong part.').waitFor();
  await pages.picture(page, 'job-deviation');
  await page.getByRole('button', { name: 'Rework' }).click();
  await page.getByLabel('Reason').fill('took the right one from the tray');
  await page.getByRole('button', { name: 'Decide' }).click();
  await engineer.misses('scan', 'press');
  await engineer.presses();
  await page.getByLabel('Or type the code').fill('6208-2RS;S:B-77');
  await page.keyboard.press('Enter');
  await engineer.misses('press');
  await engineer.presses();

  await engineer.isAt('gap');
  await page.getByRole('textbox', { name: 'Value' }).fill('0.2');
  await page.keyboard.press('Enter');
  await engineer.misses('photo');
  await page.locator('body').press('PageDown');
  await page.getByRole('img', { name: 'As it is' }).waitFor();
  await pages.picture(page, 'job-photo');
  await engineer.presses();
  await engineer.isAt('inspect');
  await engineer.presses();
  await page.getByRole('button', { name: 'Sign off' }).click();
  await page.getByText('The job is finished.').waitFor();
  await page.getByRole('link', { name: 'Open the as-built record' }).waitFor();
  await pages.picture(page, 'job-finished');
});

it('on a phone: the page’s own panels over the real place, put down by hand, a step done by the pedal alone', async () => {
  const room = await open('VALVE-41');
  const engineer = await Engineer.enter(pages, ann, room, '&camera=none&xr=emulate&device=phone', PHONE);
  const { page } = engineer;
  await engineer.presses();
  await engineer.isAt('insert');
  await pages.picture(page, 'job-phone');
  await expectReadable(page);
  await engineer.putsOnGlasses();
  await page.getByRole('button', { name: 'Place it before me' }).click();
  // By eye: good for orientation, and said to be no better.
  expect(await engineer.isAligned('manual')).toBeGreaterThan(0.03);
  await engineer.presses();
  await engineer.isAt('gap');
  await pages.picture(page, 'job-phone-ar');
  await engineer.takesThemOff();
  expect((await engineer.seen()).open).toEqual(['fill']);
});

it('in monocular glasses: begun by a nod, a step done by a nod', async () => {
  const room = await open('VALVE-41');
  const query = '&camera=none&xr=emulate&device=glasses';
  const engineer = await Engineer.enter(pages, ann, room, query, { theme: 'dark' });
  await engineer.putsOnGlasses();
  expect(await engineer.plate()).toContain('Look at the markers');
  await engineer.looksAt('before');
  await engineer.isAligned('manual');
  await engineer.looksUp();
  await engineer.nodsUntil(async () => (await engineer.seen()).status === 'running');
  await engineer.isAt('insert');
  expect(await engineer.plate()).toContain('Do: insert');
  await engineer.nodsUntil(async () => (await engineer.seen()).step === 'gap');
  await pages.picture(engineer.page, 'job-glasses');
  expect(await engineer.plate()).toContain('Do: gap');
  await engineer.takesThemOff();
});
