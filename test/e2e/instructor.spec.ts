import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingSession } from '#net/index';
import type { Mode } from '#protocol/procedures/index';
import { consentOf, rewoundIn, type RunId } from '#protocol/training/index';
import type { TrainingView } from '../../client/features/training-room/scene/training-view.ts';
import { beforeRelease } from '../support/full.ts';
import { LOOKS } from '../support/looks.ts';
import { expectReadable, Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import {
  actAll,
  aloneIn,
  engineOf,
  GEARBOX,
  isRevealed,
  knownWay,
  openTraining,
  rowOf,
  startRun,
  type TrainingGround,
} from '../support/training.ts';

/** Instructors and trainees on the project's pages, in a browser, on the real server; trainees act by client/net. */
const FAULT = GEARBOX.workplace.faults[0]!;
const FAULT_NAME = FAULT.name['en']!;

let hall: Hall;
let pages: Pages;
let ina: Person;
let tom: Person;
let tia: Person;
let ground: TrainingGround;
const open: TrainingSession[] = [];

beforeAll(async () => {
  hall = await startHall();
  pages = await Pages.launch(hall.url);
  [ina, tom, tia] = (await Promise.all(['Ina Berg', 'Tom Ford', 'Tia Lund'].map((name) => signIn(hall.url, name)))) as [
    Person,
    Person,
    Person,
  ];
  ground = await openTraining(ina, [
    [tom, 'trainee'],
    [tia, 'trainee'],
  ]);
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
const path = (rest = '') => `/project/${ground.project}${rest}`;
const consolePath = () => path(`/training/${ground.room}`);
const saved = (session: TrainingSession) => until('all is on disk', () => session.pendingCount.get() === 0);

interface Doing {
  readonly before?: (session: TrainingSession, run: RunId) => Promise<void>;
  readonly acts?: number;
  readonly mode?: Mode;
  /** Between two acts: a run that took some time. */
  readonly paceMs?: number;
}

/** A whole run, to its debrief. `acts`: gives up after so many. */
async function aRun(person: Person, { before, acts, mode = 'practice', paceMs }: Doing = {}): Promise<RunId> {
  const session = await enter(person);
  const people = [aloneIn(GEARBOX, person)];
  const run = await startRun(session, ground, mode, people);
  await before?.(session, run);
  const way = knownWay(mode, people);
  for (const act of way.slice(0, acts ?? way.length)) {
    actAll(session, run, [act]);
    if (paceMs) await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
  if (acts !== undefined) session.submitTraining('run.end', { run });
  await saved(session);
  await isRevealed(session, run);
  await until('the result is kept', async () => {
    const { results } = await person.ask<{ results: { run: string }[] }>(
      'GET',
      `/api/trainings/${ground.room}/results`,
    );
    return results.some((one) => one.run === run);
  });
  return run;
}
/** A run with a part taken too early, and a fault that is found and named. */
const aRunWithFindings = (person: Person, paceMs = 0): Promise<RunId> =>
  aRun(person, {
    paceMs,
    before: async (session, run) => {
      await ina.ask('POST', `/api/trainings/${ground.room}/runs/${run}/faults`, { fault: FAULT.id });
      const by = session.me.user;
      actAll(session, run, [
        { type: 'grabbed', by, thing: GEARBOX.workplace.things.at(-3)!.id },
        { type: 'faultReported', by, diagnosis: FAULT.id },
      ]);
      await saved(session);
    },
  });
const debriefPath = (run: string) => `${consolePath()}/${run}`;
const isJudged = (page: Page) =>
  page.getByText(/^(Checked in this browser|已在此浏览器中核验)$/).waitFor({ timeout: 30_000 });
/** The name and text of what a click downloads. */
async function download(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

describe('an instructor', () => {
  it('opens a room for a released procedure, starts a run for a trainee and follows it live', async () => {
    const page = await pages.open(ina, path());
    await page.getByRole('button', { name: 'Open a training room' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name of the room').fill('Monday group');
    await pages.picture(page, 'training-open-room');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Monday group' }).waitFor();
    await page.getByText('Nobody is running anything yet').waitFor();
    await pages.picture(page, 'training-console-empty');
    await page.getByRole('button', { name: 'Start a run' }).click();
    await page.getByRole('dialog').getByRole('combobox', { name: 'Who runs it' }).click();
    await page.getByRole('option', { name: 'Tom Ford' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').getByRole('radio', { name: 'Practice' }).check();
    await pages.picture(page, 'training-start-run');
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    const card = page.getByRole('button', { name: /Tom Ford.*Running/ });
    await card.getByText('0 of 30 steps').waitFor();

    const room = new URL(page.url()).pathname.split('/').at(-1)!;
    const session = await tom.train(room);
    open.push(session);
    const run = [...session.document.get().tables.get('runs')!.keys()][0]! as RunId;
    expect(actAll(session, run, knownWay('practice', [aloneIn(GEARBOX, tom)]).slice(0, 12))).toEqual([]);
    await card.getByText(/^[1-9]\d? of 30 steps$/).waitFor();
    await page.getByText('2 people in').waitFor();
    await pages.picture(page, 'training-console-live');
    // The page says what the room says.
    const shown = await card.getByRole('img', { name: /of 30 steps/ }).getAttribute('data-done');
    expect(Number(shown)).toBeGreaterThan(0);
  });

  it('pauses, lets go on, jumps, freezes the room, and the trainee has it at once', async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const page = await pages.open(ina, `${consolePath()}?run=${run}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await until('Tom is paused', () => rowOf(session, run).state.pausedAtMs !== null);
    await page.getByRole('button', { name: 'Resume' }).click();
    await until('Tom goes on', () => rowOf(session, run).state.pausedAtMs === null);
    await page.getByRole('button', { name: 'Jump' }).click();
    const target = GEARBOX.chapters[1]!;
    const title = target.steps.find(({ id }) => id === target.first)!.title['en']!;
    await page.getByRole('menuitem', { name: title }).click();
    await until('Tom is there', () => engineOf(session, run).active[0]?.step === target.first);
    // Tom is told by whom, and pays nothing for it.
    expect(rowOf(session, run)).toMatchObject({ findings: 0, jumped: { by: { name: ina.name }, to: target.first } });
    await page.getByRole('button', { name: 'Freeze the room' }).click();
    await until('Tom stands still', () => rowOf(session, run).isFrozen);
    await page.getByText('The room stands still.').waitFor();
    await pages.picture(page, 'training-console-frozen');
    await page.getByRole('button', { name: 'Let the room go on' }).click();
    await until('Tom goes on', () => !rowOf(session, run).isFrozen);
  });

  it('shows everybody how it was while the room stands still, act by act, and sees through a trainee’s eyes', async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    actAll(session, run, knownWay('practice', [aloneIn(GEARBOX, tom)]).slice(0, 12));
    await saved(session);
    const shown = () => rewoundIn(session.document.get());
    const page = await pages.open(ina, `${consolePath()}?run=${run}`);
    await page.getByRole('button', { name: 'Freeze the room' }).click();
    await page.getByRole('button', { name: 'Rewind for all' }).click();
    await page.getByRole('button', { name: 'One act back' }).click();
    await until('one act back', () => shown()?.event === rowOf(session, run).events - 1);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await until('its beginning is shown', () => shown()?.event === 0);
    await pages.picture(page, 'training-console-rewind');
    const trainee = await pages.open(tom, `/room/${ground.room}`);
    await trainee.evaluate(() => localStorage.setItem('workhall.training.view', 'document'));
    await trainee.reload();
    await trainee.getByText(/^Ina Berg shows how it was: Tom Ford at 0:00/).waitFor();
    await trainee.getByRole('heading', { level: 2, name: 'Gloves and glasses on' }).waitFor();
    await pages.picture(trainee, 'training-shown-past');
    await page.getByRole('button', { name: 'Back to now' }).click();
    await trainee.getByRole('heading', { level: 2, name: 'Gloves and glasses on' }).waitFor({ state: 'detached' });
    await trainee.close();
    await page.getByRole('button', { name: 'Let the room go on' }).click();
    await until('Tom goes on', () => !rowOf(session, run).isFrozen);

    await page.goto(`${hall.url}/room/${ground.room}?test&run=${run}`);
    const position = [0.3, 0.7, 0.9] as const;
    session.sendBody({ headInRoom: { position: [...position], rotation: [0, 0, 0, 1] } });
    await page.getByRole('button', { name: 'See what Tom Ford sees' }).click();
    await page.waitForFunction((wanted) => {
      const { training } = (window as unknown as { __workhall: { training: TrainingView } }).__workhall;
      return training.camera.eye.position.every((m, axis) => Math.abs(m - wanted[axis]!) < 0.01);
    }, position);
    await pages.picture(page, 'training-seen-as');
    session.submitTraining('run.end', { run });
  });

  it('can think again about ending a run; then it is over and its debrief is there', async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const page = await pages.open(ina, `${consolePath()}?run=${run}`);
    await page.getByRole('button', { name: 'End the run' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'End the run' }).click();
    await until('it is over', () => rowOf(session, run).outcome === 'abandoned', 15_000);
    await page.getByRole('link', { name: 'Debrief' }).click();
    await isJudged(page);
    await page.getByText('Not brought to its end.').waitFor();
  });

  it('injects a fault that the trainee cannot see', async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const page = await pages.open(ina, `${consolePath()}?run=${run}`);
    await page.getByText(/^Sealed: what you inject here is kept in the hall\./).waitFor();
    await page.getByRole('button', { name: `Inject: ${FAULT_NAME}` }).click();
    await page.getByRole('button', { name: `Take away: ${FAULT_NAME}` }).waitFor();
    await page.getByText(/^in since 0:0\d$/).waitFor();
    await pages.picture(page, 'training-console-fault');
    const known = JSON.stringify([...session.document.get().tables].map(([name, rows]) => [name, [...rows]]));
    expect(known).not.toContain('faultInjected');
    await expect(tom.ask('GET', `/api/trainings/${ground.room}/runs/${run}/faults`)).rejects.toMatchObject({
      status: 403,
    });
    session.submitTraining('run.end', { run });
    await isRevealed(session, run);
  });

  it('takes part as the inspector: is told that somebody waits, approves, and knows of no faults', async () => {
    const page = await pages.open(ina, consolePath());
    await page.getByRole('button', { name: 'Start a run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Who runs it' }).click();
    await page.getByRole('option', { name: 'Tom Ford' }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('radio', { name: 'Practice' }).check();
    await dialog.getByRole('combobox', { name: 'I take part as' }).click();
    await page.getByRole('option', { name: 'Inspector' }).click();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('so its faults are sealed from you too').waitFor();
    const run = new URL(page.url()).searchParams.get('run') as RunId;
    const session = await enter(tom);
    await until('Tom has the run', () => rowOf(session, run) !== undefined);
    const { participants } = rowOf(session, run);
    expect(participants.map(({ roles }) => roles)).toEqual([['fitter'], ['inspector']]);
    const way = knownWay('practice', participants);
    expect(actAll(session, run, way.slice(0, -1))).toEqual([]);
    await page.getByRole('button', { name: /Waits for approval by Inspector/ }).waitFor();
    await pages.picture(page, 'training-console-approve');
    await page.getByRole('button', { name: 'Approve' }).click();
    await until('the run is done', () => rowOf(session, run).outcome === 'completed');
    await page.getByRole('link', { name: 'Debrief' }).waitFor();
  });

  it('sees from above where people are and where they look', async () => {
    const session = await enter(tom);
    await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const page = await pages.open(ina, consolePath());
    await page.getByText('Nobody shows where they are').waitFor();
    const move = setInterval(
      () => session.sendBody({ headInRoom: { position: [Math.random(), 1.7, 0.5], rotation: [0, 0, 0, 1] } }),
      100,
    );
    await page.locator('[data-person="Tom Ford"]').waitFor();
    clearInterval(move);
    await pages.picture(page, 'training-console-where');
  });
});

describe('the debrief', () => {
  it('shows the number that the hall says, computed here, and each point leads to its moment', async () => {
    const run = await aRunWithFindings(tom);
    const { sheet } = await ina.ask<{ sheet: { points: number; full: number; lines: unknown[] } }>(
      'GET',
      `/api/trainings/${ground.room}/runs/${run}/score`,
    );
    const page = await pages.open(ina, debriefPath(run));
    await isJudged(page);
    await page.getByText(new RegExp(`judged again: ${sheet.points} points, the same number`)).waitFor();
    await page.getByText(`${sheet.points} of ${sheet.full}`).waitFor();
    await page.getByText(/^\d seals? opened/).waitFor();
    const reason = page.getByRole('button', { name: /^Wrong part 1 ×|^Wrong order 1 ×/ });
    await reason.click();
    expect(await reason.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: /^0:\d\d (Wrong part|Wrong order):/ }).click();
    await page.getByRole('heading', { name: /^At 0:\d\d$/ }).waitFor();
    await pages.picture(page, 'debrief-desk');
  });

  it('goes through the events by keyboard, with the fault’s times', async () => {
    const run = await aRunWithFindings(tom);
    const page = await pages.open(ina, debriefPath(run));
    await isJudged(page);
    const line = page.getByRole('group', { name: 'Time line' });
    await line.locator('[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    const said = async () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    const heard: string[] = [];
    for (let n = 0; n < 8; n++) {
      heard.push(await said());
      await page.keyboard.press('ArrowRight');
    }
    expect(heard.some((one) => /^Wrong order: .*, at 0:\d\d$/.test(one))).toBe(true);
    expect(heard.find((one) => one.startsWith(`Fault: ${FAULT_NAME}`))).toMatch(
      /injected at 0:\d\d, found after 0:\d\d, diagnosed after 0:\d\d/,
    );
    await page.keyboard.press('End');
    expect(await page.getByRole('slider', { name: 'Moment of the run' }).getAttribute('aria-valuenow')).not.toBe('0');
  });

  it('compares with earlier runs of the same person, and with the class from three runs of others on', async () => {
    for (const acts of [20, 40]) await aRun(tom, { acts });
    const first = await aRun(tia, { acts: 15 });
    const page = await pages.open(ina, debriefPath(first));
    await isJudged(page);
    await page.getByText(/^Class: the middle of \d+ runs of others/).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Earlier' }).count()).toBe(0);
    const second = await aRun(tia);
    await page.goto(`${hall.url}${debriefPath(second)}`);
    await page.getByText(/Earlier: the middle of 1 earlier run of the same people\./).waitFor({ timeout: 30_000 });
    await page.getByRole('columnheader', { name: 'Earlier' }).waitFor();
    expect(
      await page
        .getByRole('listitem')
        .filter({ hasText: /^\d+Run \d$/ })
        .count(),
    ).toBe(2);
    await pages.picture(page, 'debrief-compared');
  });

  it('does not believe a journal or a number that was changed on the way', async () => {
    const run = await aRun(tom, { acts: 10 });
    const page = await pages.open(ina, debriefPath(run));
    await isJudged(page);
    await page.route('**/score', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { sheet: { points: number } };
      body.sheet.points += 40;
      await route.fulfill({ response: answer, json: body });
    });
    await page.reload();
    await page.getByText(/^This browser comes to 1000 points, the hall says 1040\./).waitFor({ timeout: 30_000 });
    await page.unroute('**/score');
    await page.route('**/journal', async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      // The trainee's name in an early entry: whatever is changed, the chain behind it does not fit any more.
      body.write('Tim', body.indexOf('Tom Ford'));
      await route.fulfill({ response: answer, body });
    });
    await page.reload();
    await page.getByText(/^The journal does not hold: The chain is broken/).waitFor({ timeout: 30_000 });
    await pages.picture(page, 'debrief-broken');
  });

  it('goes into a spreadsheet and onto paper', async () => {
    const run = await aRunWithFindings(tom);
    const page = await pages.open(ina, debriefPath(run), { theme: 'dark' });
    await isJudged(page);
    const { name, text } = await download(page, 'CSV');
    expect(name).toMatch(/^Tom Ford – Assemble the planetary gearbox – \d{4}-\d\d-\d\d\.csv$/);
    expect(text).toMatch(/^\ufeffPerson,Tom Ford\r\nProcedure,Assemble the planetary gearbox\r\nMode,\w+\r\nBegun,20/);
    expect(text).toContain('\r\nTime (s),Step,Findings,Points\r\n,,Full points,1000\r\n');
    expect(text).toMatch(/,Wrong order: [^\r]*,-40\r\n/);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const count = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(5);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await page.setViewportSize({ width: 688, height: 1017 }); // A4 at 96 dpi, less its margins
    await pages.picture(page, 'debrief-print');
    expect(await page.getByRole('button', { name: 'PDF report' }).isVisible()).toBe(false);
    expect(
      await page
        .getByText(/^Wrong order: /)
        .first()
        .isVisible(),
    ).toBe(true);
  });

  it('is a trainee’s own alone: another’s is refused with the reason', async () => {
    const run = await aRun(tom, { acts: 10 });
    const own = await pages.open(tom, path());
    await own.getByRole('heading', { name: 'My results' }).waitFor();
    await own
      .getByRole('link', { name: /^Debrief: Tom Ford/ })
      .first()
      .click();
    await isJudged(own);
    const other = await pages.open(tia, debriefPath(run));
    await other.getByText('As trainee you cannot do this.').waitFor();
  });
});

describe('motion', () => {
  beforeRelease('of who agreed is drawn from above, and is erased by the person alone', async () => {
    const run = await aRun(tom, {
      acts: 10,
      before: async (session) => {
        const agreed = session.submitTraining('consent.give', { motion: true });
        await session.confirmed((agreed as { id: string }).id);
        for (let i = 0; i < 40; i++) {
          const turn = Math.sin(-0.35); // looks down at the bench
          const rotation: [number, number, number, number] = [turn, 0, 0, Math.cos(-0.35)];
          session.sendBody({ headInRoom: { position: [Math.sin(i / 6), 1.7, 0.8], rotation } });
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
      },
    });
    await Promise.all(open.splice(0).map((session) => session.leave()));
    const mine = () => tom.ask<{ recordings: object[] }>('GET', `/api/trainings/${ground.room}/recordings`);
    await until('the recording is kept', async () => (await mine()).recordings.length === 1);
    const boss = await pages.open(ina, debriefPath(run));
    await isJudged(boss);
    await boss.getByRole('img', { name: /^Where Tom Ford stood, seen from above/ }).waitFor();
    await boss.getByRole('img', { name: /^Where Tom Ford looked at working height/ }).waitFor();
    expect(await boss.getByRole('button', { name: 'Erase my motion' }).count()).toBe(0);
    await pages.picture(boss, 'debrief-motion');
    await expectReadable(boss);

    const page = await pages.open(tom, debriefPath(run));
    await page.getByText('Your motion is recorded in this room.').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Change' }).click();
    await pages.picture(page, 'training-consent');
    await page.getByRole('dialog').getByRole('button', { name: 'Do not record' }).click();
    await page.getByText('Your motion is not recorded in this room.').waitFor();
    await page.getByRole('button', { name: 'Erase my motion' }).click();
    await page.getByText('No motion was recorded during this run.').waitFor();
    await until('it is gone from the hall', async () => (await mine()).recordings.length === 0, 15_000);
  });
});

describe('a trainee in the room', () => {
  it('is asked before anything is recorded', async () => {
    const page = await pages.open(tia, `/room/${ground.room}`);
    await page.getByText('Your motion is not recorded in this room.').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByText('It is deleted after 90 days, or at once when you ask.').waitFor();
    await page.getByRole('button', { name: 'Record my motion' }).click();
    await page.getByText('Your motion is recorded in this room.').waitFor();
    const session = await enter(ina);
    await until('the room knows it', () => consentOf(session.document.get(), tia.id)?.motion === true);
  });
});

describe('a course', () => {
  it('is made of modules, assigned to a new group with a day, done by a run, and let go', async () => {
    const page = await pages.open(ina, path());
    await page.getByRole('button', { name: 'New course' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill('Gearbox fitter');
    for (let n = 0; n < 2; n++) {
      await dialog.getByRole('combobox', { name: 'Add a module' }).click();
      await page.getByRole('option', { name: /planetary gearbox/ }).click();
    }
    await dialog.getByLabel('Title of module 2').fill('Gearbox, alone');
    await dialog.getByRole('combobox', { name: 'Counts from' }).nth(1).click();
    await page.getByRole('option', { name: 'Exam' }).click();
    await pages.picture(page, 'training-course-dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Gearbox fitter' }).waitFor();
    await page.getByText('Nobody has this course yet').waitFor();
    await page.getByRole('button', { name: 'Assign', exact: true }).click();
    await dialog.getByRole('button', { name: 'New group' }).click();
    await dialog.getByLabel('Name of the group').fill('Night shift');
    await dialog.getByRole('combobox', { name: 'Who is in it' }).click();
    for (const name of ['Tom Ford', 'Tia Lund']) await page.getByRole('option', { name }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Make the group' }).click();
    await dialog.getByText('Night shift').first().waitFor();
    await dialog.getByLabel('To be done until').fill('2099-01-31');
    await pages.picture(page, 'training-assign-dialog');
    await dialog.getByRole('button', { name: 'Assign', exact: true }).click();
    const row = page.getByRole('row', { name: /Tia Lund/ });
    await row.getByText('to do', { exact: true }).waitFor();

    await aRun(tia, { mode: 'guided' });
    await page.reload();
    await row.getByText('passed', { exact: true }).waitFor();
    await pages.picture(page, 'training-course-standings');
    const mine = await pages.open(tia, path());
    await mine.getByText('Next: Gearbox, alone').waitFor();

    await page.getByRole('button', { name: 'Let the group Night shift go' }).click();
    await page.getByText('Nobody has this course yet').waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: 'Let the course go' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Let the course go' }).click();
    await page.waitForURL(`**${path()}`);
    await until(
      'the course is gone',
      async () =>
        (await ina.ask<{ courses: object[] }>('GET', `/api${path('/courses').replace('/project/', '/projects/')}`))
          .courses.length === 0,
      15_000,
    );
  });
});

describe('the pages of training', () => {
  it.each(LOOKS)('are readable: %s', async (name, look) => {
    const run = await aRunWithFindings(tom, 60);
    const course = await ina.ask<{ id: string }>('POST', `/api/projects/${ground.project}/courses`, {
      course: await aCourse(),
    });
    await ina.ask('POST', `/api/courses/${course.id}/assignments`, {
      people: [tom.id, tia.id],
      dueAt: Date.now() + 9e8,
    });
    const session = await enter(tia);
    await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tia)]);
    for (const [view, at, person] of [
      ['project', path(), ina],
      ['project-trainee', path(), tom],
      ['console', consolePath(), ina],
      ['debrief', debriefPath(run), ina],
      ['course', path(`/courses/${course.id}`), ina],
    ] as const) {
      const page = await pages.open(person, at, look);
      if (view === 'debrief') await isJudged(page);
      if (view === 'console')
        await page
          .getByRole('button', { name: /Tia Lund/ })
          .first()
          .waitFor();
      if (view !== 'console') await page.waitForLoadState('networkidle');
      await pages.picture(page, `training-${view}-${name}`);
      await expectReadable(page);
      await page.close();
    }
    await ina.ask('DELETE', `/api/courses/${course.id}`);
  });
});

async function aCourse(): Promise<object> {
  const { procedures } = await ina.ask<{ procedures: { id: string }[] }>(
    'GET',
    `/api/projects/${ground.project}/procedures`,
  );
  const module = (id: string, title: string, mode: Mode, needs: string[]) => ({
    ...{ id, title: { en: title }, line: procedures[0]!.id, mode, needs, isOptional: false, attempts: 3 },
    refresher: { firstDays: 90, growthPercent: 200, mostDays: 365 },
  });
  return {
    ...{ v: 1, title: { en: 'Gearbox fitter', zh: '减速器装配工' } },
    description: { en: 'Assembles the planetary gearbox alone and within tolerance.' },
    modules: [
      module('a', 'Guided', 'guided', []),
      module('b', 'Practice', 'practice', ['a']),
      module('c', 'Exam', 'exam', ['b']),
    ],
  };
}
