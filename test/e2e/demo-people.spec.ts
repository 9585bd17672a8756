import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const HEARS = { permissions: ['microphone'] };
interface Watched {
  readonly __tracks: MediaStreamTrack[];
}
/** Whatever the page takes from the device from now on. */
const watchTracks = (page: Page) =>
  page.evaluate(() => {
    const taken: MediaStreamTrack[] = [];
    const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await asked(wanted);
      taken.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, { __tracks: taken });
  });
/** Tracks for which the browser still shows its sign. */
const live = (page: Page) =>
  page.evaluate(() => (window as unknown as Watched).__tracks.filter(({ readyState }) => readyState === 'live').length);

/** In the demo nobody is at hand who could name experts and supervisors: a second person finds the way alone. */
describe('people of the demo', () => {
  let hall: Hall;
  let pages: Pages;
  let [ann, eva] = [] as unknown as [Person, Person];
  let demo: string;
  let room: string;
  let engineer: Page;

  beforeAll(async () => {
    hall = await startHall({ env: { DEMO: '1', MQTT_PORT: '0' } });
    pages = await Pages.launch(hall.url, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
    [ann, eva] = (await Promise.all(['Ann', 'Eva'].map((name) => signIn(hall.url, name)))) as [Person, Person];
    const { projects } = await ann.ask<{ projects: { id: string }[] }>('GET', '/api/projects');
    demo = projects[0]!.id;
    let station = '';
    await until(
      'the sample jobs are planned',
      async () => {
        const about = `/api/projects/${demo}`;
        const { stations } = await ann.ask<{ stations: { id: string; name: string }[] }>('GET', `${about}/stations`);
        const { plans } = await ann.ask<{ plans: { plan: { productType: string } }[] }>('GET', `${about}/job-plans`);
        station = stations.find(({ name }) => name === 'Gearbox bench 1')?.id ?? '';
        return station !== '' && plans.some(({ plan }) => plan.productType === 'GEARBOX-P5');
      },
      40_000,
    );
    const code = 'WO;4711;GEARBOX-P5;GB-7';
    ({ room } = await ann.ask<{ room: string }>('POST', `/api/projects/${demo}/jobs`, { code, station }));
    await ann.ask('POST', `/api/jobs/${room}/ops`, { ops: [{ id: 'begin', type: 'job.begin', payload: {} }] });
  }, 120_000);
  afterAll(async () => {
    await pages?.close();
    await hall?.stop();
  });

  it('who calls and finds nobody reads which address a second person opens, and is answered by them', async () => {
    engineer = await pages.open(ann, `/room/${room}?camera=none`, HEARS);
    await engineer.getByRole('button', { name: 'Call an expert' }).click();
    await watchTracks(engineer);
    const ring = engineer.getByRole('dialog', { name: 'Who should help?' });
    const address = await ring.getByText(`/project/${demo}/experts`).innerText();
    const expert = await pages.open(eva, new URL(address).pathname, HEARS);
    await watchTracks(expert);
    await expert.getByRole('button', { name: 'I can be called' }).click();
    await expert.getByRole('switch', { name: 'I can be called' }).waitFor();
    await ring.getByRole('checkbox', { name: /^Eva/ }).waitFor();
    await ring.getByText('Reachable').waitFor();
    await ring.getByRole('button', { name: 'Ring', exact: true }).click();
    await expert
      .getByRole('alertdialog', { name: /Ann needs help/ })
      .getByRole('button', { name: 'Accept' })
      .click();
    // She works without a camera, and the desk says so in the place of the picture.
    await expert.getByText('Ann works without a camera.').waitFor();
    for (const page of [engineer, expert]) await until('the microphone is open', async () => (await live(page)) === 1);
    await engineer.getByRole('button', { name: 'End the call' }).click();
    await engineer.getByRole('dialog').getByRole('button', { name: 'End the call' }).click();
    await expert.getByText('No call is going on.').waitFor();
    for (const page of [engineer, expert]) await until('nobody listens', async () => (await live(page)) === 0);
  });

  it('a second person is the supervisor by one press, and sees the board with the job that waits', async () => {
    const board = await pages.open(eva, `/project/${demo}/jobs?view=board`);
    await board.getByRole('button', { name: 'Be a supervisor here' }).click();
    await board.getByRole('article', { name: 'Gearbox bench 1' }).getByText('GEARBOX-P5 GB-7').waitFor();
    const members = await pages.open(eva, `/project/${demo}#members`);
    const choice = members.getByRole('radiogroup', { name: 'My role in the demo' });
    expect(await choice.getByRole('radio', { name: 'Supervisor' }).isChecked()).toBe(true);
    // The engineer is told by name who can decide.
    await engineer.getByRole('button', { name: 'More' }).click();
    await engineer.getByRole('menuitem', { name: 'Deviations' }).click();
    await engineer.getByText('What is not as it should be?').fill('The cover is scratched');
    await engineer.getByRole('button', { name: 'Report something' }).click();
    await engineer.getByText('These can: Eva.').waitFor();
    await pages.closeAll();
  });
});
