import { describe, expect, it } from 'vitest';
import { composePose, type Pose } from '#protocol/spatial/index';
import { quatAbout } from '../scene/vec.ts';
import { carriedBy, handAlongRay, isOtherPose, motionM, offsetInHand, reachAfter, snapMotion } from './grab.ts';

const DEG = Math.PI / 180;
const pose = (position: Pose['position'], rotation: Pose['rotation'] = [0, 0, 0, 1]): Pose => ({ position, rotation });

describe('a part in the hand', () => {
  it('stays where it is when it is taken, and follows the hand rigidly', () => {
    const hand = pose([0.3, 1.1, -0.4], quatAbout([0, 1, 0], 30 * DEG));
    const part = pose([0.35, 1.15, -0.5], quatAbout([1, 0, 0], 20 * DEG));
    const offset = offsetInHand(hand, part);
    expect(isOtherPose(carriedBy(hand, offset), part)).toBe(false);
    const moved = composePose(pose([0, 0.2, 0], quatAbout([0, 1, 0], 90 * DEG)), hand);
    const carried = carriedBy(moved, offset);
    const expected = composePose(pose([0, 0.2, 0], quatAbout([0, 1, 0], 90 * DEG)), part);
    carried.position.forEach((value, i) => expect(value).toBeCloseTo(expected.position[i]!, 9));
    expect(isOtherPose(carried, expected)).toBe(false);
  });

  it('hangs on the far end of the ray, and the stick brings it nearer or pushes it away', () => {
    const ray = pose([0, 1, 0], quatAbout([0, 1, 0], 90 * DEG));
    const far = handAlongRay(ray, 2);
    expect(far.position[0]).toBeCloseTo(-2);
    expect(reachAfter(2, -1, 0.5)).toBeGreaterThan(4);
    expect(reachAfter(2, 1, 0.5)).toBeLessThan(1);
    expect(reachAfter(2, 0.1, 10)).toBe(2);
    expect(reachAfter(0.2, 1, 60)).toBeCloseTo(0.12);
  });
});

describe('snapping', () => {
  it('rounds the shift to 5 mm and the turn to 5 degrees about the near axis', () => {
    const start = pose([0.1013, 0.2, 0.3]);
    const wanted = pose([0.1087, 0.2011, 0.3], quatAbout([0.05, 0.998, 0.02], 17 * DEG));
    const snapped = snapMotion(start, wanted, 0.005, 5 * DEG);
    expect(snapped.position[0]).toBeCloseTo(0.1063, 9);
    expect(snapped.position[1]).toBeCloseTo(0.2, 9);
    expect(isOtherPose({ ...snapped, position: [0, 0, 0] }, pose([0, 0, 0], quatAbout([0, 1, 0], 15 * DEG)))).toBe(
      false,
    );
  });

  it('keeps a trembling hand still', () => {
    const start = pose([0, 1, 0], quatAbout([1, 0, 0], 0.7));
    const trembling = pose([0.001, 0.9985, 0.002], quatAbout([1, 0, 0], 0.7 + 1.5 * DEG));
    expect(isOtherPose(snapMotion(start, trembling, 0.005, 5 * DEG), start)).toBe(false);
    expect(motionM(start, trembling)).toBeLessThan(0.005);
    expect(motionM(start, pose([0, 1, 0], quatAbout([1, 0, 0], 2.7)))).toBeLessThan(0.2);
  });
});
