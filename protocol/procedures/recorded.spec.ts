import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserId } from '../ids.ts';
import {
  composePose,
  invertPose,
  multiplyQuat,
  normalizeQuat,
  type Pose,
  type Quat,
  type Vec3,
} from '../spatial/index.ts';
import { check } from './check.ts';
import { differenceOf, MOTION_BOUNDS, motionPoseAt, seenFrom, simplifyMotion, type MotionFrame } from './motion.ts';
import {
  joinMoves,
  mountOf,
  proposeTolerance,
  recordedProcedure,
  type RecordedMove,
  type RecordedPart,
  type StandingPart,
} from './recorded.ts';
import type { RunEvent } from './event.ts';
import { react, start } from './run.ts';
import { indexOf } from './procedure-index.ts';

const ME = '0190a000-0000-7000-8000-000000000001' as UserId;
const LEVEL: Quat = [0, 0, 0, 1];
const at = (x: number, y: number, z: number, rotation: Quat = LEVEL): Pose => ({ position: [x, y, z], rotation });
const about = (axis: Vec3, rad: number): Quat =>
  normalizeQuat([...axis.map((x) => x * Math.sin(rad / 2)), Math.cos(rad / 2)] as unknown as Quat);
const brick = (id: string, poseInRoom: Pose, edge: Vec3 = [0.1, 0.1, 0.1]): StandingPart => ({
  id,
  poseInRoom,
  box: { min: edge.map((x) => -x / 2) as unknown as Vec3, max: edge.map((x) => x / 2) as unknown as Vec3 },
});
const part = (id: string, startInRoom: Pose): RecordedPart => ({
  ...{ id, startInRoom, part: id, name: { en: id }, symmetry: { kind: 'none' } },
});
const move = (id: string, samples: readonly MotionFrame[], more: Partial<RecordedMove> = {}): RecordedMove => ({
  ...{ part: id, samples, mount: null, toleranceM: 0.1, toleranceRad: 0.5, note: '', spoken: null },
  ...more,
});
const straight = (from: Pose, to: Pose, startMs = 0): MotionFrame[] => [
  { atMs: startMs, poseInRoom: from },
  { atMs: startMs + 1000, poseInRoom: to },
];
const OPTIONS = {
  ...{ id: 'recorded', title: { en: 'Recorded' }, chapter: { en: 'Assembly' }, languages: ['en'], design: null },
  say: (name: string, mount: string | null) => (mount ? `Put ${name} onto ${mount}` : `Put down ${name}`),
};

const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
const anyPose = fc
  .tuple(coordinate, coordinate, coordinate, fc.tuple(coordinate, coordinate, coordinate, coordinate))
  .map(([x, y, z, q]): Pose => at(x, y, z, normalizeQuat(q)));
/** A hand's way: trembling, sometimes resting, with jumps of the clock, as trackers have them. */
const aWay = fc
  .array(
    fc.record({
      byMs: fc.double({ min: 2, max: 400, noNaN: true }),
      step: fc.tuple(coordinate, coordinate, coordinate),
      turn: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
      isResting: fc.boolean(),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((steps) => {
    let [atMs, pose] = [12_345.678, at(0, 1, 0)];
    return steps.map(({ byMs, step, turn, isResting }): MotionFrame => {
      atMs += byMs;
      if (!isResting)
        pose = {
          position: pose.position.map((x, k) => x + step[k]! * 0.05) as unknown as Vec3,
          rotation: normalizeQuat(multiplyQuat(pose.rotation, about([0, 1, 0], turn))),
        };
      return { atMs, poseInRoom: pose };
    });
  });

describe('a motion that is kept', () => {
  it('stays within its bounds of every recorded pose, in order, from the first to the last', () => {
    fc.assert(
      fc.property(aWay, fc.double({ min: 0.0005, max: 0.05, noNaN: true }), (samples, maxM) => {
        const bounds = { maxM, maxRad: maxM * 10, mostFrames: 500 };
        const { frames, errorM, errorRad } = simplifyMotion(samples, bounds);
        expect(frames.length).toBeGreaterThanOrEqual(2);
        expect(errorM).toBeLessThanOrEqual(maxM);
        expect(errorRad).toBeLessThanOrEqual(maxM * 10);
        frames.reduce((before, frame) => {
          expect(Number.isInteger(frame.atMs) && frame.atMs > before).toBe(true);
          return frame.atMs;
        }, -1);
        expect(frames[0]!.poseInRoom).toEqual(samples[0]!.poseInRoom);
        expect(frames.at(-1)!.poseInRoom).toEqual(samples.at(-1)!.poseInRoom);
        // Every recorded place is passed, in the same order, at some moment of the player's.
        let sinceMs = 0;
        for (const { poseInRoom } of samples) {
          const near = momentsOf(frames).find(
            (ms) => ms >= sinceMs && isNear(motionPoseAt(frames, ms), poseInRoom, bounds),
          );
          expect(near).toBeDefined();
          sinceMs = near!;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is never longer than asked for, and then tells the error that is left', () => {
    const spiral = Array.from({ length: 2000 }, (_, n) => ({
      atMs: n * 16,
      poseInRoom: at(Math.cos(n / 9) * 0.3, n / 5000, Math.sin(n / 9) * 0.3, about([0, 1, 0], n / 20)),
    }));
    const whole = simplifyMotion(spiral, { ...MOTION_BOUNDS, mostFrames: 100_000 });
    const small = simplifyMotion(spiral, { ...MOTION_BOUNDS, mostFrames: 60 });
    expect(whole.errorM).toBeLessThanOrEqual(MOTION_BOUNDS.maxM);
    expect(small.frames).toHaveLength(60);
    expect(small.errorM).toBeGreaterThan(MOTION_BOUNDS.maxM);
    const measured = Math.max(
      ...spiral.map(({ atMs, poseInRoom }) => differenceOf(motionPoseAt(small.frames, atMs), poseInRoom).m),
    );
    expect(measured).toBeCloseTo(small.errorM, 9);
  });

  it('needs two frames for a straight way, and does not show how long a hand rested', () => {
    const rested = [...straight(at(0, 0, 0), at(0.3, 0, 0)), { atMs: 61_000, poseInRoom: at(0.3, 0, 0) }];
    const { frames } = simplifyMotion(
      rested.flatMap((one, n) =>
        n === 0
          ? [one]
          : Array.from({ length: 20 }, (_, k) => ({
              atMs: rested[n - 1]!.atMs + ((one.atMs - rested[n - 1]!.atMs) * (k + 1)) / 20,
              poseInRoom: motionPoseAt(rested, rested[n - 1]!.atMs + ((one.atMs - rested[n - 1]!.atMs) * (k + 1)) / 20),
            })),
      ),
    );
    expect(frames.length).toBeLessThanOrEqual(3);
    expect(frames.at(-1)!.atMs).toBeLessThan(2500);
  });

  it('is given from the base that the other hand turned meanwhile', () => {
    fc.assert(
      fc.property(anyPose, anyPose, anyPose, (first, last, inBase) => {
        // Held still in the hand beside the base: seen from the base it does not move.
        const track = straight(first, last);
        const samples = [0, 250, 500, 1000].map((atMs) => ({
          atMs,
          poseInRoom: composePose(motionPoseAt(track, atMs), inBase),
        }));
        for (const { poseInRoom } of seenFrom(samples, track, last)) {
          const off = differenceOf(poseInRoom, composePose(last, inBase));
          expect(off.m).toBeLessThan(1e-9);
          expect(off.rad).toBeLessThan(1e-6);
        }
      }),
    );
  });
});

const momentsOf = (frames: readonly MotionFrame[]) => Array.from({ length: frames.at(-1)!.atMs + 1 }, (_, ms) => ms);
const isNear = (a: Pose, b: Pose, { maxM, maxRad }: { maxM: number; maxRad: number }): boolean => {
  const off = differenceOf(a, b);
  return off.m <= maxM + 1e-9 && off.rad <= maxRad + 1e-6;
};

describe('what a part was put onto', () => {
  const base = brick('base', at(0, 0, 0), [0.3, 0.02, 0.3]);
  const block = brick('block', at(0, 0.06, 0));
  it('is what it touches, and nothing when it stands free', () => {
    expect(mountOf(block, [base, brick('far', at(1, 0, 0))], new Set())).toBe('base');
    expect(mountOf({ ...block, poseInRoom: at(0, 0.1, 0) }, [base], new Set())).toBeNull();
  });
  it('is what the other hand held there, whatever else it touches', () => {
    const beside = brick('beside', at(0.1, 0.06, 0));
    expect(mountOf(block, [base, beside], new Set(['beside']))).toBe('beside');
  });
  it('is the smaller of two that both enclose it', () => {
    const [ring, housing] = [
      brick('ring', at(0, 0, 0), [0.2, 0.2, 0.2]),
      brick('housing', at(0, 0, 0), [0.4, 0.4, 0.4]),
    ];
    expect(mountOf(brick('planet', at(0, 0, 0), [0.05, 0.05, 0.05]), [housing, ring], new Set())).toBe('ring');
  });
});

describe('a proposed tolerance', () => {
  const seat = brick('screw', at(0, 0, 0), [0.01, 0.03, 0.01]);
  it('is half of the way to the next screw, so that a screw in the wrong hole is not in its place', () => {
    const like = brick('screw-2', at(0.016, 0, 0), [0.01, 0.03, 0.01]);
    const { toleranceM, toleranceRad } = proposeTolerance(seat, [like, brick('base', at(0, -0.1, 0))], 'base');
    expect(toleranceM).toBeLessThan(0.008 + 1e-9);
    expect(toleranceM).toBeGreaterThanOrEqual(0.003);
    expect(toleranceRad).toBeGreaterThanOrEqual(0.05);
  });
  it('is generous where nothing is near, and on the bench', () => {
    expect(proposeTolerance(seat, [], 'base').toleranceM).toBe(0.015);
    expect(proposeTolerance(seat, [], null)).toEqual({ toleranceM: 0.1, toleranceRad: 0.5 });
  });
});

describe('recorded steps', () => {
  it('are one for a part that was taken again at once, and none for one that was put back', () => {
    const [a, b, c] = [at(0, 0, 0), at(0.2, 0, 0), at(0.4, 0.1, 0)];
    const joined = joinMoves([
      move('x', straight(a, b), { note: 'First the foot.' }),
      move('x', straight(b, c, 9000), { note: 'Until it clicks.' }),
      move('y', [...straight(a, b), { atMs: 2000, poseInRoom: a }]),
      move('z', straight(a, b)),
    ]);
    expect(joined.map((one) => one.part)).toEqual(['x', 'z']);
    expect(joined[0]!.note).toBe('First the foot. Until it clicks.');
    expect(joined[0]!.samples.at(-1)!.poseInRoom).toBe(c);
    const { frames } = simplifyMotion(joined[0]!.samples);
    expect(frames.at(-1)!.atMs).toBeLessThan(3500);
  });

  it('carry what was said, as text and as sound', () => {
    const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    const procedure = recordedProcedure(
      [part('foot', at(0, 0, 0))],
      [move('foot', straight(at(0, 0, 0), at(0.3, 0, 0)), { note: 'Feet down.', spoken: cid })],
      OPTIONS,
    );
    const [step] = procedure.chapters[0]!.steps;
    expect(step!.instruction).toEqual({ en: 'Feet down.' });
    expect(step!.behaviours.map(({ kind }) => kind)).toEqual(['highlight', 'ghostMotion', 'audio']);
    expect(procedure.workplace.media).toMatchObject([{ kind: 'audio', cid }]);
    expect(check(procedure).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('are all completed by who does the same again, in guided mode and without a finding', () => {
    const aMove = fc.record({
      part: fc.integer({ min: 0, max: 4 }),
      onto: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
      end: anyPose,
      way: aWay,
    });
    fc.assert(
      fc.property(fc.array(aMove, { minLength: 1, maxLength: 8 }), (told) => {
        const now = Array.from({ length: 5 }, (_, n) => at(n, 0, 0));
        const parts = now.map((pose, n) => part(`p${n}`, pose));
        const moves = told.map(({ part: n, onto, end, way }): RecordedMove => {
          const from = now[n]!;
          now[n] = end;
          const mount = onto === null || onto === n ? null : { part: `p${onto}`, poseInRoom: now[onto]!, track: [] };
          const samples = [
            ...way.map((one) => ({ ...one, poseInRoom: composePose(from, one.poseInRoom) })),
            { atMs: way.at(-1)!.atMs + 20, poseInRoom: end },
          ];
          const tolerance = mount ? { toleranceM: 0.004, toleranceRad: 0.05 } : {};
          return move(`p${n}`, [{ atMs: 0, poseInRoom: from }, ...samples], { mount, ...tolerance });
        });
        const joined = joinMoves(moves);
        if (joined.length === 0) return;
        const procedure = recordedProcedure(parts, moves, OPTIONS);
        expect(check(procedure).filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(indexOf(procedure).steps.size).toBe(joined.length);
        const participants = [{ id: ME, roles: [], station: null }];
        let { state } = start(procedure, { mode: 'guided', seed: 1, participants, startedAtMs: 0 });
        let atMs = 0;
        for (const { part: id, samples, mount } of joined) {
          // What lies there already, from an earlier step, is through at once.
          if (state.status !== 'running') break;
          const wanted = indexOf(procedure).steps.get(state.active[0]!.step)!.things;
          if (!wanted.has(id as never)) continue;
          const pose = samples.at(-1)!.poseInRoom;
          const poses: { in: string | null; pose: Pose }[] = [{ in: null, pose }];
          if (mount) poses.push({ in: mount.part, pose: composePose(invertPose(mount.poseInRoom), pose) });
          for (const event of [
            { type: 'grabbed', by: ME, thing: id },
            { type: 'placed', by: ME, thing: id, poses },
          ]) {
            const reaction = react(procedure, state, event as RunEvent, (atMs += 100));
            expect(reaction.effects.filter(({ kind }) => kind === 'refused' || kind === 'finding')).toEqual([]);
            state = reaction.state;
          }
        }
        expect(state.status).toBe('completed');
      }),
      { numRuns: 300 },
    );
  });
});
