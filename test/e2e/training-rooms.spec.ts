import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingSession } from '#net/index';
import { equipmentFor } from '#protocol/equipment/index';
import { Procedure } from '#protocol/procedures/index';
import { closedIn, type RunId } from '#protocol/training/index';
import { littleClip, littleSound } from '../support/little-media.ts';
import { expectReadable, Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { aloneIn, GEARBOX, openTraining, plainOf, rowOf, startRun, type TrainingGround } from '../support/training.ts';

/** From a new release to the end of a training, on the pages of instructors and trainees. */
const TITLE = GEARBOX.title['en']!;
let hall: Hall;
let pages: Pages;
let ina: Person;
let tom: Person;
let tia: Person;
let ground: TrainingGround;
const open: TrainingSession[] = [];

beforeAll(async () => {
  hall = await startHall();
  pages = await Pages.launch(hall.url, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
  [ina, tom, tia] = (await Promise.all(['Ina Berg', 'Tom Ford', 'Tia Lund'].map((name) => signIn(hall.url, name)))) as [
    Person,
    Person,
    Person,
  ];
  ground = await openTraining(ina, [[tom, 'trainee']]);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.leave()));
  await pages.closeAll();
});
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

const enter = async (person: Person): Promise<TrainingSession> => {
  const session = await person.train(ground.room);
  open.push(session);
  return session;
};

describe('a training room', () => {
  it('says that a newer release is out, takes it when the instructor says so, and new runs are made of it', async () => {
    const session = await enter(tom);
    const before = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const { procedures } = await ina.ask<{ procedures: { id: string; version: number }[] }>(
      'GET',
      `/api/projects/${ground.project}/procedures`,
    );
    const { id, version } = procedures[0]!;
    const procedure = { ...GEARBOX, description: { en: 'With the new seal.' } };
    await ina.ask('PUT', `/api/procedures/${id}`, { version, procedure });
    const { procedure: second } = await ina.ask<{ procedure: string }>('POST', `/api/procedures/${id}/releases`, {
      version: version + 1,
    });

    const trainee = await pages.open(tom, `/room/${ground.room}`);
    await trainee.getByText(/^Release 2 of this procedure is out. This run stays with release 1/).waitFor();
    await pages.picture(trainee, 'training-room-older-run');
    const overview = await pages.open(ina, `/project/${ground.project}`);
    await overview.getByText(`Release 2 of “${TITLE}” is out`).waitFor();
    await overview.getByRole('link', { name: 'Conduct: Gearbox' }).click();
    const newer = overview.getByRole('region', { name: 'Newer releases' });
    await newer.getByText('This room has release 1.').waitFor();
    await pages.picture(overview, 'training-console-newer');
    await expectReadable(overview);
    await newer.getByRole('button', { name: 'Take release 2' }).click();
    await newer.waitFor({ state: 'detached' });
    await overview.getByRole('button', { name: /Tom Ford.*Release 1, an older one/ }).waitFor();

    session.submitTraining('run.end', { run: before });
    await trainee.getByRole('button', { name: 'Run it again' }).first().click();
    await trainee.getByText('With the new seal.').waitFor();
    await pages.picture(trainee, 'training-room-newest');
    await trainee.getByRole('button', { name: /^Start: / }).click();
    await until('Tom is in a run of the newest', () =>
      [...session.document.get().tables.get('runs')!.values()].some((run) => run['procedure'] === second),
    );
    expect(rowOf(session, before).procedure).toBe(ground.procedure);
  });

  it('is closed by its instructor, who is told whose run ends with it; everybody sees that it is over', async () => {
    const session = await enter(tom);
    const page = await pages.open(ina, `/project/${ground.project}/training/${ground.room}`);
    await page.getByRole('button', { name: 'Close the room' }).click();
    const dialog = page.getByRole('dialog', { name: 'Close this training room?' });
    await dialog.getByText('1 run goes on and ends with it: Tom Ford.').waitFor();
    await pages.picture(page, 'training-console-close');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(closedIn(session.document.get())).toBeNull();
    await page.getByRole('button', { name: 'Close the room' }).click();
    await dialog.getByRole('button', { name: 'End the runs and close' }).click();
    await page.getByText('This training is over: Ina Berg closed the room').waitFor();
    await pages.picture(page, 'training-console-closed');
    await expectReadable(page);
    await page.getByRole('button', { name: 'Start a run' }).waitFor({ state: 'detached' });

    const trainee = await pages.open(tom, `/room/${ground.room}`, { theme: 'dark', language: 'zh' });
    await trainee.getByText('培训已结束').waitFor();
    await pages.picture(trainee, 'training-room-closed');
    expect(await trainee.getByRole('button', { name: /^开始/ }).count()).toBe(0);
    const overview = await pages.open(tom, `/project/${ground.project}`, { viewport: { width: 390, height: 844 } });
    await overview.getByText('1 closed room').click();
    await overview.getByText(/^Closed by Ina Berg/).waitFor();
    await pages.picture(overview, 'training-closed-rooms');

    await page.getByRole('button', { name: 'Open it again' }).click();
    await until('runs may start again', () => closedIn(session.document.get()) === null);
    await trainee.getByRole('button', { name: /^开始/ }).first().waitFor();
  });
});

describe('a run at a machine', () => {
  const CUES = ['Open the suction valve slowly.', 'Then wait until the gauge stands still.'];
  const HEARD = 'Never throttle the suction.';
  let plant: TrainingGround;
  let pump: Procedure;

  /** The sample with two stations, and a first step that shows a clip and plays a sound. */
  beforeAll(async () => {
    const page = await pages.open(ina, '/');
    const send = async (kind: 'video' | 'audio', body: Uint8Array) => {
      const answer = await fetch(`${hall.url}/api/projects/${ground.project}/procedures/media?kind=${kind}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ina.token}`, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(body),
      });
      return ((await answer.json()) as { cid: string }).cid;
    };
    const vtt = `WEBVTT\n\n00:00.000 --> 00:00.700\n${CUES[0]}\n\n00:00.700 --> 00:09.000\n${CUES[1]}`;
    const file = new URL('../../assets/procedures/pump-skid.procedure.json', import.meta.url);
    const sample = plainOf(Procedure.parse(JSON.parse(await readFile(file, 'utf8'))));
    const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null };
    pump = Procedure.parse({
      ...sample,
      workplace: {
        ...sample.workplace,
        stations: ['At the pump', 'In the control room'].map((name, at) => ({
          ...{ id: `station-${at + 1}`, place: null, roles: [] },
          name: { en: name, zh: name },
        })),
        media: [
          {
            ...{ id: 'clip', kind: 'video', cid: await send('video', await littleClip(page, 1500)) },
            description: { en: vtt, zh: vtt },
          },
          {
            ...{ id: 'note', kind: 'audio', cid: await send('audio', littleSound(1500)) },
            description: { en: HEARD, zh: HEARD },
          },
        ],
      },
      chapters: sample.chapters.map((chapter, n) => ({
        ...chapter,
        steps: chapter.steps.map((step, at) =>
          n + at > 0
            ? step
            : {
                ...step,
                behaviours: [
                  { ...every, kind: 'video', media: 'clip', at: null },
                  { ...every, kind: 'audio', media: 'note' },
                ],
              },
        ),
      })),
    });
    await page.close();
    plant = await openTraining(
      ina,
      [
        [tom, 'trainee'],
        [tia, 'trainee'],
      ],
      pump,
    );
  });

  const inPlant = async (person: Person): Promise<TrainingSession> => {
    const session = await person.train(plant.room);
    open.push(session);
    return session;
  };
  const consolePath = () => `/project/${plant.project}/training/${plant.room}`;

  it('begins with everybody at their station, and shows the instructor which alarms stand, since when, and whether somebody has acknowledged them', async () => {
    const session = await inPlant(tom);
    const page = await pages.open(ina, consolePath());
    await page.getByRole('button', { name: 'Start a run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Who runs it' }).click();
    for (const name of ['Tom Ford', 'Tia Lund']) await page.getByRole('option', { name }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('radio', { name: 'Practice' }).check();
    await dialog.getByRole('combobox', { name: 'Station of Tom Ford' }).click();
    await page.getByRole('option', { name: 'In the control room' }).click();
    await pages.picture(page, 'training-start-run-station');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    const alarms = page.getByRole('region', { name: 'Alarms' });
    await alarms.getByText('No alarm stands.').waitFor();
    const run = new URL(page.url()).searchParams.get('run') as RunId;
    await until('Tom has the run', () => rowOf(session, run) !== undefined);
    expect(rowOf(session, run).participants).toMatchObject([
      { name: 'Tom Ford', station: 'station-2' },
      { name: 'Tia Lund', station: null },
    ]);
    await ina.ask('POST', `/api/trainings/${plant.room}/runs/${run}/faults`, { fault: 'false-seal-alarm' });
    await alarms.getByText('not acknowledged').waitFor({ timeout: 60_000 });
    await alarms.getByText(/^\d+:\d\d$/).waitFor();
    await pages.picture(page, 'training-console-alarms');
    await expectReadable(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await pages.picture(page, 'training-console-alarms-dark');
    await expectReadable(page);
    const rung = equipmentFor(pump)!.about.alarms.find(({ id }) => id.includes('seal'))!;
    session.submitTraining('machine.input', { run, input: { type: 'alarmAcknowledged', alarm: rung.id } });
    await alarms.getByText('acknowledged', { exact: true }).waitFor();
    session.submitTraining('run.end', { run });
    await until('it is over', () => rowOf(session, run).outcome !== null);
  });

  it('shows a clip and plays a sound with what is said in them; what the instructor says to one alone stands before that one in writing', async () => {
    const [session, other] = [await inPlant(tom), await inPlant(tia)];
    const read: string[] = [];
    other.voice.on((heard) => heard.type === 'words' && read.push(heard.message.text));
    other.voice.tell('voice.join', { mic: 'none' });
    const run = await startRun(session, plant, 'guided', [aloneIn(pump, tom)]);
    const page = await pages.open(tom, `/room/${plant.room}`);
    await page.evaluate(() => localStorage.setItem('workhall.training.view', 'document'));
    // A browser keeps a page quiet that nobody has touched yet; what a test asks of it counts as a touch.
    await page.addInitScript(() => {
      let isTouched = false;
      addEventListener('mousedown', () => (isTouched = true), { capture: true });
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function () {
        return isTouched ? play.call(this) : Promise.reject(new DOMException('Not yet.', 'NotAllowedError'));
      };
    });
    await page.reload();
    const sound = page.locator('figure').filter({ has: page.locator('audio') });
    const played = () => sound.locator('audio').evaluate((audio: HTMLAudioElement) => audio.played.length);
    await sound.locator('audio').waitFor();
    expect(await played()).toBe(0);
    await page.mouse.click(4, 400);
    await until('the sound plays at the first touch', async () => (await played()) > 0);
    const clip = page.locator('figure').filter({ has: page.locator('video') });
    await clip.getByText(CUES.join(' ')).waitFor();
    await clip.locator('video').evaluate((video: HTMLVideoElement) => video.play());
    await clip.locator('[data-cue]').getByText(CUES[0]!, { exact: true }).waitFor();
    await clip.locator('[data-cue]').getByText(CUES[1]!, { exact: true }).waitFor();
    expect(await clip.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBe(96);
    await sound.locator('audio').evaluate((audio: HTMLAudioElement) => {
      audio.currentTime = 0;
      return audio.play();
    });
    await sound.locator('[data-cue]').getByText(HEARD).waitFor();

    const desk = await pages.open(ina, `${consolePath()}?run=${run}`, { permissions: ['microphone'] });
    // Headless browsers write nothing down themselves; what is behind it is the page's own.
    await desk.evaluate(() => {
      class SpeechRecognition {
        onresult: ((event: object) => void) | null = null;
        start() {
          const results = [{ isFinal: true, 0: { transcript: 'Look at the seal again' } }];
          Object.assign(window, { __hear: () => this.onresult!({ resultIndex: 0, results }) });
        }
        abort() {
          Object.assign(window, { __hear: null });
        }
      }
      Object.assign(window, { SpeechRecognition });
    });
    await desk.getByRole('button', { name: 'Subtitles of what I say' }).click();
    await desk.getByRole('button', { name: 'Speak to Tom Ford alone', pressed: false }).click();
    await desk.waitForFunction(() => '__hear' in window && window.__hear !== null);
    await page.getByText('Ina Berg speaks to you alone').waitFor();
    await desk.evaluate(() => (window as unknown as { __hear: () => void }).__hear());
    await page.getByText('Look at the seal again').first().waitFor();
    await pages.picture(page, 'training-said-to-me');
    await expectReadable(page);
    // What a trainee says stands on the console, and comes to everybody: nothing came to Tia before it.
    session.voice.tell('voice.join', { mic: 'open' });
    session.voice.tell('words', { text: 'It drips', language: 'en', isFinal: true });
    await desk.getByText('It drips').first().waitFor();
    await pages.picture(desk, 'training-console-said');
    await expectReadable(desk);
    await until('Tia reads it', () => read.length > 0);
    expect(read).toEqual(['It drips']);
    session.submitTraining('run.end', { run });
  });
});

describe('what is assigned to a trainee', () => {
  const DAY_MS = 86_400_000;
  const courseOf = (title: string, line: string) => ({
    v: 1,
    title: { en: title },
    description: {},
    modules: [
      {
        ...{ id: 'm', title: { en: 'Assembly' }, line, mode: 'practice', needs: [] },
        ...{ isOptional: false, attempts: null, refresher: null },
      },
    ],
  });

  it('stands in the hall, next due first, and leads by its course into the room; long lists have a search', async () => {
    const { procedures } = await ina.ask<{ procedures: { id: string }[] }>(
      'GET',
      `/api/projects/${ground.project}/procedures`,
    );
    const make = async (title: string, dueAt: number | null, isAssigned = true) => {
      const course = courseOf(title, procedures[0]!.id);
      const { id } = await ina.ask<{ id: string }>('POST', `/api/projects/${ground.project}/courses`, { course });
      if (isAssigned) await ina.ask('POST', `/api/courses/${id}/assignments`, { people: [tom.id], dueAt });
      return id;
    };
    await make('Whenever you like', null);
    await make('Next month', Date.now() + 30 * DAY_MS);
    const soon = await make('This week', Date.now() + 3 * DAY_MS);
    const other = await make('Of others', null, false);
    for (let n = 0; n < 4; n++) await make(`More ${n}`, null, false);

    const page = await pages.open(tom, '/');
    const assigned = page.getByRole('region', { name: 'What is assigned to you' });
    await assigned.getByRole('link').first().waitFor();
    expect(await assigned.getByRole('link').allTextContents()).toEqual([
      'This week',
      'Next month',
      'Whenever you like',
    ]);
    await pages.picture(page, 'hall-assigned');
    await expectReadable(page);
    const phone = await pages.open(tom, '/', {
      ...{ theme: 'dark', language: 'zh', viewport: { width: 390, height: 844 } },
    });
    await phone.getByRole('heading', { name: '分配给您的课程' }).waitFor();
    await pages.picture(phone, 'hall-assigned-390-dark-zh');
    await assigned.getByRole('link', { name: 'This week' }).click();
    await page.waitForURL(`**/courses/${soon}`);
    await pages.picture(page, 'training-course-way-in');
    await page.getByRole('link', { name: 'Practise: Assembly' }).click();
    await page.waitForURL(`**/room/${ground.room}?mode=practice`);

    const project = await pages.open(tom, `/project/${ground.project}`);
    await project.getByRole('searchbox', { name: 'Search: Courses' }).fill('OTHERS');
    await project.getByText('1 found').waitFor();
    expect(await project.getByRole('link', { name: /^(This week|More|Next month)/ }).count()).toBe(0);
    await pages.picture(project, 'training-course-search');
    // An instructor to whom nothing is assigned has the page all the same, and a lost course says that it is.
    const instructor = await pages.open(ina, `/project/${ground.project}/courses/${other}`);
    await instructor.getByRole('heading', { level: 1, name: 'Of others' }).waitFor();
    await instructor.getByText('Nobody has this course yet').waitFor();
    await instructor.goto(`${new URL(instructor.url()).origin}/project/${ground.project}/courses/gone`);
    await instructor.getByText('This course is not there any more').waitFor();
  });
});
