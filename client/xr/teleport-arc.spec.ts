import { expect, it } from 'vitest';
import { quatAbout } from '../scene/vec.ts';
import { floorUnderRay, throwArc } from './teleport-arc.ts';

const pitched = (angleRad: number) => ({ position: [0, 1.2, 0] as const, rotation: quatAbout([1, 0, 0], angleRad) });
const pose = (angleRad: number) => ({ ...pitched(angleRad), position: [0, 1.2, 0] as [number, number, number] });

it('lands near when the hand points down, far when it points up, always on the floor', () => {
  const near = throwArc(pose(-0.9), 0).landing!;
  const far = throwArc(pose(0.4), 0).landing!;
  expect(near[1]).toBeCloseTo(0);
  expect(-near[2]).toBeLessThan(1.2);
  expect(-far[2]).toBeGreaterThan(3);
});

it('lands nowhere when the floor is out of reach', () => {
  expect(throwArc(pose(0.4), -60).landing).toBeNull();
  expect(floorUnderRay(pose(0.2), 0)).toBeNull();
  expect(floorUnderRay(pose(-0.02), 0)).toBeNull();
  expect(floorUnderRay(pose(-0.8), 0)![1]).toBeCloseTo(0);
});
