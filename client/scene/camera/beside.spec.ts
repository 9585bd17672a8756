import { describe, expect, it } from 'vitest';
import type { Pose } from '#protocol/spatial/index';
import { distance, quatAbout } from '../vec.ts';
import { besideEye, eyeOnPerson, gazeOf } from './beside.ts';
import { focusOf, forwardOf, type Eye } from './orbit.ts';

const head: Pose = { position: [1, 1.4, -0.5], rotation: quatAbout([0, 1, 0], 2.1) };
const mine: Eye = { position: [0, 1, 3], yaw: 0.2, pitch: -0.1, focusM: 2 };

describe('going to a person', () => {
  it('stands beside them, not in them, and looks at what they look at', () => {
    for (const size of [0.3, 1]) {
      const eye = besideEye(head, size, 1.2);
      focusOf(eye).forEach((value, i) => expect(value).toBeCloseTo(gazeOf(head, 1.2)[i]!, 6));
      expect(distance(eye.position, head.position)).toBeGreaterThan(0.5 * size);
      expect(distance(eye.position, head.position)).toBeLessThan(0.7 * size);
      expect(eye.position[1]).toBe(head.position[1]);
    }
  });

  it('keeps the horizon when they look straight down', () => {
    const down: Pose = { ...head, rotation: quatAbout([1, 0, 0], -Math.PI / 2) };
    expect(Math.abs(forwardOf(besideEye(down, 1, 1))[1])).toBeLessThan(0.95);
  });

  it('turns to a person and comes as near as one does to talk', () => {
    const eye = eyeOnPerson(mine, head, 1);
    focusOf(eye).forEach((value, i) => expect(value).toBeCloseTo(head.position[i]!, 6));
    expect(eye.focusM).toBeCloseTo(2.4, 6);
    const near = eyeOnPerson({ ...mine, position: [1, 1.4, -0.3] }, head, 1);
    expect(near.focusM).toBeCloseTo(1.1, 6);
  });
});
