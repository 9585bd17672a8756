import { expect, it } from 'vitest';
import { equipmentById } from '#protocol/equipment/index';
import { MODES, react, start, type Participant, type RunEvent, type RunState } from '#protocol/procedures/index';
import { aProcedure, aStep, en, to, WORKBENCH } from '../../../../test/support/procedures.ts';
import { MachinePicture } from '../model/machine-feed.ts';
import { MovedJoints } from './moved-joints.ts';
import { marksOf } from './step-marks.ts';

const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null };
const thing = (id: string) => ({ kind: 'thing', thing: id, frame: null });
const pose = (x: number) => ({ position: [x, 0, 0], rotation: [0, 0, 0, 1] });
const FRAMES = [
  { atMs: 0, poseInRoom: pose(0) },
  { atMs: 1000, poseInRoom: pose(1) },
];
const WAY_CID = 'bafybeiauyeyyzbtlzntblwiwrlus4emu6xiveuv5v7oio73muwfd5uipre';
const ANN = { id: 'ann', roles: [], station: null } as unknown as Participant;

const BEHAVIOURS = [
  { ...every, kind: 'highlight', targets: [thing('a')] },
  { ...every, kind: 'arrow', target: { kind: 'control', control: 'valve' } },
  { ...every, kind: 'text', text: en('Here.'), at: thing('b') },
  { ...every, kind: 'hazard', hazard: 'hot', text: en('Hot!'), at: { kind: 'place', place: 'bench' } },
  { ...every, kind: 'ghostMotion', thing: 'a', motion: { kind: 'computed', frames: FRAMES } },
  { ...every, kind: 'ghostMotion', thing: 'b', motion: { kind: 'recorded', media: 'way' } },
  { ...every, kind: 'setEnabled', targets: [thing('c')], isEnabled: false },
  { ...every, kind: 'animateJoint', control: 'valve', to: 80, durationMs: 1000 },
];
const confirmed = { kind: 'confirmed' };
const procedure = aProcedure(
  [
    aStep('shown', { behaviours: BEHAVIOURS as never, transitions: [to('after', confirmed)] }),
    aStep('after', {
      behaviours: [{ ...every, stage: 'leave', kind: 'setEnabled', targets: [thing('c')], isEnabled: true }] as never,
      transitions: [to('last', confirmed)],
    }),
    aStep('last', { transitions: [to(null, confirmed)] }),
  ],
  { workplace: { ...WORKBENCH, media: [{ id: 'way', kind: 'motion', cid: WAY_CID, description: en('the way') }] } },
);

function begun(mode: (typeof MODES)[number], confirmations = 0) {
  let { state } = start(procedure, { mode, seed: 1, participants: [ANN], startedAtMs: 0 });
  for (let at = 1; at <= confirmations; at++)
    ({ state } = react(procedure, state, { type: 'confirmed', by: 'ann' } as unknown as RunEvent, at));
  return state;
}
const marks = (state: RunState) =>
  marksOf(
    {
      procedure,
      state,
      row: { mode: state.mode },
      say: { text: (text: Record<string, string>) => text['en'] },
    } as never,
    (cid) => (cid === WAY_CID ? (FRAMES as never) : null),
  );

it('what a step shows in a guided run: outline, arrow, words in place, a hazard, ghosts computed and recorded, a joint', () => {
  const shown = marks(begun('guided'));
  expect(shown.highlights).toEqual([thing('a')]);
  expect(shown.arrows).toEqual([{ kind: 'control', control: 'valve' }]);
  expect(shown.notes.map(({ text, isHazard }) => [text, isHazard])).toEqual([
    ['Here.', false],
    ['Hot!', true],
  ]);
  expect(shown.ghosts.map((ghost) => [ghost.thing, ghost.frames.length])).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
  expect(shown.joints).toEqual([{ step: 'shown', control: 'valve', to: 80, durationMs: 1000 }]);
  expect([...shown.hidden]).toEqual(['c']);
});

it('what leads the hand is for guided runs alone, and an exam says nothing but what is dangerous', () => {
  const counts = MODES.map((mode) => {
    const { highlights, arrows, ghosts, notes, hidden, joints } = marks(begun(mode));
    return [mode, highlights.length + arrows.length + ghosts.length, notes.length, hidden.size + joints.length];
  });
  expect(counts).toEqual([
    ['guided', 4, 2, 2],
    ['practice', 0, 2, 2],
    ['exam', 0, 1, 2],
  ]);
});

it('what is hidden stays so over the steps, until one shows it; all else goes with its step', () => {
  const [during, later] = [marks(begun('guided', 1)), marks(begun('guided', 2))];
  expect([[...during.hidden], during.joints, during.highlights]).toEqual([['c'], [], []]);
  expect([...later.hidden]).toEqual([]);
});

it('a valve is drawn on its way while the step is at hand, and where it stands again afterwards', () => {
  const pump = equipmentById('pump-skid')!;
  const at = pump.about.shown.findIndex(({ id }) => id === 'suction-valve');
  const { quantum } = pump.about.shown[at]!;
  const picture = new MachinePicture(
    pump,
    pump.about.shown.map((_, n) => (n === at ? 20 / quantum : 0)),
  );
  const joints = new MovedJoints();
  const joint = { step: 's', control: 'suction-valve', to: 100, durationMs: 1000 };
  const drawn = (nowMs: number) => joints.drawn(picture, nowMs).control('suction-valve');
  expect(joints.show([joint], 500)).toBe(true);
  // News of the run do not begin it again.
  expect(joints.show([{ ...joint }], 900)).toBe(false);
  expect([drawn(500), drawn(1000), drawn(1500), drawn(9000)]).toEqual([20, 60, 100, 100]);
  expect([joints.isMoving(1499), joints.isMoving(1500)]).toEqual([true, false]);
  expect([joints.show([], 9000), drawn(9000)]).toEqual([true, 20]);
});
