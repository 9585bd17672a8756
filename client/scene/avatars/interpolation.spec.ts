import { describe, expect, it } from 'vitest';
import type { Pose } from '#protocol/spatial/index';
import { InterpolationBuffer, mixPose } from './interpolation.ts';

const at = (x: number): Pose => ({ position: [x, 0, 0], rotation: [0, 0, 0, 1] });

describe('other people move smoothly', () => {
  it('shows a steady walk as a steady walk, a little in the past', () => {
    const buffer = new InterpolationBuffer(mixPose);
    for (let i = 0; i <= 20; i++) buffer.push(at(i), i * 50);
    const shown = [0, 10, 20, 30].map((ms) => buffer.at(1000 + ms)!.position[0]);
    const steps = shown.slice(1).map((x, i) => x - shown[i]!);
    steps.forEach((step) => expect(step).toBeCloseTo(0.2, 6));
    expect(buffer.delayMs).toBeLessThan(70);
  });

  it('waits longer when states arrive unevenly', () => {
    const steady = new InterpolationBuffer(mixPose);
    const uneven = new InterpolationBuffer(mixPose);
    for (let i = 0; i <= 40; i++) {
      steady.push(at(i), i * 50);
      uneven.push(at(i), i * 50 + (i % 2 ? 30 : 0));
    }
    expect(uneven.delayMs).toBeGreaterThan(steady.delayMs + 20);
  });

  it('does not glide slowly across a long pause', () => {
    const buffer = new InterpolationBuffer(mixPose);
    buffer.push(at(0), 0);
    buffer.push(at(1), 5000);
    expect(buffer.at(5000 - 40 + buffer.delayMs - 50)!.position[0]).toBeLessThan(0.5);
    expect(buffer.at(5000 + 300)!.position[0]).toBe(1);
  });

  it('stays at the newest state when nothing more comes, and says how old it is', () => {
    const buffer = new InterpolationBuffer(mixPose);
    buffer.push(at(3), 100);
    expect(buffer.at(4000)!.position[0]).toBe(3);
    expect(buffer.ageMs(4000)).toBe(3900);
    expect(buffer.isMoving(4000)).toBe(false);
  });

  it('turns the short way round', () => {
    const a: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
    const b: Pose = { position: [0, 0, 0], rotation: [0, -0.7071068, 0, -0.7071068] };
    expect(mixPose(a, b, 0.5).rotation[1]).toBeCloseTo(Math.sin(Math.PI / 8), 5);
  });
});
