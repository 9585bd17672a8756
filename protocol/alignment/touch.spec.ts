import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice } from '../../test/support/dice.ts';
import { composePose, type Pose, type Vec3 } from '../spatial/index.ts';
import { judgeCue } from './cue.ts';
import { STEADY, watchDrift } from './drift.ts';
import { boundInSpaceM } from './error-bound.ts';
import { KeptAlignment, nudged, placedByHit } from './kept.ts';
import { angleBetween, length, subtract } from './rotation.ts';
import { sharedFrame } from './sharing.ts';
import { before } from './station.fixture.ts';
import { alignByTouch, type Touch, type TouchAlignment } from './touch.ts';

const POINTS: readonly [string, Vec3][] = [
  ['left foot', [-0.3, 0, 0]],
  ['right foot', [0.3, 0, 0.05]],
  ['eye bolt', [0, 0.4, -0.1]],
  ['flange', [0.2, 0.2, 0.2]],
];

const at = (pose: Pose, point: Vec3): Vec3 => composePose(pose, { position: point, rotation: [0, 0, 0, 1] }).position;

function touched(truth: Pose, points = POINTS, noise: () => number = () => 0): Touch[] {
  return points.map(([name, inProduct]) => {
    const exact = at(truth, inProduct);
    return { name, inProduct, inDevice: [exact[0] + noise(), exact[1] + noise(), exact[2] + noise()] };
  });
}

function aligned(touches: Touch[], sigmaM = 0.002): TouchAlignment {
  const result = alignByTouch(touches, { sigmaM });
  if ('refused' in result) throw new Error(result.refused.message);
  return result.alignment;
}

describe('alignment by touch', () => {
  test('three exact touches give any pose back', () => {
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, (tilt, about, roll) => {
        const truth = before(1.3, tilt, about, roll);
        const { productInDevice, residualM } = aligned(touched(truth, POINTS.slice(0, 3)));
        expect(length(subtract(productInDevice.position, truth.position))).toBeLessThan(1e-9);
        expect(angleBetween(productInDevice.rotation, truth.rotation)).toBeLessThan(1e-9);
        expect(residualM).toBeLessThan(1e-9);
      }),
    );
  });

  test('the stated bound holds in 95 of 100 cases', () => {
    const roll = dice(4);
    let held = 0;
    const RUNS = 800;
    for (let run = 0; run < RUNS; run++) {
      const truth = before(1, roll.uniform(0, 2), roll.uniform(0, 6));
      const alignment = aligned(touched(truth, POINTS.slice(0, 3), () => 0.002 * roll.normal()));
      const point: Vec3 = [roll.uniform(-0.3, 0.3), roll.uniform(0, 0.4), 0];
      if (length(subtract(at(alignment.productInDevice, point), at(truth, point))) <= boundInSpaceM(alignment, point))
        held++;
    }
    expect(held / RUNS).toBeGreaterThan(0.925);
    expect(held / RUNS).toBeLessThan(0.985);
  });

  test('a wrong point is refused and named', () => {
    const touches = touched(before(1, 0.3));
    touches[3]!.inDevice[0] += 0.03;
    expect(alignByTouch(touches)).toMatchObject({ refused: { key: 'points_do_not_fit', facts: { worst: 'flange' } } });
  });

  test('two points, or three on a line, fix nothing', () => {
    const truth = before(1, 0);
    expect(alignByTouch(touched(truth, POINTS.slice(0, 2)))).toMatchObject({ refused: { key: 'too_few_points' } });
    const line: [string, Vec3][] = [
      ['a', [0, 0, 0]],
      ['b', [0.2, 0, 0]],
      ['c', [0.4, 0.01, 0]],
    ];
    expect(alignByTouch(touched(truth, line))).toMatchObject({ refused: { key: 'points_on_a_line' } });
  });
});

describe('what an alignment is good for', () => {
  const alignment = aligned(touched(before(1, 0.2)));

  test('a cue finer than the expected error is refused, with the region that may be shown instead', () => {
    const near = judgeCue({ kind: 'space', alignment }, { atInProduct: [0, 0.1, 0], toleranceM: 0.02 });
    expect(near.isShown).toBe(true);
    const fine = judgeCue({ kind: 'space', alignment }, { atInProduct: [0, 0.1, 0], toleranceM: 0.001 });
    expect(fine).toMatchObject({ isShown: false, refused: { key: 'cue_too_fine' } });
    if (!fine.isShown) expect(fine.regionM).toBe(fine.boundM);
    // The same cue, two metres from the touched points, is worse.
    const away = judgeCue({ kind: 'space', alignment }, { atInProduct: [2, 0, 0], toleranceM: 0.02 });
    expect(away.boundM).toBeGreaterThan(2 * near.boundM);
  });

  test('a nudge moves the product and makes nothing surer; a hit test is good for orientation only', () => {
    const moved = nudged(alignment, [0.01, 0, 0], [0, 0, 0.01]);
    expect(moved.productInDevice.position[0] - alignment.productInDevice.position[0]).toBeCloseTo(0.01, 9);
    expect(boundInSpaceM(moved, [0, 0.1, 0])).toBeGreaterThan(boundInSpaceM(alignment, [0, 0.1, 0]));
    const hit = placedByHit(before(1, 0));
    expect(judgeCue({ kind: 'space', alignment: hit }, { atInProduct: [0, 0, 0], toleranceM: 0.01 }).isShown).toBe(
      false,
    );
    expect(judgeCue({ kind: 'space', alignment: hit }, { atInProduct: [0, 0, 0], toleranceM: 0.1 }).isShown).toBe(true);
  });

  test('drift is told after three looks that disagree, not after one', () => {
    const roll = dice(9);
    const look = (offM: number): TouchAlignment =>
      aligned(
        touched({ ...before(1, 0.2), position: [offM, -0.06, -1] }, POINTS, () => 0.001 * roll.normal()),
        0.001,
      );
    let watch = STEADY;
    for (let i = 0; i < 40; i++) watch = watchDrift(watch, alignment, look(0), [0, 0.1, 0]);
    expect(watch.proposal).toBeNull();
    watch = watchDrift(watch, alignment, look(0.03), [0, 0.1, 0]);
    expect(watch.proposal).toBeNull();
    for (let i = 0; i < 2; i++) watch = watchDrift(watch, alignment, look(0.03), [0, 0.1, 0]);
    expect(watch.proposal?.offM).toBeCloseTo(0.03, 2);
  });

  test('two devices that aligned to the same product know where the other points, and how well', () => {
    const roll = dice(21);
    let held = 0;
    const RUNS = 400;
    for (let run = 0; run < RUNS; run++) {
      const [one, two] = [before(1, 0.4, 1, 0.5), before(2, 0.9, 3, -2)];
      const noise = () => 0.002 * roll.normal();
      const shared = sharedFrame(aligned(touched(one, POINTS, noise)), aligned(touched(two, POINTS, noise)));
      const point: Vec3 = [0.1, 0.2, 0];
      const shown = at(shared.otherInOwn, at(two, point));
      if (length(subtract(shown, at(one, point))) <= shared.boundM(at(two, point))) held++;
    }
    expect(held / RUNS).toBeGreaterThan(0.915);
    expect(held / RUNS).toBeLessThan(0.99);
  });

  test('what a station keeps survives its JSON', () => {
    const kept = {
      version: 1,
      station: 'Bench 4',
      source: 'touch',
      isNudged: false,
      productInDevice: alignment.productInDevice,
      poseCovariance: [...alignment.poseCovariance],
      markers: [],
      residualPx: null,
      atMs: 1_700_000_000_000,
      anchor: null,
    };
    expect(KeptAlignment.parse(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });
});
