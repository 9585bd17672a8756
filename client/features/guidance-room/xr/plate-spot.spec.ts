import { expect, it } from 'vitest';
import { invertPose, type Pose } from '#protocol/spatial/index';
import { transformPoint } from '../../../scene/vec.ts';
import { PLATE_WIDTH_DMM, plateSpot, type HalfView } from './plate-spot.ts';

/** As a plate of arm's length has it. */
const WIDTH_M = (PLATE_WIDTH_DMM / 1000) * 0.85;
const head: Pose = { position: [1, 1.6, 2], rotation: [0, Math.sin(0.4), 0, Math.cos(0.4)] };

/** From the middle of the view to the right its two upper corners, and upwards the higher of them; radians. */
function corners(half: HalfView): { left: number; right: number; top: number } {
  const { pose } = plateSpot(head, half);
  const [left, right] = [-WIDTH_M / 2, WIDTH_M / 2].map((x) => {
    const [aside, up, back] = transformPoint(invertPose(head), transformPoint(pose, [x, 0, 0]));
    return { aside: Math.atan2(aside, -back), up: Math.atan2(up, -back) };
  }) as [{ aside: number; up: number }, { aside: number; up: number }];
  return { left: left.aside, right: right.aside, top: Math.max(left.up, right.up) };
}

it('is whole in what small glasses show, from the top, and leaves the half of it to the work', () => {
  for (const wideRad of [0.2, 0.33, 0.5]) {
    const { left, right, top } = corners({ wideRad, highRad: 0.6 * wideRad });
    expect(left).toBeGreaterThan(0);
    expect(right).toBeLessThan(wideRad);
    expect(top).toBeGreaterThan(0.3 * wideRad);
    expect(top).toBeLessThan(0.6 * wideRad);
  }
});

it('is at arm’s length in a headset, below the eyes and beside what the hands do', () => {
  const half = { wideRad: 0.82, highRad: 0.63 };
  expect(plateSpot(head, half).awayM).toBe(0.85);
  expect(corners(half).left).toBeGreaterThan(0.1);
  expect(corners(half).top).toBeLessThan(0);
});
