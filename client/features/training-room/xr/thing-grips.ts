import type { Pose } from '#protocol/spatial/index';
import { carriedBy, handAlongRay, motionM, offsetInHand, reachAfter } from '../../../xr/grab.ts';
import type { Hand, Side } from '../../../xr/hands/hand.ts';
import type { Sounds } from '../../../xr/sounds.ts';
import type { Pickable } from '../scene/hand-tool.ts';
import type { TrainingView } from '../scene/training-view.ts';

/** A hand takes what is within this reach of it, metres. */
const NEAR_M = 0.06;
const FAR_M = 20;
/** Less than this is a trembling hand: nothing has been moved. */
const STILL_M = 0.006;
/** Rays are cast every so many frames. */
const CAST_EVERY_FRAMES = 3;

interface Grip {
  readonly thing: string;
  readonly isFar: boolean;
  readonly offset: Pose;
  readonly startPose: Pose;
  reachM: number;
  hasMoved: boolean;
}

export interface HandAim {
  at: Pickable | null;
  isNear: boolean;
  framesLeft: number;
}

/**
 * Things of the workplace in the hands, each with a grip of its own: one holds the base while the other mounts, or holds a
 * part in its place while the other fastens it. Near with the hand, far along the ray. What comes near its place snaps,
 * and is felt.
 */
export class ThingGrips {
  readonly #view: TrainingView;
  readonly #sounds: Sounds;
  readonly #toolSide: () => Side;
  readonly #grips = new Map<Side, Grip>();
  readonly #aims: Record<Side, HandAim> = { left: newAim(), right: newAim() };

  /** `toolSide`: the hand that has the tool, when there is one. */
  constructor(view: TrainingView, sounds: Sounds, toolSide: () => Side) {
    this.#view = view;
    this.#sounds = sounds;
    this.#toolSide = toolSide;
  }

  heldIn(side: Side): string | null {
    return this.#grips.get(side)?.thing ?? null;
  }

  isFarHolding(side: Side): boolean {
    return this.#grips.get(side)?.isFar ?? false;
  }

  reachOf(side: Side): number {
    return this.#grips.get(side)?.reachM ?? 0;
  }

  aimOf(side: Side): Readonly<HandAim> {
    return this.#aims[side];
  }

  /** One hand in one frame. Returns whether it is about a thing, so that nothing else has it. */
  tick(hand: Hand, reach: 'all' | 'near' | 'none', elapsedMs: number): boolean {
    const grip = this.#grips.get(hand.side);
    if (grip) {
      this.#carry(hand, grip, elapsedMs / 1000);
      return true;
    }
    const aim = this.#aims[hand.side];
    if (reach === 'none' || !hand.isTracked) {
      Object.assign(aim, newAim());
      return false;
    }
    this.#look(hand, aim, reach === 'all');
    if (hand.hasPressed && aim.at?.kind === 'thing') this.#press(hand, aim);
    return aim.at !== null || this.#grips.has(hand.side);
  }

  /** Whatever is in hand goes back. */
  letGoOfAll(): void {
    this.#grips.clear();
    this.#view.handling.putAllBack();
  }

  #hasTool({ side }: Hand): boolean {
    return this.#view.handling.tool.get() !== null && side === this.#toolSide();
  }

  /** The other hand is bare, whatever the one has. */
  #tap(hand: Hand, thing: string): void {
    if (this.#hasTool(hand)) this.#view.handling.tap(thing);
    else this.#view.handling.touch(thing);
  }

  #look(hand: Hand, aim: HandAim, isFar: boolean): void {
    const before = aim.at?.id;
    const near = hand.grabPointInRoom && this.#view.thingNear(hand.grabPointInRoom, NEAR_M);
    if (near)
      Object.assign(aim, {
        at: { kind: 'thing', id: near, distanceM: 0, pointInRoom: hand.grabPointInRoom! },
        isNear: true,
        framesLeft: 0,
      });
    else if (!isFar) Object.assign(aim, newAim());
    else if (hand.hasPressed || aim.framesLeft-- <= 0) {
      const hit = hand.ray && this.#view.pick(hand.ray);
      const at = hit && hit.distanceM < FAR_M ? hit : null;
      Object.assign(aim, { at, isNear: false, framesLeft: CAST_EVERY_FRAMES - 1 });
    }
    if (!aim.at || aim.at.id === before) return;
    hand.pulse(aim.isNear ? 0.3 : 0.12, 12);
    this.#sounds.tick('hover');
  }

  #press(hand: Hand, aim: HandAim): void {
    const { handling } = this.#view;
    const thing = aim.at!.id;
    // With a tool in that hand one means what it is used on; what is fixed can only be touched.
    if (this.#hasTool(hand) || !handling.isMovable(thing)) {
      hand.pulse(0.4, 20);
      return this.#tap(hand, thing);
    }
    const from = poseOfHold(hand, !aim.isNear, aim.at!.distanceM);
    const pose = handling.poses.get().get(thing);
    if (!from || !pose) return;
    // The other hand passes it over.
    for (const [side, grip] of this.#grips) if (grip.thing === thing) this.#grips.delete(side);
    if (!handling.grab(thing)) {
      hand.pulse(0.9, 120);
      return this.#sounds.tick('refuse');
    }
    this.#grips.set(hand.side, {
      ...{ thing, isFar: !aim.isNear, offset: offsetInHand(from, pose), startPose: pose },
      ...{ reachM: aim.at!.distanceM, hasMoved: false },
    });
    Object.assign(aim, newAim());
    hand.pulse(0.6, 30);
    this.#sounds.tick('grab');
  }

  #carry(hand: Hand, grip: Grip, elapsedS: number): void {
    const { handling } = this.#view;
    // The run took it out of the hand: the step is over, or somebody jumped.
    if (!handling.carried.get().has(grip.thing)) return void this.#grips.delete(hand.side);
    if (grip.isFar) grip.reachM = reachAfter(grip.reachM, hand.stick.y, elapsedS);
    const at = poseOfHold(hand, grip.isFar, grip.reachM);
    if (at) {
      const pose = carriedBy(at, grip.offset);
      grip.hasMoved ||= motionM(pose, grip.startPose) > STILL_M;
      if (grip.hasMoved && handling.move(grip.thing, pose)) {
        hand.pulse(0.8, 35);
        this.#sounds.tick('press');
      }
    }
    if (!hand.hasReleased && hand.isTracked) return;
    this.#grips.delete(hand.side);
    if (!grip.hasMoved) {
      handling.putBack(grip.thing);
      return this.#tap(hand, grip.thing);
    }
    const isDone = handling.put(grip.thing);
    hand.pulse(isDone ? 0.3 : 0.9, isDone ? 18 : 120);
    this.#sounds.tick(isDone ? 'press' : 'refuse');
  }
}

const newAim = (): HandAim => ({ at: null, isNear: false, framesLeft: 0 });

const poseOfHold = (hand: Hand, isFar: boolean, reachM: number): Pose | null =>
  isFar ? hand.rayInRoom && handAlongRay(hand.rayInRoom, reachM) : hand.gripInRoom;
