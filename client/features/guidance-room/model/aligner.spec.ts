import { describe, expect, it } from 'vitest';
import { composePose, invertPose, IDENTITY_POSE, type Pose, type Vec3 } from '#protocol/spatial/index';
import { before, sightingsOf, testCamera, threeMarkers } from '../../../../protocol/alignment/station.fixture.ts';
import { CAREFUL_PLACE, type Sighting } from '#protocol/alignment/index';
import { dice } from '../../../../test/support/dice.ts';
import { Aligner, type AlignerOptions } from './aligner.ts';
import { isNoteworthy, type Noted } from './noteworthy.ts';

const MAP = threeMarkers(CAREFUL_PLACE);
const POINTS: Vec3[] = [
  [0, 0, 0],
  [0.1, 0.1, 0.05],
];
const open = (display: AlignerOptions['display'] = 'picture', map: AlignerOptions['map'] = MAP) =>
  new Aligner({ map, display, points: POINTS });
const roll = dice(3);
const normal = () => roll.normal();
const seen = (productInCamera: Pose, cameraInDevice?: Pose): Sighting[] =>
  sightingsOf(MAP, productInCamera, testCamera, 0.05, normal).map((one) =>
    cameraInDevice ? { ...one, cameraInDevice } : one,
  );
const apartM = (a: Pose, b: Pose, [x, y, z]: Vec3 = [0.1, 0.1, 0]) => {
  const at = (pose: Pose) => composePose(pose, { position: [x, y, z], rotation: [0, 0, 0, 1] }).position;
  const [p, q] = [at(a), at(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};

describe('over the picture of a camera', () => {
  it('follows the product with each look and says how far off it may be', () => {
    const aligner = open();
    for (const [at, distance] of [1, 1.2, 0.9].entries()) {
      aligner.look(seen(before(distance, 0.4)), testCamera, at * 100);
      const { fit, expectedM, by } = aligner.view.get();
      expect(by).toBe('markers');
      expect(apartM(fit!.productInDevice, before(distance, 0.4))).toBeLessThan(0.004);
      expect(expectedM!).toBeGreaterThan(0.0001);
      expect(expectedM!).toBeLessThan(0.003);
    }
  });

  it('is old when nothing was seen for a while, and then says why', () => {
    const aligner = open();
    aligner.look(seen(before(1, 0.4)), testCamera, 0);
    aligner.look([], testCamera, 200);
    aligner.tick(300);
    expect(aligner.view.get()).toMatchObject({ isFresh: true, said: null });
    aligner.look([], testCamera, 950);
    aligner.tick(1000);
    expect(aligner.view.get()).toMatchObject({ isFresh: false, said: { key: 'no_marker' } });
    aligner.look(seen(before(1, 0.4)), testCamera, 1100);
    expect(aligner.view.get()).toMatchObject({ isFresh: true, said: null });
  });

  it('on a machine that takes three seconds for a look, a camera on a stand stays aligned and a hand that moves does not', () => {
    const [stand, hand] = [open(), open()];
    for (const [at, atMs] of [0, 3000, 6000].entries()) {
      stand.look(seen(before(1, 0.4)), testCamera, atMs);
      hand.look(seen(before(1 + 0.05 * at, 0.4)), testCamera, atMs);
    }
    for (const aligner of [stand, hand]) aligner.tick(8900);
    expect([stand.view.get().isFresh, hand.view.get().isFresh]).toEqual([true, false]);
    stand.tick(14_100);
    expect(stand.view.get().isFresh).toBe(false);
  });

  it('follows a hand that moves on a machine that takes a second for each look', () => {
    const aligner = open();
    for (const at of [0, 1, 2]) aligner.look(seen(before(1 + 0.05 * at, 0.4)), testCamera, 1000 * at);
    aligner.tick(2950);
    expect(aligner.view.get().isFresh).toBe(true);
    aligner.tick(4000);
    expect(aligner.view.get().isFresh).toBe(false);
  });

  it('stays aligned before a camera at rest while looks come unevenly, until one of them fails', () => {
    const aligner = open();
    for (const atMs of [0, 300, 600]) aligner.look(seen(before(1, 0.4)), testCamera, atMs);
    aligner.tick(6000);
    expect(aligner.view.get().isFresh).toBe(true);
    aligner.look([], testCamera, 6000);
    aligner.tick(6100);
    expect(aligner.view.get().isFresh).toBe(false);
  });

  it('shows a cue that is coarse enough, and refuses one that is finer than itself with the region that is sure', () => {
    const aligner = open();
    expect(aligner.judge([0, 0, 0], 0.01)).toBeNull();
    aligner.look(seen(before(2.5, 0.4)), testCamera, 0);
    const { expectedM } = aligner.view.get();
    expect(aligner.judge(POINTS[0]!, expectedM! * 2)).toMatchObject({ isShown: true });
    const refused = aligner.judge(POINTS[0]!, expectedM! / 20);
    expect(refused).toMatchObject({ isShown: false, refused: { key: 'cue_too_fine' } });
  });

  it('keeps a correction by hand with all that comes after, and becomes no surer by it', () => {
    const aligner = open();
    aligner.look(seen(before(1, 0.4)), testCamera, 0);
    const sureM = aligner.view.get().expectedM!;
    aligner.nudge([0.02, 0, 0], [0, 0, 0]);
    const nudgedTo = aligner.view.get().fit!.productInDevice;
    expect(apartM(nudgedTo, before(1, 0.4), [0, 0, 0])).toBeCloseTo(0.02, 2);
    aligner.look(seen(before(1, 0.4)), testCamera, 100);
    expect(apartM(aligner.view.get().fit!.productInDevice, nudgedTo)).toBeLessThan(0.003);
    expect(aligner.view.get().expectedM!).toBeGreaterThan(sureM);
    aligner.again();
    aligner.look(seen(before(1, 0.4)), testCamera, 200);
    expect(apartM(aligner.view.get().fit!.productInDevice, before(1, 0.4))).toBeLessThan(0.003);
  });

  it('can be put down by hand where there are no markers: good for large cues only', () => {
    const aligner = open('picture', null);
    expect(aligner.view.get().said?.key).toBe('no_map');
    aligner.place(before(0.8, 0.3), 'manual', testCamera);
    const { expectedM, isFresh } = aligner.view.get();
    expect(isFresh).toBe(true);
    expect(expectedM!).toBeGreaterThan(0.04);
    expect(aligner.judge([0, 0, 0], 0.005)).toMatchObject({ isShown: false });
  });
});

describe('in the space of glasses', () => {
  const product: Pose = { position: [0.4, 0.9, -0.7], rotation: [0, 0.2588, 0, 0.9659] };
  const stand = (x: number, y: number): Pose => {
    const inCamera = before(1, 0.4);
    const camera = composePose(product, invertPose(inCamera));
    return {
      position: [camera.position[0] + x, camera.position[1] + y, camera.position[2]],
      rotation: camera.rotation,
    };
  };
  const look = (aligner: Aligner, camera: Pose, atMs: number, truth = product) =>
    aligner.look(seen(composePose(invertPose(camera), truth), camera), testCamera, atMs);

  it('becomes surer by looks from several places, and keeps what it has when markers are out of view', () => {
    const aligner = open('space');
    look(aligner, stand(0, 0), 0);
    const alone = aligner.view.get().expectedM!;
    for (const [at, x] of [0.15, 0.3, -0.2].entries()) look(aligner, stand(x, 0.05 * at), 100 * at + 100);
    expect(aligner.view.get().expectedM!).toBeLessThan(alone);
    expect(apartM(aligner.view.get().fit!.productInDevice, product)).toBeLessThan(0.004);
    aligner.look([], testCamera, 5000);
    aligner.look([], testCamera, 9000);
    aligner.tick(9000);
    expect(aligner.view.get()).toMatchObject({ isFresh: true, said: null });
  });

  it('proposes to align again when the product was pushed, and does so when asked', () => {
    const aligner = open('space');
    for (const x of [0, 0.15, 0.3]) look(aligner, stand(x, 0), 0);
    expect(aligner.view.get().driftM).toBeNull();
    const pushed: Pose = { ...product, position: [product.position[0] + 0.03, ...product.position.slice(1)] as never };
    for (let at = 0; at < 5; at++) look(aligner, stand(0.1, 0.01 * at), 1000 + 100 * at, pushed);
    expect(aligner.view.get().driftM!).toBeCloseTo(0.03, 2);
    expect(apartM(aligner.view.get().fit!.productInDevice, product)).toBeLessThan(0.005);
    aligner.again();
    look(aligner, stand(0.1, 0), 2000, pushed);
    expect(apartM(aligner.view.get().fit!.productInDevice, pushed)).toBeLessThan(0.008);
    expect(aligner.view.get().driftM).toBeNull();
  });

  it('aligns by touched points, and says which of them does not fit', () => {
    const aligner = open('space', null);
    const points: [string, Vec3][] = [
      ['corner', [0, 0, 0]],
      ['dowel', [0.3, 0, 0]],
      ['flange', [0, 0.2, 0.1]],
      ['rim', [0.1, 0.1, 0.25]],
    ];
    const touches = points.map(([name, inProduct]) => ({
      name,
      inProduct,
      inDevice: composePose(product, { position: inProduct, rotation: IDENTITY_POSE.rotation }).position,
    }));
    expect(aligner.touch(touches)).toBeNull();
    expect(aligner.view.get().by).toBe('touch');
    expect(apartM(aligner.view.get().fit!.productInDevice, product)).toBeLessThan(1e-6);
    const wrong = touches.map((one) => (one.name === 'rim' ? { ...one, inDevice: [0, 0, 0] as Vec3 } : one));
    expect(aligner.touch(wrong)?.key).toBe('points_do_not_fit');
  });
});

describe('from the picture into the glasses', () => {
  it('begins anew: the space of a camera is not that of the device', () => {
    const aligner = open();
    aligner.look(seen(before(1, 0.4)), testCamera, 0);
    aligner.setDisplay('space');
    expect(aligner.view.get()).toMatchObject({ fit: null, isFresh: false });
  });
  it('takes up what the station kept, and follows the device as it learns', () => {
    const aligner = open('space');
    const kept = { position: [1, 0, 0] as Vec3, rotation: IDENTITY_POSE.rotation };
    const poseCovariance = Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1e-6 : 0));
    aligner.adopt({
      ...{ version: 1, station: 'S1', source: 'markers', isNudged: false, productInDevice: kept, poseCovariance },
      ...{ markers: ['36h11/1'], residualPx: 0.1, atMs: 0, anchor: 'a' },
    });
    expect(aligner.view.get()).toMatchObject({ by: 'markers', isFresh: true, markers: ['36h11/1'] });
    expect(aligner.view.get().expectedM!).toBeLessThan(0.01);
    const moved: Pose = { ...kept, position: [1.01, 0, 0] };
    aligner.follow(moved);
    expect(aligner.view.get().fit!.productInDevice).toEqual(moved);
  });
});

describe('what of an alignment is noted in the journal', () => {
  const noted = (change: Partial<Noted> = {}): Noted => ({
    expectedM: 0.004,
    by: 'markers',
    step: 's1',
    atMs: 0,
    ...change,
  });
  it.each<[string, Noted | null, Noted, number | null, boolean]>([
    ['the first', null, noted(), null, true],
    ['the same ten times a second', noted(), noted({ atMs: 100 }), null, false],
    ['the same later', noted(), noted({ atMs: 60_000, expectedM: 0.0041 }), null, false],
    ['what a gate waits for, at once', noted({ expectedM: 0.02 }), noted({ atMs: 100 }), 0.005, true],
    ['one for the next step', noted(), noted({ atMs: 5000, step: 's2' }), null, true],
    ['clearly better', noted({ expectedM: 0.02 }), noted({ atMs: 5000 }), null, true],
    ['clearly better, a moment after the last', noted({ expectedM: 0.02 }), noted({ atMs: 100 }), null, false],
    ['clearly worse', noted(), noted({ atMs: 5000, expectedM: 0.009 }), null, true],
    ['by other means', noted(), noted({ atMs: 5000, by: 'touch' }), null, true],
  ])('%s', (_, last, now, gate, isWorthIt) => expect(isNoteworthy(last, now, gate)).toBe(isWorthIt));
});
