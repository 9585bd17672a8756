import { describe, expect, it } from 'vitest';
import { BodySampler, CARRY_ON_MS, type Body } from '#protocol/presence/index';
import { mixPose, type Pose } from '#protocol/spatial/index';
import { InterpolationBuffer } from './interpolation.ts';

const at = (x: number): Body => ({ headInRoom: { position: [x, 0, 0], rotation: [0, 0, 0, 1] } });
const shownAt = (buffer: InterpolationBuffer, ms: number) => buffer.at(ms)!.headInRoom.position[0];

describe('other people move smoothly', () => {
  it('shows a steady walk as a steady walk, a little in the past', () => {
    const buffer = new InterpolationBuffer();
    for (let i = 0; i <= 20; i++) buffer.push(at(i), i * 50, i * 50 + 2);
    const shown = [0, 10, 20, 30].map((ms) => shownAt(buffer, 1000 + ms));
    const steps = shown.slice(1).map((x, i) => x - shown[i]!);
    steps.forEach((step) => expect(step).toBeCloseTo(0.2, 6));
    expect(buffer.delayMs).toBeLessThan(50);
  });

  it('waits longer when states arrive unevenly', () => {
    const steady = new InterpolationBuffer();
    const uneven = new InterpolationBuffer();
    for (let i = 0; i <= 40; i++) {
      steady.push(at(i), i * 50, i * 50);
      uneven.push(at(i), i * 50, i * 50 + (i % 2 ? 60 : 0));
    }
    expect(uneven.delayMs).toBeGreaterThan(steady.delayMs + 20);
  });

  it('keeps within a few centimetres of a walk that is only sent when it cannot be predicted', () => {
    const walk = (ms: number) => at(1.2 * (ms / 1000) + 0.3 * Math.sin(ms / 700));
    const sampler = new BodySampler();
    const buffer = new InterpolationBuffer();
    let sent = 0;
    let worst = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      if (ms % 50 === 0 && sampler.take(walk(ms), ms)) {
        buffer.push(walk(ms), ms, ms);
        sent++;
      }
      if (ms > 500)
        worst = Math.max(worst, Math.abs(shownAt(buffer, ms) - walk(ms - buffer.delayMs).headInRoom.position[0]));
    }
    expect(sent).toBeLessThan(100);
    expect(worst).toBeLessThan(0.03);
  });

  it('carries a motion on for a moment when the network stalls, and is then back where the person was seen last', () => {
    const buffer = new InterpolationBuffer();
    for (let i = 0; i <= 20; i++) buffer.push(at(i / 20), i * 50, i * 50);
    const later = 1000 + buffer.delayMs;
    expect(shownAt(buffer, later + 100)).toBeCloseTo(1.1, 2);
    expect(shownAt(buffer, later + CARRY_ON_MS)).toBeCloseTo(1 + CARRY_ON_MS / 1000, 2);
    expect(shownAt(buffer, later + 5000)).toBe(1);
    expect(buffer.isMoving(later + 100)).toBe(true);
    expect(buffer.isMoving(later + 5000)).toBe(false);
  });

  it('does not glide slowly across a long pause', () => {
    const buffer = new InterpolationBuffer();
    buffer.push(at(0), 0, 0);
    buffer.push(at(1), 5000, 5000);
    expect(shownAt(buffer, 4949 + buffer.delayMs)).toBe(0);
    expect(shownAt(buffer, 5000 + buffer.delayMs)).toBe(1);
  });

  it('turns the short way round', () => {
    const a: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
    const b: Pose = { position: [0, 0, 0], rotation: [0, -0.7071068, 0, -0.7071068] };
    expect(mixPose(a, b, 0.5).rotation[1]).toBeCloseTo(Math.sin(Math.PI / 8), 5);
  });
});
