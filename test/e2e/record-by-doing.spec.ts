import { chromium, type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { check, indexOf, type Leaf, type Procedure } from '#protocol/procedures/index';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { RoomView } from '../../client/scene/room-view.types.ts';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { shoot } from '../support/drawing.ts';
import { Headset } from '../support/headset.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { engineOf, rowOf, startRun, aloneIn } from '../support/training.ts';
import { Room } from './support/room.ts';
import { PATIENCE_MS, Visitor } from './support/visitor.ts';

/** An author does the assembly, with both hands in a headset or with the mouse; somebody else runs what came of it. */
vi.setConfig({ testTimeout: 420_000 });

let hall: Hall;
let browser: Browser;
let ada: Person;
let bo: Person;
const visitors: Visitor[] = [];

beforeAll(async () => {
  hall = await startHall();
  // A microphone that beeps, and nobody to ask for it.
  const sound = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGS, ...sound] });
  ada = await signIn(hall.url, 'Ada');
  bo = await signIn(hall.url, 'Bo');
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  for (const visitor of visitors.splice(0)) visitor.expectNoProblems();
});
afterAll(async () => {
  await browser?.close();
  await hall?.stop();
});

const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], rotation: [0, 0, 0, 1] });
const PARTS: readonly Part[] = [
  solid('base', 'box', {
    name: 'Base plate',
    poseInParent: at(-0.08, 0.02, 0.1),
    shape: { kind: 'box', dimensions: { widthM: 0.16, heightM: 0.04, depthM: 0.12 } },
    material: { preset: 'steel', color: '#5f7f9f' },
  }),
  solid('block', 'box', {
    name: 'Bearing block',
    order: 'a1',
    poseInParent: at(0.17, 0.03, 0.1),
    shape: { kind: 'box', dimensions: { widthM: 0.05, heightM: 0.06, depthM: 0.05 } },
    material: { preset: 'brass', color: '#c8a14b' },
  }),
  solid('pin', 'cylinder', {
    name: 'Pin',
    order: 'a2',
    poseInParent: at(0.16, 0.03, -0.06),
    shape: { kind: 'cylinder', dimensions: { radiusM: 0.012, heightM: 0.06 } },
    material: { preset: 'paint', color: '#c92a2a' },
  }),
];

/** Ada's page of a design room with parts that lie side by side. */
async function enter(query: string): Promise<{ project: string; visitor: Visitor }> {
  const { project, room } = await openProject(ada, [bo]);
  const session = await ada.enter(room);
  const added = session.submit('parts.add', { parts: [...PARTS] });
  if ('problem' in added) throw new Error(added.problem.message);
  await session.confirmed(added.id);
  await session.leave();
  const visitor = await Visitor.arrive(browser, hall.url, 'Ada', 'record-by-doing');
  visitors.push(visitor);
  const kept = JSON.stringify({
    token: ada.token,
    me: { id: ada.id, name: 'Ada', badge: 'guest', address: null, addressKind: null },
  });
  await visitor.page.addInitScript((text) => localStorage.setItem('workhall.session', text), kept);
  await visitor.open(`/room/${room}?test${query}`);
  await visitor.page.waitForFunction(() => window.__workhall?.bench);
  return { project, visitor };
}

async function draftOf(project: string): Promise<{ id: string; procedure: Procedure }> {
  const { procedures } = await ada.ask<{ procedures: { id: string }[] }>('GET', `/api/projects/${project}/procedures`);
  expect(procedures).toHaveLength(1);
  return ada.ask('GET', `/api/procedures/${procedures[0]!.id}`);
}

const placedIn = (procedure: Procedure, step: string): Extract<Leaf, { kind: 'placed' }> => {
  const leaf = indexOf(procedure).steps.get(step)?.leaves[0]?.leaf;
  if (leaf?.kind !== 'placed') throw new Error(`${step} places nothing`);
  return leaf;
};

/** Bo does in a training room what the steps ask for; the journal tells how it went. */
async function runIt(project: string, draft: string, procedure: Procedure): Promise<void> {
  const { cid, procedure: document } = await ada.ask<{ cid: string; procedure: string }>(
    'POST',
    `/api/procedures/${draft}/releases`,
    { version: 1 },
  );
  const { room } = await ada.ask<{ room: string }>('POST', `/api/projects/${project}/trainings`, {
    title: 'Practise it',
    releases: [cid],
  });
  const session = await bo.train(room);
  const ground = { project, room, procedure: document, release: cid };
  const run = await startRun(session, ground, 'guided', [aloneIn(procedure, bo)]);
  const poses = new Map(procedure.workplace.things.map(({ id, poseInRoom }) => [id as string, poseInRoom!]));
  for (const { id } of procedure.chapters[0]!.steps) {
    const leaf = placedIn(procedure, id);
    const reference = leaf.reference.kind === 'thing' ? leaf.reference.thing : null;
    const inRoom = reference ? composePose(poses.get(reference)!, leaf.target) : leaf.target;
    const told: { in: string | null; pose: Pose }[] = [{ in: null, pose: inRoom }];
    if (reference) told.push({ in: reference, pose: composePose(invertPose(poses.get(reference)!), inRoom) });
    poses.set(leaf.thing, inRoom);
    for (const act of [
      { type: 'grabbed', by: bo.id, thing: leaf.thing },
      { type: 'placed', by: bo.id, thing: leaf.thing, poses: told },
    ]) {
      const sent = session.submitTraining('run.act', { run, act: act as never });
      if ('problem' in sent) throw new Error(`${id}: ${sent.problem.message}`);
      await session.confirmed(sent.id);
    }
  }
  expect(engineOf(session, run).status).toBe('completed');
  await until('the run is closed', () => rowOf(session, run).outcome === 'completed', PATIENCE_MS);
  expect(rowOf(session, run).findings).toBe(0);
  await session.leave();
}

describe('an author who does the assembly', () => {
  it('in a headset, with both hands, gets a draft that somebody else runs', async () => {
    const { project, visitor } = await enter('&xr=emulate');
    const { page } = visitor;
    await page.evaluate(() => (window.__workhall as unknown as { view: RoomView }).view.lookFrom('iso'));
    await page.waitForFunction(() => !window.__workhall.bench.camera.isMoving);
    await page.getByRole('button', { name: /VR/ }).first().click();
    const headset = new Headset(page);
    await headset.isOn();
    const shot = (name: string) => shoot(page, { path: `${visitor.pictures}${name}.png` });
    const middle = (id: string): Promise<Vec3> =>
      page.evaluate((part) => window.__workhall.bench.world.poseInRoom(part as PartId).position, id);
    const steps = (count: number) =>
      headset.until(
        `${count} steps are written down`,
        (_, wanted) => {
          const { view } = window.__workhall as unknown as { view: RoomView };
          return view.recording.get()?.state.get().steps.length === wanted;
        },
        count,
      );
    /** Both press with the grip, carry, and let go. */
    const carry = async (side: 'left' | 'right', id: string, to: Vec3) => {
      const from = await middle(id);
      // Up and over, as one does.
      await headset.shiftHand(side, [0, 0.15, 0]);
      await headset.shiftHand(side, [to[0] - from[0], 0, to[2] - from[2]]);
      await headset.shiftHand(side, [0, to[1] - from[1] - 0.15, 0]);
    };

    await headset.moveHand('left', [-0.2, 0.14, 0.42]);
    await headset.moveHand('right', [0.2, 0.1, 0.25]);
    await headset.until('the palette is there', (stay) => stay.palette.isShown);
    await headset.pressTarget('right', (act) => act.kind === 'record');
    await headset.until('it is recording', (stay) => stay.palette.page === 'recording');
    await page.waitForFunction(
      () =>
        (window.__workhall as unknown as { view: RoomView }).view.recording.get()?.state.get().phase === 'recording',
    );
    await shot('vr-record-begun');

    // The base in the left hand, the block in the right.
    await headset.reachFor('left', 'base');
    await headset.press('left', 'squeeze');
    await headset.shiftHand('left', [0.03, 0.1, 0]);
    await headset.reachFor('right', 'block');
    await headset.press('right', 'squeeze');
    const base = await middle('base');
    await carry('right', 'block', [base[0] - 0.03, base[1] + 0.05, base[2]]);
    await shot('vr-record-two-hands');
    await headset.release('right', 'squeeze');
    await steps(1);
    await headset.shiftHand('left', [0.05, -0.1, 0]);
    await headset.release('left', 'squeeze');
    await steps(2);
    const rides = await middle('block');
    expect(rides[1]).toBeCloseTo(0.07, 3);
    // A pin in the wrong place, taken back, then in the right one.
    await headset.reachFor('right', 'pin');
    await headset.press('right', 'squeeze');
    await carry('right', 'pin', [0.16, 0.03, 0.06]);
    await headset.release('right', 'squeeze');
    await steps(3);
    await headset.moveHand('left', [-0.2, 0.14, 0.42]);
    await headset.until('the palette is there again', (stay) => stay.palette.isShown);
    await headset.frames(8);
    await shot('vr-record-three-steps');
    await headset.pressTarget('right', (act) => act.kind === 'undoStep');
    await steps(2);
    expect((await middle('pin'))[2]).toBeCloseTo(-0.06, 3);
    await headset.reachFor('right', 'pin');
    await headset.press('right', 'squeeze');
    const standing = await middle('base');
    await carry('right', 'pin', [standing[0] + 0.05, standing[1] + 0.05, standing[2]]);
    await headset.release('right', 'squeeze');
    await steps(3);
    const isNote = (note: string) =>
      headset.until(
        `the note is ${note}`,
        (_, wanted) =>
          (window.__workhall as unknown as { view: RoomView }).view.recording.get()?.state.get().note === wanted,
        note,
      );
    await headset.holdTarget('right', (act) => act.kind === 'speakNote');
    await isNote('speaking');
    await headset.frames(20);
    await shot('vr-record-speaking');
    await headset.release('right', 'trigger');
    await isNote('none');
    await headset.pressTarget('right', (act) => act.kind === 'endRecording');
    await headset.until('the tools are back', (stay) => stay.palette.page === 'tools');
    await shot('vr-record-done');
    const { id, procedure } = await draftOf(project);
    expect(check(procedure).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(procedure.chapters[0]!.steps.map(({ title }) => title['en'])).toEqual([
      'Bearing block',
      'Base plate',
      'Pin',
    ]);
    const baseThing = procedure.workplace.things.find(({ part }) => part === 'base')!.id;
    const block = placedIn(procedure, 'step-1');
    expect(block.reference).toEqual({ kind: 'thing', thing: baseThing, frame: null });
    block.target.position.forEach((value, axis) => expect(value).toBeCloseTo([-0.03, 0.05, 0][axis]!, 3));
    expect(block.toleranceM).toBeGreaterThanOrEqual(0.003);
    expect(placedIn(procedure, 'step-3').reference).toMatchObject({ thing: baseThing });
    // What was said is the sound of the step that was the last then: WebM, from its first bytes on.
    const [note] = procedure.workplace.media;
    expect(procedure.chapters[0]!.steps[2]!.behaviours.at(-1)).toMatchObject({ kind: 'audio', media: note!.id });
    const sound = await page.evaluate(async (cid) => {
      const { token } = JSON.parse(localStorage.getItem('workhall.session')!) as { token: string };
      const answer = await fetch(`/api/assets/${cid}`, { headers: { authorization: `Bearer ${token}` } });
      return [...new Uint8Array(await answer.arrayBuffer()).subarray(0, 4)];
    }, note!.cid);
    expect(sound).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
    const pin = procedure.workplace.things.find(({ part }) => part === 'pin')!;
    expect(pin.symmetry).toMatchObject({ kind: 'revolute', flips: true });
    const ghost = procedure.chapters[0]!.steps[0]!.behaviours.find(({ kind }) => kind === 'ghostMotion');
    expect(
      ghost?.kind === 'ghostMotion' && ghost.motion.kind === 'computed' && ghost.motion.frames.length,
    ).toBeGreaterThan(2);

    await headset.pressTarget('right', (act) => act.kind === 'leave');
    await page.waitForURL('**/procedures/**');
    await page
      .getByRole('button', { name: /Bearing block/ })
      .first()
      .waitFor();
    await shot('draft-from-vr');
    await runIt(project, id, procedure);
  });

  it('with the mouse writes a note to a step and finds it in the draft', async () => {
    const { project, visitor } = await enter('');
    const { page } = visitor;
    const room = new Room(visitor);
    await room.isReady();
    await page.getByRole('button', { name: 'Record steps' }).click();
    await page.getByText('Take a part, put it where it belongs').waitFor();
    await room.select('Bearing block');
    await room.tool('Move');
    const arm = await room.arm(1);
    await room.drag(arm, { x: arm.x, y: arm.y - 60 });
    const list = page.getByRole('list', { name: 'Steps so far' });
    await list.getByRole('listitem').waitFor();
    const side = await room.arm(0);
    await room.drag(side, { x: side.x - 80, y: side.y });
    expect(await list.getByRole('listitem').count()).toBe(1);
    await page.getByRole('textbox', { name: 'What to say about: Bearing block' }).fill('Lift it over the plate.');
    await visitor.picture('mouse-recording');
    await page.getByRole('button', { name: 'Done: open the draft' }).click();
    await page.waitForURL('**/procedures/**');
    await page
      .getByRole('button', { name: /Bearing block/ })
      .first()
      .waitFor();
    const { procedure } = await draftOf(project);
    expect(procedure.chapters[0]!.steps).toHaveLength(1);
    expect(procedure.chapters[0]!.steps[0]!.instruction).toEqual({ en: 'Lift it over the plate.' });
  });
});
