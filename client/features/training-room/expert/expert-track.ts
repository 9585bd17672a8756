import { decodeBody, type Body } from '#protocol/presence/index';
import {
  react,
  simplifyMotion,
  start,
  type MotionBounds,
  type MotionFrame,
  type Procedure,
  type RunEvent,
} from '#protocol/procedures/index';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';
import type { RunRow } from '#protocol/training/index';

export interface TimedBody {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly body: Uint8Array;
}
export interface TimedEvent {
  readonly atMs: number;
  readonly event: RunEvent;
}
type Side = 'left' | 'right';

/** What the expert did in one step: the way of each hand and of each thing, all from the same beginning and to one end. */
export interface ExpertStep {
  readonly hands: Readonly<Partial<Record<Side, readonly MotionFrame[]>>>;
  readonly things: readonly { readonly thing: string; readonly frames: readonly MotionFrame[] }[];
  readonly lastMs: number;
}

/** Finer than an eye follows while it works itself. */
const BOUNDS: MotionBounds = { maxM: 0.006, maxRad: 0.08, mostFrames: 200 };
/** The moment before a step in which the hand already reaches for the part, ms. */
const LEAD_IN_MS = 1200;
/** A hand this near to where a thing was put has put it, metres. */
const HAND_REACH_M = 0.6;

/** A recorded run by step: from the journal what was done, from the recording how the hands moved. */
export function expertSteps(
  procedure: Procedure,
  row: Pick<RunRow, 'mode' | 'seed' | 'participants' | 'startedAtMs'>,
  events: readonly TimedEvent[],
  bodies: readonly TimedBody[],
): ReadonlyMap<string, ExpertStep> {
  const looks = bodies.flatMap(({ atMs, body }) => {
    const read = decodeBody(body);
    return read ? [{ atMs, body: read }] : [];
  });
  const steps = new Map<string, ExpertStep>();
  for (const { step, fromMs, toMs } of stretchesOf(procedure, row, events)) {
    const seen = looks.filter(({ atMs }) => atMs >= fromMs - LEAD_IN_MS && atMs <= toMs);
    const own = events.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    const beganMs = Math.min(fromMs, seen[0]?.atMs ?? fromMs);
    const hands: Partial<Record<Side, readonly MotionFrame[]>> = {};
    for (const side of ['left', 'right'] as const) {
      const samples = seen.flatMap(({ atMs, body }) => {
        const poseInRoom = handOf(body, side);
        return poseInRoom ? [{ atMs: atMs - beganMs, poseInRoom }] : [];
      });
      if (samples.length > 1) hands[side] = simplified(samples);
    }
    const things = thingsMoved(own, seen, beganMs);
    const all = [...Object.values(hands), ...things.map(({ frames }) => frames)];
    if (all.length === 0) continue;
    const lastMs = Math.max(...all.map((frames) => frames.at(-1)!.atMs));
    // One beginning and one end for all: they move together.
    steps.set(step, {
      hands: Object.fromEntries(Object.entries(hands).map(([side, frames]) => [side, stretched(frames, lastMs)])),
      things: things.map(({ thing, frames }) => ({ thing, frames: stretched(frames, lastMs) })),
      lastMs,
    });
  }
  return steps;
}

/** When each step began and ended, the last time it was done. */
function stretchesOf(
  procedure: Procedure,
  { mode, seed, participants, startedAtMs }: Pick<RunRow, 'mode' | 'seed' | 'participants' | 'startedAtMs'>,
  events: readonly TimedEvent[],
): { step: string; fromMs: number; toMs: number }[] {
  const people = participants.map(({ id, roles, station }) => ({ id, roles, station }));
  const begun = new Map<string, number>();
  const done = new Map<string, { step: string; fromMs: number; toMs: number }>();
  let { state, effects } = start(procedure, { mode, seed, participants: people, startedAtMs });
  let atMs = startedAtMs;
  for (let next = 0; ; next++) {
    for (const effect of effects) {
      if (effect.kind === 'entered') begun.set(effect.step, atMs);
      else if (effect.kind === 'left' && begun.has(effect.step))
        done.set(effect.step, { step: effect.step, fromMs: begun.get(effect.step)!, toMs: atMs });
    }
    const one = events[next];
    if (!one) return [...done.values()];
    ({ atMs } = one);
    ({ state, effects } = react(procedure, state, one.event, atMs));
  }
}

/** Things go with the hand that put them down, from where they were taken; without a hand they jump nowhere: no way is shown. */
function thingsMoved(
  events: readonly TimedEvent[],
  seen: readonly { readonly atMs: number; readonly body: Body }[],
  beganMs: number,
): { thing: string; frames: readonly MotionFrame[] }[] {
  const moved: { thing: string; frames: readonly MotionFrame[] }[] = [];
  const taken = new Map<string, number>();
  for (const { event, atMs } of events) {
    if (event.type === 'grabbed') taken.set(event.thing, atMs);
    if (event.type !== 'placed') continue;
    const fromMs = taken.get(event.thing);
    const put = event.poses.find(({ in: reference }) => reference === null)?.pose;
    const side = put && fromMs !== undefined ? sideAt(seen, atMs, put) : null;
    if (!put || fromMs === undefined || !side) continue;
    const during = seen.flatMap((one) => {
      const hand = one.atMs >= fromMs && one.atMs <= atMs ? handOf(one.body, side) : null;
      return hand ? [{ atMs: one.atMs, hand }] : [];
    });
    const end = during.at(-1);
    if (!end || during.length < 2) continue;
    const inHand = composePose(invertPose(end.hand), put);
    const samples = during.map((one) => ({ atMs: one.atMs - beganMs, poseInRoom: composePose(one.hand, inHand) }));
    moved.push({ thing: event.thing, frames: simplified(samples) });
  }
  return moved;
}

function sideAt(seen: readonly { readonly atMs: number; readonly body: Body }[], atMs: number, put: Pose): Side | null {
  const body = seen.findLast((one) => one.atMs <= atMs)?.body;
  let best: Side | null = null;
  let bestM = HAND_REACH_M;
  for (const side of ['left', 'right'] as const) {
    const hand = body && handOf(body, side);
    if (!hand) continue;
    const awayM = Math.hypot(...hand.position.map((value, axis) => value - put.position[axis]!));
    if (awayM < bestM) [best, bestM] = [side, awayM];
  }
  return best;
}

const handOf = (body: Body, side: Side): Pose | null => (side === 'left' ? body.leftInRoom : body.rightInRoom) ?? null;

/** Times stay those of the recording: hands and things belong together. */
function simplified(samples: readonly MotionFrame[]): readonly MotionFrame[] {
  const { frames } = simplifyMotion(samples, { ...BOUNDS, keepsRests: true });
  const beganMs = Math.round(samples[0]!.atMs);
  return frames.map(({ atMs, poseInRoom }) => ({ atMs: atMs + beganMs, poseInRoom }));
}

function stretched(frames: readonly MotionFrame[], lastMs: number): readonly MotionFrame[] {
  const [first, last] = [frames[0]!, frames.at(-1)!];
  return [
    ...(first.atMs > 0 ? [{ atMs: 0, poseInRoom: first.poseInRoom }] : []),
    ...frames,
    ...(last.atMs < lastMs ? [{ atMs: lastMs, poseInRoom: last.poseInRoom }] : []),
  ];
}
