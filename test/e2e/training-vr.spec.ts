import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { indexOf, react, start, type RunEvent } from '#protocol/procedures/index';
import type { TrainingSession } from '#net/index';
import { isFrozen, procedureIn, proceduresIn, runsOf } from '#protocol/training/index';
import { beforeRelease } from '../support/full.ts';
import { Pages } from '../support/pages.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import {
  actAll,
  aloneIn,
  engineOf,
  GEARBOX,
  isRevealed,
  knownWay,
  rowOf,
  startRun,
  type TrainingGround,
} from '../support/training.ts';
import { openSchool, Trainee } from './support/trainee.ts';
import { VrTrainee } from './support/vr-trainee.ts';
import { shoot } from '../support/drawing.ts';

/** A trainee in a headset (IWER's runtime in a real browser) at the sample gearbox, on the real server. */
const PICTURES = fileURLToPath(new URL('../../test-output/training-vr/', import.meta.url));
const PATIENCE_MS = 60_000;
vi.setConfig({ testTimeout: 600_000 });

let hall: Hall;
let pages: Pages;
let ada: Person;
let room: string;
let project: string;

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  hall = await startHall({ env: { DEMO: '1' } });
  pages = await Pages.launch(hall.url);
  ada = await signIn(hall.url, 'Ada Meier');
  ({ project, room } = await openSchool(ada));
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

/** The gearbox among the room's procedures. */
async function ground(session: TrainingSession): Promise<TrainingGround> {
  const document = session.document.get();
  const procedure = proceduresIn(document).find((cid) => procedureIn(document, cid)?.id === GEARBOX.id)!;
  return { project, room, procedure, release: '' };
}

/** What is left of the known way from the step at which somebody stands. */
function restFrom(step: string, person: Person): RunEvent[] {
  const people = [aloneIn(GEARBOX, person)];
  const participants = people.map(({ id, roles, station }) => ({ id, roles, station }));
  let { state } = start(GEARBOX, { mode: 'guided', seed: 1, participants, startedAtMs: 0 });
  const all = knownWay('guided', people);
  for (const [at, event] of all.entries()) {
    if (state.active.some((one) => one.step === step)) return all.slice(at);
    ({ state } = react(GEARBOX, state, event, at * 1000));
  }
  return [];
}

describe('a trainee in a headset', () => {
  beforeRelease(
    'puts on wear, sets the foot, mounts screws with both hands, tightens them, holds a part while the other hand fastens it, and the journal has it all with its score',
    async () => {
      const tom = await signIn(hall.url, 'Tom Wu');
      const desk = await Trainee.enter(pages, tom, room, { viewport: { width: 960, height: 640 } });
      const { page } = desk;
      await page.goto(`${hall.url}/room/${room}?test&xr=emulate`);
      await desk.begin(/^Start: Assemble/);
      await desk.seesWorkplace();
      const vr = new VrTrainee(page, PICTURES);
      await vr.enterVr();
      await vr.isAt('Gloves and glasses on');
      await vr.picture('vr-board-wear');
      await vr.press('board', 'wear-gloves');
      await vr.isTrue('the gloves are on', ({ stay }) => stay.board.words.includes('✓ Gloves'));
      await vr.press('board', 'wear-glasses');
      await vr.isAt('Check kit and tools');
      const items = await vr.look(({ stay }) => stay.board.buttons.filter((id) => id.includes('#')));
      expect(items).toHaveLength(3);
      for (const item of items) await vr.press('board', item);
      await vr.isAt('Foot on the bench');

      // Somebody takes what comes later: refused, said at once, held against nobody's dexterity.
      await vr.headset.moveHand('right', [0.2, 0.3, 0.1]);
      await vr.pointAt('right', 'thing', 'carrier');
      await vr.headset.press('right', 'trigger');
      await vr.isTrue('it is said what is wrong', ({ stay }) => stay.notice.text.includes('Planet carrier'));
      await vr.picture('vr-wrong-part');
      await vr.headset.release('right', 'trigger');

      await vr.take('right', 'foot');
      await vr.picture('vr-foot-in-hand');
      await vr.carryHome('right', 'foot');
      await vr.letGo('right');
      await vr.isAt('Input cover');
      await vr.assemble('right', 'input-cover');
      await vr.isAt('Foot screws');

      // One screw in each hand.
      await vr.take('left', 'foot-screw-1');
      await vr.take('right', 'foot-screw-2');
      expect(await vr.look(({ view }) => view.handling.carried.get().size)).toBe(2);
      await vr.carryHome('left', 'foot-screw-1');
      await vr.carryHome('right', 'foot-screw-2');
      await vr.picture('vr-two-hands');
      await vr.letGo('left');
      await vr.letGo('right');
      await vr.assemble('left', 'foot-screw-3');
      await vr.assemble('right', 'foot-screw-4');
      await vr.isAt('Tighten the foot');

      // The wrench from the wrist, set on the screw; it is turned until it clicks.
      await vr.headset.moveHand('left', [-0.2, 0.14, 0.42]);
      await vr.isTrue('the wrist plate is there', ({ stay }) => stay.wrist.isShown);
      await vr.picture('vr-wrist');
      await vr.press('wrist', 'tool-wrench-m8');
      await vr.isTrue('the wrench is in hand', ({ view }) => view.handling.tool.get() === 'wrench-m8');
      await vr.reach('right', 'foot-screw-1');
      await vr.headset.press('right', 'trigger');
      await vr.headset.release('right', 'trigger');
      await vr.isTrue('it clicked', ({ view }) => {
        const { state, procedure } = view.handling.run;
        const active = state.active.find(({ step }) => step === 'foot-torque');
        return !active || (active.seen.length > 0 && procedure.id === 'gearbox-assembly');
      });
      await vr.picture('vr-torque');

      // The rest of the screws and what follows by somebody who knows the way, up to the circlip.
      const session = await tom.train(room);
      const [run] = runsOf(session.document.get()).filter(({ participants }) =>
        participants.some(({ id }) => id === tom.id),
      );
      const ahead = restFrom('foot-torque', tom);
      const untilCirclip = ahead.slice(0, ahead.length - restFrom('circlip-20', tom).length);
      expect(actAll(session, run!.id as never, untilCirclip)).toEqual([]);
      await vr.isAt('Circlip on the shaft');
      // One hand holds it in its groove while the other closes it with the pliers.
      await vr.press('wrist', 'tool-pliers');
      await vr.take('left', 'circlip-20');
      await vr.carryHome('left', 'circlip-20');
      await vr.reach('right', 'circlip-20');
      await vr.headset.press('right', 'trigger');
      await vr.headset.release('right', 'trigger');
      await vr.isTrue('it is closed, and still in the hand', ({ view, stay }) => {
        const active = view.handling.run.state.active.find(({ step }) => step === 'circlip-20');
        return active?.seen.length === 1 && stay.things.heldIn('left') === 'circlip-20';
      });
      await vr.picture('vr-held-and-fastened');
      await vr.letGo('left');
      await vr.isTrue('the step is done', ({ view }) =>
        view.handling.run.state.visited.includes('circlip-20' as never),
      );
      await vr.headset.moveHand('left', [-0.2, 0.14, 0.42]);
      await vr.isTrue('the wrist plate is there again', ({ stay }) => stay.wrist.isShown);
      await vr.press('wrist', 'leave');
      await page.getByRole('button', { name: 'Enter VR' }).waitFor();
      await shoot(page, { path: `${PICTURES}after-vr.png` });

      // The journal, as the server has it: the steps done in the headset, and the finding.
      const { visited, active } = engineOf(session, run!.id);
      expect(visited.slice(0, 5)).toEqual(['protect', 'kit', 'foot', 'input-cover', 'foot-screws']);
      expect([visited.at(-1), active[0]!.step]).toEqual(['circlip-20', 'sun']);
      expect(rowOf(session, run!.id).findings).toBe(1);
      // The rest by somebody who knows the way: it is one and the same run, and it ends with a score.
      expect(actAll(session, run!.id as never, restFrom('sun', tom))).toEqual([]);
      await until('the run is over', () => rowOf(session, run!.id).outcome === 'completed', PATIENCE_MS);
      let points = 0;
      await until(
        'the score is there',
        async () => {
          const answer = await tom
            .ask<{ sheet: { points: number } }>('GET', `/api/trainings/${room}/runs/${run!.id}/score`)
            .catch(() => null);
          points = answer?.sheet.points ?? 0;
          return points > 0;
        },
        PATIENCE_MS,
      );
      const { points: cost } = GEARBOX.rubric.errors.wrong_order;
      expect(points).toBeLessThanOrEqual(GEARBOX.rubric.full - cost);
      expect(indexOf(GEARBOX).steps.size).toBe(30);
      await session.leave();
    },
  );
});

describe('a trainee at the pump skid', () => {
  it('turns a valve, pulls a lever and presses a switch with controllers; the same and a button with bare hands', async () => {
    const pia = await signIn(hall.url, 'Pia Lang');
    const session = await pia.train(room);
    const document = session.document.get();
    const procedure = proceduresIn(document).find((cid) => procedureIn(document, cid)?.id === 'pump-skid')!;
    const pump = procedureIn(document, procedure)!;
    const run = await startRun(session, { ...(await ground(session)), procedure }, 'practice', [aloneIn(pump, pia)]);
    const stands = (control: string) => engineOf(session, run).world.controls[control];
    const page = await pages.open(pia, `/room/${room}?test&xr=emulate`, {
      ...{ theme: 'dark', language: 'zh', viewport: { width: 960, height: 640 } },
    });
    await page.waitForFunction(
      () => (window as unknown as { __workhall?: { training?: { machine: unknown } } }).__workhall?.training?.machine,
      null,
      { timeout: PATIENCE_MS },
    );
    const vr = new VrTrainee(page, PICTURES);
    await vr.enterVr();
    await vr.hold('right', 'suction-valve', 'squeeze', 0.08);
    await vr.turn('right', 'suction-valve', 2.4);
    await vr.picture('vr-valve-dark-zh');
    await vr.headset.release('right', 'squeeze');
    await until('the valve is open', () => Number(stands('suction-valve')) > 10, PATIENCE_MS);
    await vr.hold('left', 'flush-valve', 'squeeze');
    await vr.turn('left', 'flush-valve', 1.5);
    await vr.headset.release('left', 'squeeze');
    await until('the flush is on', () => stands('flush-valve') === 'open', PATIENCE_MS);
    await vr.poke('right', 'breaker');
    await until('the power is on', () => stands('breaker') === 'on', PATIENCE_MS);

    await vr.headset.useBareHands();
    await vr.hold('right', 'bypass-valve', 'pinch', 0.08);
    await vr.turn('right', 'bypass-valve', 2.4);
    await vr.picture('vr-valve-bare-hand-dark-zh');
    await vr.headset.release('right', 'pinch');
    await until('the minimum flow is open', () => Number(stands('bypass-valve')) > 10, PATIENCE_MS);
    await vr.poke('right', 'start-button');
    await until('the machine has felt the finger', () => stands('start-button') === 'pressed', PATIENCE_MS);
    session.submitTraining('run.end', { run });
    await session.leave();
  });
});

describe('an instructor', () => {
  it('leads from the wrist: sees who is how far, stops the room, and puts a fault in that nobody hears of', async () => {
    const [ina, tim] = await Promise.all([signIn(hall.url, 'Ina Lead'), signIn(hall.url, 'Tim Long')]);
    const session = await tim.train(room);
    const run = await startRun(session, await ground(session), 'guided', [aloneIn(GEARBOX, tim)]);
    const act = (event: object) => actAll(session, run, [{ ...event, by: tim.id } as RunEvent]);
    expect([...act({ type: 'putOn', thing: 'gloves' }), ...act({ type: 'putOn', thing: 'glasses' })]).toEqual([]);
    const desk = await Trainee.enter(pages, ina, room, { viewport: { width: 960, height: 640 } });
    const { page } = desk;
    await page.goto(`${hall.url}/room/${room}?test&xr=emulate&run=${run}`);
    await desk.seesWorkplace();
    const vr = new VrTrainee(page, PICTURES);
    await vr.enterVr();
    await vr.headset.moveHand('left', [-0.2, 0.1, 0.42]);
    await vr.isTrue('the desk is at the wrist', ({ stay }) => stay.wrist.isShown);
    await vr.isTrue('Tim is one step on', ({ stay }) => stay.wrist.plate.words.includes('Tim Long · 1/30'));
    // Who watches reads the step, and has no buttons of the trainee's.
    expect(await vr.words()).toContain('Check kit and tools');
    expect(await vr.look(({ stay }) => stay.board.buttons)).toEqual([]);
    await vr.picture('vr-instructor');
    // What people say is read in the headset, too: ahead, and gone after a while.
    session.voice.tell('voice.join', { mic: 'open' });
    session.voice.tell('words', { text: 'The seal looks wrong to me', language: 'en', isFinal: true });
    await vr.isTrue('it stands ahead', ({ stay }) =>
      stay.heard.plate.words.startsWith('Tim Long: The seal looks wrong'),
    );
    await vr.picture('vr-said');
    await vr.isTrue('and is gone', ({ stay }) => !stay.heard.plate.isShown);
    await vr.press('wrist', 'freeze');
    await until('the room stands still', () => isFrozen(session.document.get()), PATIENCE_MS);
    expect(rowOf(session, run).isFrozen).toBe(true);
    await vr.isTrue('and says so', ({ stay }) => stay.wrist.plate.words.includes('The room stands still'));
    await vr.press('wrist', 'freeze');
    await until('it goes on', () => !isFrozen(session.document.get()), PATIENCE_MS);
    await vr.isTrue('faults are known', ({ stay }) => stay.wrist.plate.buttons.includes('fault-wrong-seal'));
    await vr.press('wrist', 'fault-wrong-seal');
    type Faults = { faults: { fault: string; isCleared: boolean }[] };
    const faults = () => ina.ask<Faults>('GET', `/api/trainings/${room}/runs/${run}/faults`);
    await until('the seal is the wrong one', async () => (await faults()).faults.length === 1, PATIENCE_MS);
    expect((await faults()).faults).toMatchObject([{ fault: 'wrong-seal', isCleared: false }]);
    expect(engineOf(session, run).world.faults).toEqual({});
    const sent = session.submitTraining('run.end', { run });
    expect('problem' in sent).toBe(false);
    await session.leave();
  });

  it('lets trainees follow a run: hands and parts do the step at hand, on until it is done, and not when switched off', async () => {
    const [eve, kim] = await Promise.all([signIn(hall.url, 'Eve Expert'), signIn(hall.url, 'Kim Koo')]);
    const session = await eve.train(room);
    const consent = session.submitTraining('consent.give', { motion: true });
    await session.confirmed((consent as { id: string }).id);
    const run = await startRun(session, await ground(session), 'guided', [aloneIn(GEARBOX, eve)]);
    const events = knownWay('guided', [aloneIn(GEARBOX, eve)]);
    for (const event of events) {
      // Eve's right hand is where she puts things down.
      const put = event.type === 'placed' ? event.poses.find(({ in: reference }) => reference === null)?.pose : null;
      for (let step = 0; put && step <= 6; step++) {
        const [x, y, z] = put.position;
        session.sendBody({
          headInRoom: { position: [0, 0.6, 0.8], rotation: [0, 0, 0, 1] },
          rightInRoom: { position: [x + 0.3 - step * 0.05, y + 0.05, z], rotation: [0, 0, 0, 1] },
          isHeadset: true,
        });
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      expect(actAll(session, run, [event])).toEqual([]);
    }
    await until('the run is over', () => rowOf(session, run).outcome === 'completed', PATIENCE_MS);
    await isRevealed(session, run);
    await session.leave();
    const marked = () =>
      eve.ask('PUT', `/api/trainings/${room}/experts/${run}`, { isExpert: true }).then(
        () => true,
        () => false,
      );
    await until('the run can be followed', marked, PATIENCE_MS);

    const desk = await Trainee.enter(pages, kim, room, {});
    await desk.begin(/^Start: Assemble/);
    await desk.seesWorkplace();
    const { page } = desk;
    const button = page.getByRole('button', { name: 'Expert' });
    await button.waitFor();
    const shown = () =>
      page.evaluate(() => (window.__workhall as unknown as { expert: { step: string | null } }).expert.step);
    await desk.tick(/Gloves/, /Safety glasses/);
    await desk.tick(/kit is complete/, /bench are clean/, /within calibration/);
    await desk.isAt('Foot on the bench');
    await until('the expert sets the foot', async () => (await shown()) === 'foot', PATIENCE_MS);
    await shoot(page, { path: `${PICTURES}expert-in-browser.png` });
    await desk.assemble('foot');
    await until('and then the cover', async () => (await shown()) === 'input-cover', PATIENCE_MS);
    await button.click();
    await until('nobody is there', async () => (await shown()) === null, PATIENCE_MS);
  });
});
