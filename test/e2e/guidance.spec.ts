import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '#protocol/guidance/index';
import { Line } from '../support/line.ts';
import { Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { RenderedJob } from './support/rendered-job.ts';

const PATIENCE_MS = 90_000;

/** A job in a browser, at a rendered work station: camera, markers, codes and tools without hardware, on the real server. */
describe('the gearbox at a rendered work station', () => {
  let hall: Hall;
  let line: Line;
  let pages: Pages;
  let ann: Person;
  let project = '';
  let job: RenderedJob;

  const rows = <T extends Parameters<typeof rowsOf>[1]>(name: T) => rowsOf(job.journal.document.get(), name);
  const hallIsAt = (step: string) =>
    until(`the hall is at ${step}`, () => rows('visits').at(-1)?.step === step, PATIENCE_MS);

  beforeAll(async () => {
    hall = await startHall({ env: { DEMO: '1', MQTT_PORT: '0' } });
    line = await Line.to(hall);
    pages = await Pages.launch(line.url);
    ann = await signIn(hall.url, 'Ann Berg');
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
});
