import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Leaf, RunEvent } from '#protocol/procedures/index';
import { procedureIn, proceduresIn, runsOf, type RunId } from '#protocol/training/index';
import { beforeRelease } from '../support/full.ts';
import { LOOKS } from '../support/looks.ts';
import { expectReadable, Pages, type Look } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { actAll, aloneIn, GEARBOX, knownWay, startRun } from '../support/training.ts';
import { openSchool, Trainee } from './support/trainee.ts';

/** Trainees at the sample procedures, in a browser, on the real server with its simulated machines. */

let hall: Hall;
let pages: Pages;
let ada: Person;
let room: string;

beforeAll(async () => {
  hall = await startHall({ env: { DEMO: '1' } });
  pages = await Pages.launch(hall.url);
  ada = await signIn(hall.url, 'Ada Meier');
  ({ room } = await openSchool(ada));
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

/** A trainee of their own for each story: one has one run at a time. */
const enter = async (name: string, look?: Look) => Trainee.enter(pages, await signIn(hall.url, name), room, look);

describe('by mouse, in 3D', () => {
  it('puts on wear, checks the kit, is stopped kindly at a wrong part, and builds up to the first tightened screw', async () => {
    const tom = await enter('Tom Wu');
    const { page } = tom;
    await tom.begin(/^Start: Assemble/);
    await tom.seesWorkplace();
    await tom.isAt('Gloves and glasses on');
    await tom.tick(/Gloves/, /Safety glasses/);
    await tom.isAt('Check kit and tools');
    await tom.tick(/kit is complete/, /bench are clean/, /within calibration/);
    await tom.isAt('Foot on the bench');
    await page.getByText('Step 3 of 30').waitFor();
    await page.getByText('Next: Input cover').waitFor();
    await pages.picture(page, 'training-foot');

    await tom.lift('carrier');
    await page.mouse.up();
    await tom.isTold('Not yet: Planet carrier comes later.');

    await tom.assemble('foot');
    await tom.isTold('Foot bracket is in its place.');
    await tom.isAt('Input cover');
    await tom.assemble('input-cover');
    await tom.isAt('Foot screws');
    for (const screw of [1, 2, 3, 4]) await tom.assemble(`foot-screw-${screw}`);
    await tom.isAt('Tighten the foot');
    // Their heads are on the other side.
    await tom.walkAround();
    await page.getByRole('button', { name: 'Torque wrench, 6 mm hexagon', exact: true }).click();
    await tom.click('thing', 'foot-screw-1');
    await page.getByRole('button', { name: 'Take the tool off' }).waitFor();
    await tom.isTold(/Torque wrench, 6 mm hexagon on Foot screw M8 x 20 1: 2[4-6]/);
    const line = page.getByRole('listitem').filter({ hasText: 'Foot screw M8 x 20 1: Torque' });
    await line.getByText('(done)').waitFor();

    // What was built stands after the page is loaded again.
    await page.reload();
    await tom.seesWorkplace();
    await tom.isAt('Tighten the foot');
    await pages.picture(page, 'training-built');
    expect(await page.getByText('(done)').count()).toBe(1);
  }, 300_000);

  beforeRelease(
    'starts up a pump skid, reaches the operating point, shuts it down, locks it, and passes',
    async () => {
      const pia = await enter('Pia Lang');
      const { page } = pia;
      await pia.begin(/^Start: Start up/);
      await pia.seesWorkplace();
      // More instruments than there is place for: the list says so.
      const readings = page.locator('details').filter({ hasText: 'Motor current' });
      await readings.locator('summary').click();
      await readings.getByText('More below').waitFor();
      await pages.picture(page, 'training-readings-more');
      await readings.locator('summary').click();
      await pia.tick(/Helmet/, /Safety glasses/, /Hearing/, /Gloves/);
      await pia.isAt('Permit and area');
      await pia.tick(/permit/, /Nobody works/, /oil stands/, /turns freely/);
      await pia.isAt('Walk round the skid');
      for (const thing of ['coupling-guard', 'strainer', 'relief-valve']) await pia.click('thing', thing);
      // The seal hides behind the guard: the keys find it.
      await pia.chooseByKeys('Shaft seal');
      await page.keyboard.press('Enter');
      await pia.isAt('Why is the suction never throttled?');
      await page.getByRole('radio', { name: /it cavitates/ }).check();
      await page.getByRole('button', { name: 'Answer' }).click();
      await pia.isAt('Read the level');
      await pia.enters(await pia.reads('tank-level'));

      await pia.isAt('Open the suction valve');
      await pia.click('control', 'breaker');
      await pia.isTold('Not yet: Main switch comes later.');
      await pia.wind('suction-valve', 1.4);
      await pia.isAt('Discharge closed');
      await pia.tick(/valve is closed/, /not isolated/);
      await pia.isAt('Open the minimum flow');
      await pia.setTo('bypass-valve', 'Minimum-flow valve', 100);
      await pia.isAt('Flush the seal');
      await pia.click('control', 'flush-valve');
      await pia.isAt('Vent the casing');
      await pia.click('control', 'vent-valve');
      await pia.isAt('Close the vent');
      // Open, its lever lies behind the casing; what was chosen last stands at hand below.
      await page.getByRole('group', { name: 'In your hands' }).getByText('closed', { exact: true }).click();
      await pia.isAt('Main switch on');
      await pia.click('control', 'breaker');
      await pia.isAt('Start the pump');
      await pia.click('control', 'start-button');
      await pia.isAt('Open the discharge');
      await pia.setTo('discharge-valve', 'Discharge valve', 78);
      await pia.isAt('Close the minimum flow');
      await pia.setTo('bypass-valve', 'Minimum-flow valve', 0);
      await pia.isAt('Operating point');
      await pia.regulates('discharge-valve', 'Discharge valve', 'flow', [49, 52], 78, 'Operating point');
      await pia.acknowledgesAll('No alarm left');
      await pia.isAt('Read the pressure');
      await pages.picture(page, 'training-pump');
      await pia.enters(await pia.reads('discharge-pressure'));
      await pia.isAt('Listen, look, feel');
      await pia.click('thing', 'motor');
      await pia.chooseByKeys('Shaft seal');
      await page.keyboard.press('Enter');
      await pia.isAt('Watch the pump');
      await page.getByRole('button', { name: 'Done' }).click();
      await pia.isAt('Open the minimum flow again');
      await pia.setTo('bypass-valve', 'Minimum-flow valve', 100);
      await pia.isAt('Close the discharge');
      await pia.setTo('discharge-valve', 'Discharge valve', 0);
      await pia.isAt('Stop the pump');
      await pia.click('control', 'stop-button');
      await pia.isAt('Close the suction valve');
      await pia.setTo('suction-valve', 'Suction valve', 0);
      await pia.isAt('Flush and minimum flow closed');
      await pia.click('control', 'flush-valve');
      await pia.setTo('bypass-valve', 'Minimum-flow valve', 0);
      await pia.isAt('Main switch off and locked');
      await pia.click('control', 'breaker');
      await pia.chooseByKeys(/^Hasp at the main switch/);
      await page.keyboard.press('ArrowUp');
      await pia.isAt('Hand over');
      await pia.tick(/in the log/, /pump is locked/);
      await page.getByText('Passed', { exact: true }).waitFor();
      await page.getByRole('row', { name: /Wrong order 1/ }).waitFor();
      await pages.picture(page, 'training-result');
      await expectReadable(page);
    },
    420_000,
  );
});

describe('by finger, on a phone', () => {
  it('answers, winds a valve open, takes a part and sets it in its place, with the picture free of the tools', async () => {
    const noa = await signIn(hall.url, 'Noa Kern');
    const session = await noa.train(room);
    const document = session.document.get();
    const found = (id: string) => proceduresIn(document).find((cid) => procedureIn(document, cid)!.id === id)!;
    const begun = async (id: string, acts: readonly object[]) => {
      const procedure = procedureIn(document, found(id))!;
      const people = [aloneIn(procedure, noa)];
      const run = await startRun(session, { project: '', room, procedure: found(id), release: '' }, 'guided', people);
      expect(actAll(session, run, acts.map((act) => ({ ...act, by: noa.id })) as RunEvent[])).toEqual([]);
      return run;
    };
    const pump = await begun('pump-skid', [
      ...['helmet', 'glasses', 'hearing', 'gloves'].map((thing) => ({ type: 'putOn', thing })),
      ...['permit', 'area', 'oil', 'turn'].map((item) => ({ type: 'checked', step: 'permit', item, isChecked: true })),
      ...['coupling-guard', 'seal', 'strainer', 'relief-valve'].map((thing) => ({ type: 'touched', thing })),
    ]);
    const trainee = await Trainee.enter(pages, noa, room, {
      ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    });
    const { page } = trainee;
    await trainee.seesWorkplace();
    await trainee.isAt('Why is the suction never throttled?');
    await page.getByRole('radio', { name: /it cavitates/ }).tap();
    await page.getByRole('button', { name: 'Answer' }).tap();
    await trainee.isAt('Read the level');
    await trainee.enters(await trainee.reads('tank-level'));
    await trainee.isAt('Open the suction valve');
    await trainee.wind('suction-valve', 1.4);
    await trainee.isAt('Discharge closed');
    await pages.picture(page, 'training-phone-pump');

    session.submitTraining('run.end', { run: pump });
    const beforeFoot = knownWay('guided', [aloneIn(GEARBOX, noa)]).filter(
      ({ type }) => type === 'putOn' || type === 'checked',
    );
    await begun(GEARBOX.id, beforeFoot);
    await trainee.isAt('Foot on the bench');
    await trainee.seesWorkplace(GEARBOX.id);
    await trainee.click('thing', 'foot');
    const hands = page.getByRole('group', { name: 'In your hands' });
    // In one line, however many there are: a tap on the part must not press what comes up under the finger, either.
    expect((await hands.getByRole('toolbar').boundingBox())!.height).toBeLessThan(64);
    await hands.getByRole('button', { name: 'Take it' }).tap();
    await hands.getByText('In your hand: Foot bracket').waitFor();
    await hands.getByRole('button', { name: 'Next place' }).tap();
    await pages.picture(page, 'training-phone-part');
    await hands.getByRole('button', { name: 'Put it here' }).tap();
    await trainee.isAt('Input cover');
    await session.leave();
  }, 300_000);
});

describe('in the document view', () => {
  it('the whole gearbox is built by keys, found by role and name, each kind of act in each step, with all points', async () => {
    const person = await signIn(hall.url, 'Kim Sato');
    const kim = await Trainee.enter(pages, person, room);
    const { page } = kim;
    await page.getByRole('radio', { name: '3D' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: /^Start: Assemble/ }).focus();
    await page.keyboard.press('Enter');
    await kim.isAt(GEARBOX.chapters[0]!.steps[0]!.title['en']!);
    const session = await person.train(room);
    const run = runsOf(session.document.get()).find(({ participants }) =>
      participants.some(({ id }) => id === person.id),
    )!.id as RunId;
    const way = knownWay('guided', [aloneIn(GEARBOX, person)]);
    const doAgain = async (leaf: Leaf) => {
      const acts = way.filter(
        (act) =>
          'thing' in act &&
          'thing' in leaf &&
          act.thing === leaf.thing &&
          (act.type === 'toolUsed') === (leaf.kind === 'toolUsed'),
      );
      expect(actAll(session, run, acts)).toEqual([]);
      await until(`${leaf.kind} is in the journal`, () => session.pendingCount.get() === 0);
    };
    for (const { title, id } of GEARBOX.chapters.flatMap(({ steps }) => steps)) {
      await kim.isAt(title['en']!);
      await kim.doByKeys(GEARBOX, id, doAgain);
    }
    await page.getByText('1000 of 1000 points').waitFor();
    await page.getByText('Passed', { exact: true }).waitFor();
    await session.leave();
  }, 300_000);

  it('a hint costs its price, a wrong part is told, and the result names both', async () => {
    const lea = await enter('Lea Roth');
    const { page } = lea;
    await page.getByText('Document', { exact: true }).click();
    await lea.begin(/^Start: Assemble/, 'Practice');
    for (const step of ['protect', 'kit']) await lea.doByKeys(GEARBOX, step);
    await lea.isAt('Foot on the bench');
    await page.getByLabel('Part', { exact: true }).selectOption({ label: 'Planet carrier' });
    await page.getByRole('button', { name: 'Take it' }).click();
    await lea.isTold('Not yet: Planet carrier comes later.');
    await page.getByRole('button', { name: 'Put it back' }).click();
    for (const step of ['foot', 'input-cover', 'foot-screws']) await lea.doByKeys(GEARBOX, step);
    await page.getByRole('button', { name: 'Give me a hint (costs 20 points)' }).click();
    await page.getByRole('button', { name: 'Run: More' }).click();
    await page.getByRole('menuitem', { name: 'Give up this run' }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('940 of 1000 points').waitFor();
    await page.getByRole('row', { name: 'Wrong order 1 -40' }).waitFor();
    await page.getByRole('row', { name: 'Hints 1 -20' }).waitFor();
    await page.getByRole('button', { name: 'Run it again' }).click();
    await page.getByRole('button', { name: /^Start: Assemble/ }).waitFor();
  });

  it('a team works on the run that the instructor began: what one holds the other sees, and cannot take', async () => {
    const [bo, ann] = [await signIn(hall.url, 'Bo Lind'), await signIn(hall.url, 'Ann Ek')];
    const session = await ada.train(room);
    const procedure = proceduresIn(session.document.get()).find(
      (cid) => procedureIn(session.document.get(), cid)!.id === GEARBOX.id,
    )!;
    const people = [aloneIn(GEARBOX, bo), aloneIn(GEARBOX, ann)];
    await startRun(session, { project: '', room, procedure, release: '' }, 'guided', people);
    const [his, hers] = await Promise.all([bo, ann].map((person) => Trainee.enter(pages, person, room)));
    for (const one of [his!, hers!]) {
      await one.page.getByText('Document', { exact: true }).click();
      await one.isAt('Gloves and glasses on');
    }
    for (const step of ['protect', 'kit']) await his!.doByKeys(GEARBOX, step);
    await hers!.isAt('Foot on the bench');
    const [hisPart, herPart] = [his!, hers!].map(({ page }) => page.getByLabel('Part', { exact: true }));
    await hisPart!.selectOption({ value: 'foot' });
    await his!.page.getByRole('button', { name: 'Take it' }).click();
    await herPart!
      .getByRole('option', { name: 'Foot bracket – in the hand of Bo Lind' })
      .waitFor({ state: 'attached' });
    await herPart!.selectOption({ value: 'foot' });
    await hers!.page.getByRole('button', { name: 'Take it' }).click();
    await hers!.isTold('in the hand of Bo Lind');
    await his!.page.getByLabel('Where to put it').selectOption({ label: 'On the bench' });
    await his!.page.getByRole('button', { name: 'Put it there' }).click();
    await hers!.isAt('Input cover');
    await session.leave();
  });

  it.each(LOOKS)('can be read by everybody: %s', async (name, look) => {
    const max = await enter('Max Frei', look);
    const { page } = max;
    const isChinese = look.language === 'zh';
    const file = name.replaceAll(/\W+/g, '-');
    await pages.picture(page, `training-start-${file}`);
    await expectReadable(page);
    await page.getByText(isChinese ? '文档' : 'Document', { exact: true }).click();
    await page.getByRole('button', { name: isChinese ? /泵撬/ : /^Start: Start up/ }).click();
    await page.locator('[data-sensor="tank-level"]').getByText('1.6').waitFor();
    await pages.picture(page, `training-document-${file}`);
    await expectReadable(page);
    await page.getByText(isChinese ? '三维' : '3D', { exact: true }).click();
    await max.seesWorkplace();
    await pages.picture(page, `training-scene-${file}`);
    await expectReadable(page);
  });
});
