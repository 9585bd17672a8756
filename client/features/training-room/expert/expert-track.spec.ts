import { describe, expect, it } from 'vitest';
import { encodeBody } from '#protocol/presence/index';
import { motionPoseAt, type RunEvent } from '#protocol/procedures/index';
import { composePose, type Pose, type Quat } from '#protocol/spatial/index';
import type { RunParticipant } from '#protocol/training/index';
import { aProcedure, aStep, to } from '../../../../test/support/procedures.ts';
import { expertSteps, type TimedBody, type TimedEvent } from './expert-track.ts';

const INA = '0190a000-0000-7000-8000-000000000001';
const LEVEL: Quat = [0, 0, 0, 1];
const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], rotation: LEVEL });
const START_MS = 1_000_000;
const OVER_THE_GRIP = at(0, -0.1, 0);

const placed = (thing: string, target: Pose) => ({
  ...{ kind: 'placed', thing, frame: null, reference: { kind: 'room' }, target },
  ...{ toleranceM: 0.01, toleranceRad: 0.1, symmetry: null },
});
const PROCEDURE = aProcedure([
  aStep('first', { transitions: [to('second', placed('a', at(0.5, 1, 0)))] }),
  aStep('second', { transitions: [to(null, { kind: 'confirmed' })] }),
]);
const ROW = {
  mode: 'guided' as const,
  seed: 1,
  startedAtMs: START_MS,
  participants: [{ id: INA, name: 'Ina', roles: [], station: null } as unknown as RunParticipant],
};

/** Ina's right hand goes from 0 to half a metre in two seconds with the lid hanging under it, and rests. */
function recorded(): { events: TimedEvent[]; bodies: TimedBody[] } {
  const bodies = Array.from({ length: 100 }, (_, n): TimedBody => {
    const share = Math.min(1, Math.max(0, (n - 20) / 40));
    const rightInRoom = at(share * 0.5, 1.1, 0);
    return { atMs: START_MS + n * 50, body: encodeBody({ headInRoom: at(0, 1.7, 1), rightInRoom }) };
  });
  const say = (atMs: number, event: object): TimedEvent => ({ atMs: START_MS + atMs, event: event as RunEvent });
  return {
    bodies,
    events: [
      say(1000, { type: 'grabbed', by: INA, thing: 'a' }),
      say(3200, { type: 'placed', by: INA, thing: 'a', poses: [{ in: null, pose: at(0.5, 1, 0) }] }),
      say(4500, { type: 'confirmed', by: INA }),
    ],
  };
}

describe('what an expert did', () => {
  it('is told by step: the hand as it was recorded, the part in it, and both end together', () => {
    const { events, bodies } = recorded();
    const steps = expertSteps(PROCEDURE, ROW, events, bodies);
    const first = steps.get('first')!;
    expect(Object.keys(first.hands)).toEqual(['right']);
    const [lid] = first.things;
    expect(lid!.thing).toBe('a');
    expect(lid!.frames.at(-1)!.poseInRoom.position[0]).toBeCloseTo(0.5, 3);
    expect(lid!.frames.at(-1)!.atMs).toBe(first.hands.right!.at(-1)!.atMs);
    // At every moment of the carrying the lid hangs under the hand.
    for (let ms = 1100; ms <= 3100; ms += 100) {
      const wanted = composePose(motionPoseAt(first.hands.right!, ms), OVER_THE_GRIP);
      const is = motionPoseAt(lid!.frames, ms);
      for (const axis of [0, 1, 2]) expect(Math.abs(is.position[axis]! - wanted.position[axis]!)).toBeLessThan(0.02);
    }
  });

  it('has hands and no part in a step without hand work, and no part without a recording', () => {
    const { events, bodies } = recorded();
    expect(expertSteps(PROCEDURE, ROW, events, bodies).get('second')!.things).toEqual([]);
    expect(expertSteps(PROCEDURE, ROW, events, []).size).toBe(0);
  });
});
