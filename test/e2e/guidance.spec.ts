import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobOf } from '#protocol/guidance/index';
import type { DeskView } from '../../client/features/help/desk/desk-view.ts';
import type { JobOverlay } from '../../client/features/guidance-room/scene/job-overlay.ts';
import type { MachineModel } from '../../client/features/training-room/scene/machine-model.ts';
import { Line } from '../support/line.ts';
import { Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { expectVerified, recordOf } from './support/checked-record.ts';
import { RenderedJob } from './support/rendered-job.ts';

const PATIENCE_MS = 90_000;

interface AtSkid {
  readonly __workhall: {
    readonly station: { readonly machine: MachineModel };
    readonly job: { readonly overlay: JobOverlay | null };
  };
}
interface AtDesk {
  readonly __workhall: { readonly desk: DeskView };
}

/** Where the hands are in the picture, parts of the window: a step, its next act and the tools stand beside that. */
const HANDS = [
  { width: 390, height: 844, from: [0.05, 0.3], to: [0.85, 0.56] },
  { width: 1280, height: 800, from: [0.4, 0.15], to: [0.8, 0.85] },
] as const;

/** What of the page stands there, and where (parts of the window). */
async function coveredAt(page: Page, { width, height, from, to }: (typeof HANDS)[number]): Promise<string[]> {
  await page.setViewportSize({ width, height });
  return page.evaluate(
    ([[left, top], [right, bottom]]) => {
      const found = new Set<string>();
      for (let u = 0; u <= 1; u += 0.125)
        for (let v = 0; v <= 1; v += 0.125) {
          const [x, y] = [left + u * (right - left), top + v * (bottom - top)];
          const there = document.elementFromPoint(x * innerWidth, y * innerHeight);
          // The picture, and the layer that draws on it.
          if (!there?.matches('video, canvas, :has(> canvas)'))
            found.add(`${x.toFixed(2)}, ${y.toFixed(2)}: ${there?.outerHTML.slice(0, 120)}`);
        }
      return [...found];
    },
    [from, to] as const,
  );
}

/** Where a click may meet the product, page coordinates: it has holes. */
const spotsOnProduct = (desk: Page) =>
  desk.evaluate(() => {
    const { stage, camera, world } = (window as unknown as AtDesk).__workhall.desk;
    const box = stage.canvas.getBoundingClientRect();
    const { min, max } = world.boundsInRoom();
    return [0.2, 0.5, 0.8].flatMap((u) =>
      [0.1, 0.3, 0.6].flatMap((v) => {
        const at = camera.project([
          min[0] + u * (max[0] - min[0]),
          min[1] + v * (max[1] - min[1]),
          (min[2] + max[2]) / 2,
        ]);
        return at ? [{ x: box.left + at.xPx, y: box.top + at.yPx }] : [];
      }),
    );
  });

let hall: Hall;
let line: Line;
let pages: Pages;
let [ann, eva] = [] as unknown as [Person, Person];
let project = '';

beforeAll(async () => {
  hall = await startHall({ env: { DEMO: '1', MQTT_PORT: '0' } });
  line = await Line.to(hall);
  pages = await Pages.launch(line.url);
  [ann, eva] = (await Promise.all(['Ann Berg', 'Eva Lind'].map((name) => signIn(hall.url, name)))) as [Person, Person];
  await until(
    'the samples are there',
    async () => {
      const { projects } = await ann.ask<{ projects: { id: string; title: string }[] }>('GET', '/api/projects');
      project = projects.find(({ title }) => title === 'Planetary gearbox')?.id ?? '';
      if (project === '') return false;
      const { plans } = await ann.ask<{ plans: unknown[] }>('GET', `/api/projects/${project}/job-plans`);
      return plans.length === 2;
    },
    60_000,
  );
  const expert = { person: eva.id, languages: ['en'], subjects: ['bearings'], rank: 1 };
  await ann.ask('PUT', `/api/projects/${project}/experts`, expert);
});
afterAll(async () => {
  await pages?.close();
  await line?.close();
  await hall?.stop();
});

const file = async (path: string) => {
  const answer = await fetch(hall.url + path, { headers: { authorization: `Bearer ${ann.token}` } });
  return new Uint8Array(await answer.arrayBuffer());
};
/** Signed off at the page; its record, as text. */
async function signedOff(job: RenderedJob): Promise<string> {
  await job.page.getByRole('button', { name: 'Sign off' }).click();
  await until('it is finished', () => jobOf(job.journal.document.get())!.status === 'finished', PATIENCE_MS);
  return recordOf(ann, job.room, PATIENCE_MS);
}

/** A whole job in a browser, at a rendered work station: camera, markers, codes and tools without hardware, on the real server. */
describe('the gearbox, from the order’s code to the record', { timeout: 300_000 }, () => {
  let job: RenderedJob;
  let desk: Page;

  afterAll(() => job?.journal.leave());

  it('is opened by the order’s card before the camera, and aligned by the printed sheets, no worse than it says', async () => {
    job = await RenderedJob.start(pages, hall.url, ann, project);
    await job.press();
    await job.hallIsAt('protect');
    const { statedM, offM } = await job.isAligned();
    expect(offM).toBeLessThan(1.5 * statedM);
    console.info(`aligned: ${(1000 * offM).toFixed(2)} mm off, ${(1000 * statedM).toFixed(2)} mm stated`);
    await job.worksUntil('foot-torque');
    await job.isAt('foot-torque');
    await pages.picture(job.page, 'guidance-torque');
  });

  it('has nothing over the place of the hands, in a window and on a telephone', async () => {
    for (const place of HANDS) await expect.poll(() => coveredAt(job.page, place), { timeout: 20_000 }).toEqual([]);
  });

  it('has a wrong torque from the tool’s own line held and done again, and a wrong part that the camera read', async () => {
    await job.isAt('foot-torque');
    await job.orders('The next torque is wrong');
    await job.page.getByRole('button', { name: /^Use: Torque wrench, 6 mm/ }).click();
    await job.page.getByRole('alert').first().waitFor();
    await pages.picture(job.page, 'guidance-held');
    await job.decidesRework(/torque|result/i, 'The screw was dry: oiled, once more');
    await job.worksUntil('seal-20');
    await job.isAt('seal-20');
    await job.orders('A wrong part lies in the kit');
    expect(await job.cardsWithoutName()).toEqual([]);
    await job.scans('seal-20');
    expect(job.rows('scans').at(-1)).toMatchObject({ thing: 'seal-20', isRight: false });
    await job.decidesRework(/part/i, 'The right seal from the store');
    await job.orders('A wrong part lies in the kit', false);
    await job.scans('seal-20');
    expect(job.rows('scans').at(-1)).toMatchObject({ thing: 'seal-20', isRight: true });
    expect(job.rows('deviations').map(({ kind, decided }) => [kind, decided?.disposition])).toEqual([
      [expect.stringMatching(/wrong_result|out_of_tolerance/), 'rework'],
      ['wrong_part', 'rework'],
    ]);
  });

  it('goes on without a network, and the hall has it when there is one again', async () => {
    await job.worksUntil('input-key');
    await job.isAt('input-key');
    line.cut();
    await job.press();
    await job.isAt('bearing-6204');
    expect(job.rows('visits').at(-1)!.step).toBe('input-key');
    line.mend();
    await job.hallIsAt('bearing-6204');
  });

  it('is helped by an expert in another browser, who points at it and unlocks a step', async () => {
    const expert = await pages.open(eva, '/', { permissions: ['microphone'] });
    expert.setDefaultTimeout(PATIENCE_MS);
    await job.page.getByRole('button', { name: 'Call an expert' }).click();
    await job.page.getByLabel('What is it about?').fill('The code of the bearing cannot be read');
    await job.page.getByRole('button', { name: 'Ring', exact: true }).click();
    await expert
      .getByRole('alertdialog', { name: /Ann Berg needs help/ })
      .getByRole('button', { name: 'Accept' })
      .click();
    await expert.waitForURL(/\/jobs\/.+\/help/);
    await expert.goto(`${line.url}/jobs/${job.room}/help?test`);
    await expert.waitForFunction(() => (window as unknown as Partial<AtDesk>).__workhall?.desk);
    desk = expert;
    await desk.waitForFunction(() => {
      const { total, loaded } = (window as unknown as AtDesk).__workhall.desk.world.shapes.loading.get();
      return total > 0 && loaded === total;
    });
    await desk.getByRole('button', { name: 'Arrow' }).click();
    for (const { x, y } of await spotsOnProduct(desk)) {
      await desk.mouse.click(x, y);
      await sleep(500);
      if (job.rows('marks').length > 0) break;
    }
    await until('the arrow stands', () => job.rows('marks').length === 1, PATIENCE_MS);
    await job.look('product');
    await pages.picture(desk, 'guidance-desk');
    await pages.picture(job.page, 'guidance-arrow');
    await desk.getByRole('button', { name: 'Unlock a step' }).click();
    await desk.getByLabel('Reason').fill('6204-2RS is read on the picture');
    await desk.getByRole('button', { name: 'Unlock', exact: true }).click();
    await job.hallIsAt('circlip-20');
    await job.page.getByRole('button', { name: 'End the call' }).click();
    await job.page.getByRole('textbox', { name: 'What did it come to?' }).fill('Read from afar');
    await job.page.getByRole('dialog').getByRole('button', { name: 'End the call' }).click();
    await until('the call is over', () => job.rows('calls').at(-1)?.status === 'over', PATIENCE_MS);
    await desk.context().close();
  });

  it('has the picture taken beside the one of how it should look, is signed off, and its record is verified by the command', async () => {
    await job.worksUntil('plate-torque');
    for (let screw = 1; screw <= 3; screw++) {
      await ann.ask('POST', `/api/jobs/${job.room}/simulated-tool`, { tool: 'wrench-m8', how: 'right' });
      await until(
        'the torque is told',
        () => job.rows('results').filter(({ step }) => step === 'plate-torque').length === screw,
      );
    }
    await job.isAt('plate-torque');
    await job.look('behind');
    await job.press();
    await job.page
      .getByRole('img', { name: /Three planets/ })
      .last()
      .waitFor();
    await job.page.locator('[data-main-act]:not(:disabled)').waitFor();
    await pages.picture(job.page, 'guidance-compare');
    await job.press();
    await job.hallIsAt('output-key');
    await job.worksUntil(null);
    const record = await signedOff(job);
    const journal = await file(`/api/jobs/${job.room}/journal`);
    expectVerified(record, journal, ['"SIM-G1-WRENCH-M8"', '"SIM-G1-WRENCH-M9"']);
    await pages.closeAll();
  });
});

/** The other ready job: a machine that is in service is isolated first, and nobody alone gives it back. */
describe('the pump’s seal, from the lock to the hand-over', () => {
  let job: RenderedJob;

  /** Whether a node of the drawn skid is there, and which way round. */
  const drawn = (node: string) =>
    job.page.evaluate((name) => {
      const { machine } = (window as unknown as AtSkid).__workhall.station;
      const isShown = machine.meshes.some(
        (mesh) => mesh.name === name || mesh.parent?.name === name || mesh.parent?.parent?.name === name,
      );
      return { isShown, rotation: machine.poseInRoom(name).rotation };
    }, node);
  const isTurned = (node: string, { rotation }: Awaited<ReturnType<typeof drawn>>) =>
    until(`${node} is turned`, async () => `${(await drawn(node)).rotation}` !== `${rotation}`, PATIENCE_MS);

  beforeAll(async () => {
    let skid: string | undefined;
    await until('the skid is there', async () => {
      const { stations } = await ann.ask<{ stations: { id: string; name: string }[] }>(
        'GET',
        `/api/projects/${project}/stations`,
      );
      skid = stations.find(({ name }) => name === 'Pump skid 1')?.id;
      return skid !== undefined;
    });
    job = await RenderedJob.start(pages, hall.url, ann, project, { productType: 'PUMP-SKID-50', station: skid! });
  });
  afterAll(() => job?.journal.leave());

  it('isolates: the drawn skid follows switch, padlock and valves, and a picture of the lock is in the record', async () => {
    await job.press();
    await job.hallIsAt('protect');
    await job.worksUntil('switch-off');
    await job.isAt('switch-off');
    await job.page.waitForFunction(
      () => (window as unknown as Partial<AtSkid>).__workhall?.job.overlay?.marks.get()[0]?.kind === 'arrow',
    );
    await pages.picture(job.page, 'pump-arrow');
    await job.look('panel');
    await job.page.waitForFunction(() => {
      const { stage, cues } = (window as unknown as AtSkid).__workhall.job.overlay!;
      // An outline without normals is there and not seen.
      const outline = stage.scene.getMeshByName('outline machine:breaker');
      return cues.get()[0]?.thing === 'breaker' && outline?.getVerticesData('normal')?.every(Number.isFinite);
    });
    await pages.picture(job.page, 'pump-switch');
    await job.page.waitForFunction(() => (window as unknown as Partial<AtSkid>).__workhall?.station.machine);
    const [breaker, suction] = [await drawn('breaker'), await drawn('suction-valve')];
    expect((await drawn('breaker-hasp')).isShown).toBe(false);
    await job.press();
    await job.isAt('lock');
    await isTurned('breaker', breaker);
    await job.press();
    await until('the padlock hangs', async () => (await drawn('breaker-hasp')).isShown, PATIENCE_MS);
    await job.press();
    await job.page.locator('[data-main-act]:not(:disabled)').waitFor();
    await pages.picture(job.page, 'pump-locked');
    await job.press();
    await job.hallIsAt('valves');
    expect(job.rows('photos')).toMatchObject([{ gate: 'photo-lock', kind: 'picture' }]);
    // A valve that is set wrong is told at once; it is set again, and nothing is held.
    await job.isAt('valves');
    await job.page.getByRole('button', { name: /^Type the value: Set Suction valve/ }).click();
    await job.page.keyboard.type('50');
    await job.page.keyboard.press('Enter');
    await job.page.getByRole('alert').getByText('50 % is not between 0 and 2 %').waitFor();
    expect(job.rows('deviations')).toEqual([]);
    await job.worksUntil('why-lock');
    await job.isAt('why-lock');
    await isTurned('suction-valve', suction);
  });

  it('records the seal under pressure as a clip, sees it, and it is kept by its content', async () => {
    await job.look('product');
    await job.worksUntil('inspect');
    await job.isAt('inspect');
    // What the steps have taken off is off the drawn skid, and the seat is free.
    for (const node of ['coupling-guard', 'seal'])
      await until(`${node} is off`, async () => !(await drawn(node)).isShown, PATIENCE_MS);
    expect((await drawn('seal-seat')).isShown).toBe(true);
    await pages.picture(job.page, 'pump-open');
    await job.worksUntil('leak');
    for (const node of ['coupling-guard', 'seal'])
      await until(`${node} is on again`, async () => (await drawn(node)).isShown, PATIENCE_MS);
    expect(job.rows('alignments').length).toBeGreaterThan(0);
    await job.isAt('leak');
    const drops = job.page.getByRole('textbox', { name: 'Value' });
    await drops.fill('0');
    await drops.press('Enter');
    await job.press();
    const dialog = job.page.getByRole('dialog', { name: /^Clip/ });
    await dialog.getByRole('button', { name: 'Record', exact: true }).waitFor();
    await job.press();
    // A busy machine takes one picture a second of it, and one alone is no clip.
    await dialog.getByText(/^([5-9]|1\d) of 15 s, [1-9]/).waitFor();
    await job.press();
    const clip = dialog.getByLabel('As it is');
    await clip.waitFor();
    const playing = () =>
      clip.evaluate((video: HTMLVideoElement) => [video.videoWidth, video.currentTime > 0, video.error?.message]);
    await until('it plays', async () => (await playing())[1] === true, PATIENCE_MS);
    expect(await playing()).toEqual([1280, true, undefined]);
    await pages.picture(job.page, 'pump-clip');
    await dialog.getByRole('button', { name: 'Use this clip' }).click();
    await job.hallIsAt('unlock');
    const { cid, kind } = job.rows('photos').at(-1)!;
    expect(kind).toBe('clip');
    const start = async () => [...(await file(`/api/assets/${cid}`)).slice(0, 4)].join();
    // EBML, as every WebM begins (RFC 8794, 11.2.1).
    await until('the hall has it', async () => (await start()) === [0x1a, 0x45, 0xdf, 0xa3].join(), PATIENCE_MS);
  });

  it('is looked at by a second person in another browser, signed off, and the record with its clip is verified', async () => {
    await job.isAt('unlock');
    await job.press();
    await job.isAt('hand-over');
    await until('the padlock is off', async () => !(await drawn('breaker-hasp')).isShown, PATIENCE_MS);
    const other = await pages.open(eva, `/room/${job.room}?camera=none&test`);
    other.setDefaultTimeout(PATIENCE_MS);
    const isSeen = async () => {
      await other.getByRole('button', { name: 'Join the crew' }).click();
      await other.getByRole('button', { name: /^Check it/ }).click();
      await pages.picture(other, 'pump-second');
      await other.getByRole('button', { name: 'It is right' }).click();
    };
    await Promise.all([job.worksUntil(null), isSeen()]);
    const record = await signedOff(job);
    for (const named of [job.rows('photos').at(-1)!.cid, eva.id]) expect(record).toContain(named);
    expectVerified(record, await file(`/api/jobs/${job.room}/journal`), ['MS-45-CART', 'MS-46-CART']);
    await pages.closeAll();
  });
});
