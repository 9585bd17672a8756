import { expect, it } from 'vitest';
import type { Pose } from '#protocol/spatial/index';
import { RestingSpot } from './resting-spot.ts';

const at = (x: number): Pose => ({ position: [x, 0, 0], rotation: [0, 0, 0, 1] });

it('keeps the place that one looked at, while the look goes on to a button', () => {
  const resting = new RestingSpot();
  for (let ms = 0; ms <= 400; ms += 50) resting.see(at(0.01 * Math.sin(ms)), ms);
  expect(resting.isResting).toBe(true);
  const meant = resting.spot!.position[0];
  expect(Math.abs(meant)).toBeLessThan(0.02);
  // Over the bench to the plate, and there for longer than a rest.
  for (let step = 1; step <= 6; step++) resting.see(at(0.1 * step), 400 + 50 * step);
  for (let ms = 750; ms < 2500; ms += 50) resting.see(null, ms);
  expect(resting.spot!.position[0]).toBe(meant);
  expect(resting.isResting).toBe(false);
  for (let ms = 2500; ms <= 3000; ms += 50) resting.see(at(0.5), ms);
  expect(resting.spot!.position[0]).toBe(0.5);
});
