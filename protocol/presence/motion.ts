import { mixPose, type Pose, type Quat } from '../spatial/index.ts';
import type { Body } from './frame.ts';

/** A state of a person and when it was so, ms of one clock. */
export interface BodySample {
  readonly atMs: number;
  readonly body: Body;
}

/** A motion is carried on for at most this long after the last state, ms. */
export const CARRY_ON_MS = 250;
/** Two states further apart than this say nothing about the pace, ms. */
export const PAUSE_MS = 400;

/** A state per tick at most. */
const LEAST_GAP_MS = 45;
/** Somebody who moves is sent this often even when the prediction holds: it is only carried on for so long. */
const MOVING_GAP_MS = CARRY_ON_MS - 50;
/** A person who stands still says only that they are still there. */
const STILL_GAP_MS = 500;
/** What a prediction may be wrong by before the truth is sent: below what one sees of another person. */
const MAX_ERROR_M = 0.01;
const MAX_ERROR_RAD = 0.03;

/** Between two bodies; a hand that comes or goes is taken from the newer one. */
export function mixBodies(a: Body, b: Body, t: number): Body {
  const hand = (from: Pose | undefined, to: Pose | undefined) => (from && to ? mixPose(from, to, t) : to);
  const [leftInRoom, rightInRoom] = [hand(a.leftInRoom, b.leftInRoom), hand(a.rightInRoom, b.rightInRoom)];
  return {
    ...b,
    headInRoom: mixPose(a.headInRoom, b.headInRoom, t),
    ...(leftInRoom ? { leftInRoom } : {}),
    ...(rightInRoom ? { rightInRoom } : {}),
  };
}

/** Where a person is a little after their last state when they go on as between the last two. Both ends reckon alike. */
export function carryOn(before: BodySample | undefined, last: BodySample, atMs: number): Body {
  const gapMs = before ? last.atMs - before.atMs : 0;
  const overMs = Math.min(atMs - last.atMs, CARRY_ON_MS);
  if (!before || gapMs <= 0 || gapMs > PAUSE_MS || overMs <= 0) return last.body;
  return mixBodies(before.body, last.body, 1 + overMs / gapMs);
}

/**
 * Decides which states of a person are worth sending: those that a viewer who carries the motion on would get wrong.
 * A steady walk costs five states a second instead of twenty, somebody who stands still two that the server keeps.
 */
export class BodySampler {
  #before: BodySample | undefined;
  #last: BodySample | undefined;

  /** Whether this state is due; when it is, it counts as sent. */
  take(body: Body, atMs: number): boolean {
    if (!this.#isDue(body, atMs)) return false;
    this.#before = this.#last;
    this.#last = { body, atMs };
    return true;
  }

  /** After a new connection everything counts again. */
  reset(): void {
    this.#before = this.#last = undefined;
  }

  #isDue(body: Body, atMs: number): boolean {
    const last = this.#last;
    if (!last) return true;
    const sinceMs = atMs - last.atMs;
    if (sinceMs < LEAST_GAP_MS) return false;
    if (sinceMs >= STILL_GAP_MS || !isSameGesture(last.body, body)) return true;
    if (differs(carryOn(this.#before, last, atMs), body)) return true;
    return sinceMs >= MOVING_GAP_MS && differs(last.body, body);
  }
}

function isSameGesture(a: Body, b: Body): boolean {
  return (
    !a.leftInRoom === !b.leftInRoom &&
    !a.rightInRoom === !b.rightInRoom &&
    !a.isLeftClosed === !b.isLeftClosed &&
    !a.isRightClosed === !b.isRightClosed &&
    !a.isPointing === !b.isPointing &&
    !a.isSpeaking === !b.isSpeaking &&
    !a.isHeadset === !b.isHeadset
  );
}

function differs(a: Body, b: Body): boolean {
  return (
    poseDiffers(a.headInRoom, b.headInRoom) ||
    poseDiffers(a.leftInRoom, b.leftInRoom) ||
    poseDiffers(a.rightInRoom, b.rightInRoom)
  );
}

function poseDiffers(a: Pose | undefined, b: Pose | undefined): boolean {
  if (!a || !b) return a !== b;
  const apartM = Math.hypot(...a.position.map((value, axis) => value - b.position[axis]!));
  return apartM > MAX_ERROR_M || angleBetween(a.rotation, b.rotation) > MAX_ERROR_RAD;
}

function angleBetween(a: Quat, b: Quat): number {
  const cosine = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  return 2 * Math.acos(Math.min(1, cosine));
}
