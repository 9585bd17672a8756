import type { TrainingSession } from '#net/index';
import { mixPose, type Pose } from '#protocol/spatial/index';
import type { Handling } from './handling.ts';

/** A held thing follows its holder's hand with this lag, ms: frames come at 20 Hz, pictures oftener. */
const FOLLOW_MS = 60;
/** Who carries something without moving says so again, for those who came meanwhile, ms. */
const STILL_EVERY_MS = 1_000;
/** News of a thing may be here before it is known to be in that hand, ms. */
const EARLY_MS = 2_000;
/** Nearer than this it is there, metres; and as good as turned. */
const THERE_M = 2e-4;
const THERE_TURN = 1e-3;

interface News {
  readonly user: string;
  readonly to: Pose;
  readonly atMs: number;
}

type Line = Pick<TrainingSession, 'participants' | 'sendCarry' | 'onCarries'>;

/** What the people of a run carry, both ways: mine is told as it moves, theirs is shown in their hands. */
export class CarryLine {
  readonly #session: Line;
  readonly #handling: Handling;
  readonly #news = new Map<string, News>();
  readonly #stops: (() => void)[];
  readonly #nowMs: () => number;
  #toldMs = 0;

  constructor(session: Line, handling: Handling, nowMs = () => performance.now()) {
    this.#session = session;
    this.#handling = handling;
    this.#nowMs = nowMs;
    this.#stops = [
      handling.carried.subscribe(() => this.#tell()),
      session.onCarries((carries) => {
        for (const { participant, part, poseInParent } of carries) {
          const user = session.participants.get().find((one) => one.participant === participant)?.user;
          // In a training room nothing has a parent: what is carried is told in the room.
          if (user) this.#news.set(part, { user, to: poseInParent, atMs: this.#nowMs() });
        }
      }),
    ];
  }

  /** With each picture. Returns whether something moves still. */
  tick(nowMs: number, elapsedMs: number): boolean {
    if (nowMs - this.#toldMs > STILL_EVERY_MS) this.#tell();
    const share = 1 - Math.exp(-elapsedMs / FOLLOW_MS);
    let isMoving = false;
    for (const [thing, { user, to, atMs }] of this.#news) {
      const at = this.#handling.poses.get().get(thing);
      if (at && isThere(at, to)) continue;
      if (this.#handling.follow(thing, user, at ? mixPose(at, to, share) : to)) isMoving = true;
      else if (nowMs - atMs > EARLY_MS) this.#news.delete(thing);
    }
    return isMoving;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  #tell(): void {
    this.#toldMs = this.#nowMs();
    for (const [part, { poseInRoom }] of this.#handling.carried.get())
      this.#session.sendCarry({ part, poseInParent: poseInRoom });
  }
}

function isThere(a: Pose, b: Pose): boolean {
  const isNear = a.position.every((m, axis) => Math.abs(m - b.position[axis]!) < THERE_M);
  const dot = a.rotation.reduce((sum, q, k) => sum + q * b.rotation[k]!, 0);
  return isNear && Math.abs(dot) > 1 - THERE_TURN * THERE_TURN;
}
