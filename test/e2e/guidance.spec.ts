import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobOf, rowsOf } from '#protocol/guidance/index';
import type { DeskView } from '../../client/features/help/desk/desk-view.ts';
import { Line } from '../support/line.ts';
import { Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { RenderedJob } from './support/rendered-job.ts';

const CLI = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));
const PATIENCE_MS = 90_000;

interface AtDesk {
  readonly __workhall: { readonly desk: DeskView };
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

/** A whole job in a browser, at a rendered work station: camera, markers, codes and tools without hardware, on the real server. */
describe('the gearbox, from the order’s code to the record', { timeout: 300_000 }, () => {
  let hall: Hall;
  let line: Line;
  let pages: Pages;
  let [ann, eva] = [] as unknown as [Person, Person];
  let project = '';
  let job: RenderedJob;
  let desk: Page;

  const rows = <T extends Parameters<typeof rowsOf>[1]>(name: T) => rowsOf(job.journal.document.get(), name);
  const hallIsAt = (step: string) =>
    until(`the hall is at ${step}`, () => rows('visits').at(-1)?.step === step, PATIENCE_MS);

  beforeAll(async () => {
    hall = await startHall({ env: { DEMO: '1', MQTT_PORT: '0' } });
    line = await Line.to(hall);
    pages = await Pages.launch(line.url);
    [ann, eva] = (await Promise.all(['Ann Berg', 'Eva Lind'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
    ];
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
    await job?.journal.leave();
    await pages?.close();
    await line?.close();
    await hall?.stop();
  });

  it('is opened by the order’s card before the camera, and aligned by the printed sheets, no worse than it says', async () => {
    job = await RenderedJob.start(pages, hall.url, ann, project);
    await job.press();
    await hallIsAt('protect');
    const { statedM, offM } = await job.isAligned();
    expect(offM).toBeLessThan(1.5 * statedM);
    console.info(`aligned: ${(1000 * offM).toFixed(2)} mm off, ${(1000 * statedM).toFixed(2)} mm stated`);
    await job.worksUntil('foot-torque');
    await job.isAt('foot-torque');
    await pages.picture(job.page, 'guidance-torque');
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
    await job.scans('seal-20');
    expect(rows('scans').at(-1)).toMatchObject({ thing: 'seal-20', isRight: false });
    await job.decidesRework(/part/i, 'The right seal from the store');
    await job.orders('A wrong part lies in the kit', false);
    await job.scans('seal-20');
    expect(rows('scans').at(-1)).toMatchObject({ thing: 'seal-20', isRight: true });
    expect(rows('deviations').map(({ kind, decided }) => [kind, decided?.disposition])).toEqual([
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
    expect(rows('visits').at(-1)!.step).toBe('input-key');
    line.mend();
    await hallIsAt('bearing-6204');
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
      if (rows('marks').length > 0) break;
    }
    await until('the arrow stands', () => rows('marks').length === 1, PATIENCE_MS);
    await job.look('product');
    await pages.picture(desk, 'guidance-desk');
    await pages.picture(job.page, 'guidance-arrow');
    await desk.getByRole('button', { name: 'Unlock a step' }).click();
    await desk.getByLabel('Reason').fill('6204-2RS is read on the picture');
    await desk.getByRole('button', { name: 'Unlock', exact: true }).click();
    await hallIsAt('circlip-20');
    await job.page.getByRole('button', { name: 'End the call' }).click();
    await job.page.getByRole('textbox', { name: 'What did it come to?' }).fill('Read from afar');
    await job.page.getByRole('dialog').getByRole('button', { name: 'End the call' }).click();
    await until('the call is over', () => rows('calls').at(-1)?.status === 'over', PATIENCE_MS);
    await desk.context().close();
  });

  it('has the picture taken beside the one of how it should look, is signed off, and its record is verified by the command', async () => {
    await job.worksUntil('plate-torque');
    for (let screw = 1; screw <= 3; screw++) {
      await ann.ask('POST', `/api/jobs/${job.room}/simulated-tool`, { tool: 'wrench-m8', how: 'right' });
      await until(
        'the torque is told',
        () => rows('results').filter(({ step }) => step === 'plate-torque').length === screw,
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
    await hallIsAt('output-key');
    await job.worksUntil(null);
    await job.page.getByRole('button', { name: 'Sign off' }).click();
    await until('it is finished', () => jobOf(job.journal.document.get())!.status === 'finished', PATIENCE_MS);

    let record: { cid: string } | null = null;
    await until(
      'the record is made',
      async () => {
        record = await ann.ask<{ cid: string }>('GET', `/api/jobs/${job.room}/record`).catch(() => null);
        return record !== null;
      },
      PATIENCE_MS,
    );
    const answer = await fetch(`${hall.url}/api/jobs/${job.room}/journal`, {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    const folder = mkdtempSync(join(tmpdir(), 'workhall-story-'));
    const [file, journal] = [join(folder, 'record.json'), join(folder, 'journal.cbor')];
    writeFileSync(file, JSON.stringify(record));
    writeFileSync(journal, new Uint8Array(await answer.arrayBuffer()));
    const check = () => spawnSync(process.execPath, [CLI, 'job', file, '--journal', journal], { encoding: 'utf8' });
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('replayed here: the same record') });
    writeFileSync(file, JSON.stringify(record).replace('"SIM-G1-WRENCH-M8"', '"SIM-G1-WRENCH-M9"'));
    expect(check().status).not.toBe(0);
    rmSync(folder, { recursive: true });
    await pages.closeAll();
  });
});
