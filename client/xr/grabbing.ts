import type { PartId } from '#protocol/ids';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { Participant } from '#protocol/room/index';
import { ACCENT, PARTICIPANT_COLORS } from '../palette.ts';
import type { PartHit } from '../scene/world/world.ts';
import { carriedBy, handAlongRay, isOtherPose, motionM, offsetInHand, reachAfter, snapMotion } from './grab.ts';
import type { Hand, Side } from './hands/hand.ts';
import type { Mark } from './highlight.ts';
import type { Sounds } from './sounds.ts';
import type { Drag, XrGround } from './xr-ground.types.ts';

/** A hand takes what is within this reach of it, metres. */
const NEAR_M = 0.06;
const FAR_M = 30;
/** Less than this is a trembling hand: nothing has been moved. */
const STILL_M = 0.006;
/** Rays are cast every so many frames; in between the last answer is good enough. */
const CAST_EVERY_FRAMES = 3;
/** In the air nobody works to the millimetre: snapping steps are at least this. */
const MIN_STEP_M = 0.005;
const RED = '#e03131';

interface Grip {
  readonly drag: Drag;
  readonly lead: PartId;
  readonly isFar: boolean;
  readonly offset: Pose;
  readonly startLead: Pose;
  reachM: number;
  lastLead: Pose;
  hasMoved: boolean;
}

interface Aim {
  part: PartId | null;
  isNear: boolean;
  hit: PartHit | null;
  framesLeft: number;
}

export type Reach = 'all' | 'near' | 'none';

export interface Refusal {
  readonly part: PartId;
  readonly holder: Participant | null;
  /** In the person's language. */
  readonly reason: string;
  readonly hand: Hand;
}

/** Taking parts with the hands: from near with the grip or fingers, from far along the ray. */
export class Grabbing {
  readonly #ground: XrGround;
  readonly #sounds: Sounds;
  readonly #onRefused: (refusal: Refusal) => void;
  readonly #grips = new Map<Side, Grip>();
  readonly #aims: Record<Side, Aim> = { left: newAim(), right: newAim() };
  readonly #flashes = new Map<PartId, number>();
  /** How long a refused part is red. */
  flashMs = 600;

  constructor(ground: XrGround, sounds: Sounds, onRefused: (refusal: Refusal) => void) {
    this.#ground = ground;
    this.#sounds = sounds;
    this.#onRefused = onRefused;
  }

  /** Hands that hold something. */
  get busy(): ReadonlySet<Side> {
    return new Set(this.#grips.keys());
  }

  aimOf(side: Side): Readonly<Aim> {
    return this.#aims[side];
  }

  isFarHolding(side: Side): boolean {
    return this.#grips.get(side)?.isFar ?? false;
  }

  /** Where the held part hangs on the ray, metres from the hand. */
  reachOf(side: Side): number {
    return this.#grips.get(side)?.reachM ?? 0;
  }

  /**
   * One hand in one frame. `reach`: none while the palette or a jump has it, near for the hand that carries the palette.
   * True while the hand points at or holds a part.
   */
  tick(hand: Hand, reach: Reach, nowMs: number, elapsedMs: number): boolean {
    const grip = this.#grips.get(hand.side);
    if (grip) {
      this.#carry(hand, grip, elapsedMs / 1000);
      if (grip.drag.isOver) this.#grips.delete(hand.side);
      else if (hand.hasReleased || !hand.isTracked) this.#letGo(hand, grip);
      return true;
    }
    const aim = this.#aims[hand.side];
    if (reach === 'none' || !hand.isTracked) {
      Object.assign(aim, newAim());
      return false;
    }
    this.#look(hand, aim, reach === 'all');
    if (hand.hasPressed && aim.part) this.#take(hand, aim.part, aim, nowMs);
    return aim.part !== null || this.#grips.has(hand.side);
  }

  /** What the outlines show: flashes over holds, holds over aims, aims over the selection. */
  marks(nowMs: number): Map<PartId, Mark> {
    const { world, selection, session } = this.#ground;
    const marks = new Map<PartId, Mark>();
    const add = (ids: Iterable<PartId>, color: string) => {
      for (const id of world.withChildren(ids)) if (world.part(id)?.shape) marks.set(id, { color });
    };
    add(selection.get(), ACCENT);
    for (const { part } of Object.values(this.#aims)) if (part) add([part], ACCENT);
    for (const { drag } of this.#grips.values()) add(drag.parts, ACCENT);
    for (const lease of session.held.get().values())
      if (lease.session !== session.me.session)
        add([lease.part], colorOf(session.participants.get().find((one) => one.session === lease.session)));
    for (const [part, untilMs] of this.#flashes) {
      if (nowMs < untilMs) add([part], RED);
      else this.#flashes.delete(part);
    }
    return marks;
  }

  cancelAll(): void {
    for (const { drag } of this.#grips.values()) drag.cancel();
    this.#grips.clear();
  }

  #look(hand: Hand, aim: Aim, isFar: boolean): void {
    const { world } = this.#ground;
    const before = aim.part;
    const near = hand.grabPointInRoom ? world.nearest(hand.grabPointInRoom, NEAR_M) : null;
    if (near) Object.assign(aim, { part: near, isNear: true, hit: null, framesLeft: 0 });
    else if (!isFar) Object.assign(aim, newAim());
    else if (hand.hasPressed || aim.framesLeft-- <= 0) {
      const hit = hand.ray && world.pick(hand.ray, FAR_M);
      Object.assign(aim, { part: hit?.part ?? null, isNear: false, hit, framesLeft: CAST_EVERY_FRAMES - 1 });
    }
    if (!aim.part || aim.part === before) return;
    hand.pulse(aim.isNear ? 0.3 : 0.12, 12);
    this.#sounds.tick('hover');
  }

  #take(hand: Hand, part: PartId, aim: Aim, nowMs: number): void {
    const { world, selection } = this.#ground;
    // The other hand may pass a part over.
    for (const [side, grip] of this.#grips)
      if (side !== hand.side && grip.drag.parts.includes(part)) {
        grip.drag.release();
        this.#grips.delete(side);
      }
    const reachM = aim.isNear ? 0 : (aim.hit?.distanceM ?? 0.5);
    const from = poseOfHold(hand, !aim.isNear, reachM);
    if (!from) return;
    const chosen = selection.get();
    const parts = world.withChildren(chosen).has(part) ? [...chosen] : [part];
    if (parts[0] === part && !chosen.has(part)) selection.set(new Set([part]));
    const drag = this.#ground.drag(parts, (reason) => this.#refuse(hand, part, reason, nowMs));
    const startLead = world.poseInRoom(part);
    const offset = offsetInHand(from, startLead);
    this.#grips.set(hand.side, {
      drag,
      lead: part,
      isFar: !aim.isNear,
      offset,
      startLead,
      reachM,
      lastLead: startLead,
      hasMoved: false,
    });
    Object.assign(aim, newAim());
    hand.pulse(0.6, 30);
    this.#sounds.tick('grab');
  }

  #carry(hand: Hand, grip: Grip, elapsedS: number): void {
    if (grip.isFar) grip.reachM = reachAfter(grip.reachM, hand.stick.y, elapsedS);
    const at = poseOfHold(hand, grip.isFar, grip.reachM);
    if (!at || grip.drag.isOver) return;
    let lead = carriedBy(at, grip.offset);
    if (!grip.hasMoved && motionM(lead, grip.startLead) < STILL_M) return;
    grip.hasMoved = true;
    const { isOn, stepM, stepRad } = this.#ground.snap.get();
    if (isOn) {
      lead = snapMotion(grip.startLead, lead, Math.max(stepM, MIN_STEP_M), stepRad);
      if (isOtherPose(lead, grip.lastLead)) hand.pulse(0.2, 8);
    }
    grip.lastLead = lead;
    const change = composePose(lead, invertPose(grip.startLead));
    grip.drag.moveTo((start) => composePose(change, start));
  }

  #letGo(hand: Hand, grip: Grip): void {
    grip.drag.release();
    this.#grips.delete(hand.side);
    hand.pulse(0.3, 18);
    this.#sounds.tick('press');
  }

  #refuse(hand: Hand, part: PartId, reason: string, nowMs: number): void {
    this.#grips.delete(hand.side);
    this.#flashes.set(part, Math.max(nowMs, performance.now()) + this.flashMs);
    hand.pulse(0.9, 120);
    this.#sounds.tick('refuse');
    this.#onRefused({ part, holder: this.#holderOf(part), reason, hand });
  }

  #holderOf(id: PartId): Participant | null {
    const { session, world } = this.#ground;
    for (let at: PartId | null = id; at !== null; at = world.part(at)?.parent ?? null) {
      const lease = session.held.get().get(at);
      if (lease && lease.session !== session.me.session)
        return session.participants.get().find((one) => one.session === lease.session) ?? null;
    }
    return null;
  }
}

const newAim = (): Aim => ({ part: null, isNear: false, hit: null, framesLeft: 0 });

const poseOfHold = (hand: Hand, isFar: boolean, reachM: number): Pose | null =>
  isFar ? hand.rayInRoom && handAlongRay(hand.rayInRoom, reachM) : hand.gripInRoom;

export const colorOf = (person: Participant | null | undefined): string =>
  PARTICIPANT_COLORS[(person?.color ?? 11) % 12]!;

/** Where a notice about a part stands: over it. */
export function above(ground: XrGround, part: PartId): Vec3 {
  const { min, max } = ground.world.boundsInRoom([part]);
  return [(min[0] + max[0]) / 2, max[1] + 0.06, (min[2] + max[2]) / 2];
}
