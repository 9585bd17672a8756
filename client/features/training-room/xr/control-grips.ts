import { indexOf, type Control } from '#protocol/procedures/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { distanceToBounds } from '../../../scene/picking.ts';
import { dot, sub } from '../../../scene/vec.ts';
import type { Hand, Side } from '../../../xr/hands/hand.ts';
import type { Sounds } from '../../../xr/sounds.ts';
import type { TrainingView } from '../scene/training-view.ts';
import { handTurnRad, rayTurnRad, settingAfter, shareOf } from './control-turn.ts';

/** A hand takes a wheel or lever within this reach, a fingertip presses a button within that one, metres. */
const NEAR_M = 0.07;
const POKE_M = 0.012;
const POKE_LEAVE_M = 0.03;
/** Pulled from afar, a slide goes its whole way in so much of the hand's, metres. */
const FAR_WAY_M = 0.35;
/** While a wheel is turned the machine hears of it so often, ms. */
const TELL_EVERY_MS = 160;

interface Grip {
  readonly control: Control;
  readonly isFar: boolean;
  readonly from: number;
  travelled: number;
  last: Pose;
  told: string | number | null;
  toldMs: number;
}

/** Valves turned by the hand, levers pulled, buttons poked or pressed along the ray. */
export class ControlGrips {
  readonly #view: TrainingView;
  readonly #sounds: Sounds;
  readonly #grips = new Map<Side, Grip>();
  readonly #poking = new Map<Side, string>();

  constructor(view: TrainingView, sounds: Sounds) {
    this.#view = view;
    this.#sounds = sounds;
  }

  heldIn(side: Side): string | null {
    return this.#grips.get(side)?.control.id ?? null;
  }

  /** One hand in one frame; `aimed`: the control its ray meets. Returns whether the hand is at a control. */
  tick(hand: Hand, aimed: string | null, nowMs: number): boolean {
    const grip = this.#grips.get(hand.side);
    if (grip) {
      this.#turn(hand, grip, nowMs);
      return true;
    }
    if (!this.#view.machine) return false;
    if (this.#poke(hand)) return true;
    if (!hand.hasPressed) return false;
    const near = hand.grabPointInRoom && this.#nearest(hand.grabPointInRoom, NEAR_M, () => true);
    const id = near ?? aimed;
    const control = id === null ? undefined : indexOf(this.#view.handling.run.procedure).controls.get(id);
    if (!control) return false;
    if (control.kind === 'button') {
      this.#view.handling.press(control.id);
      this.#feel(hand);
      return true;
    }
    const isFar = near === null;
    const last = isFar ? hand.rayInRoom : hand.gripInRoom;
    if (!last) return false;
    const stands = this.#view.handling.standing(control.id);
    this.#grips.set(hand.side, {
      control,
      isFar,
      from: shareOf(control, stands),
      travelled: 0,
      last,
      told: stands,
      toldMs: 0,
    });
    this.#view.handling.chosen.set({ kind: 'control', id: control.id });
    this.#feel(hand);
    return true;
  }

  letGoOfAll(): void {
    this.#grips.clear();
    this.#view.wanted.set(null);
  }

  #turn(hand: Hand, grip: Grip, nowMs: number): void {
    const { handling, machine, wanted } = this.#view;
    const at = grip.isFar ? hand.rayInRoom : hand.gripInRoom;
    const joint = machine?.model.about.controls.find(({ id }) => id === grip.control.id)?.joint;
    const axis = machine?.axisInRoom(grip.control.id);
    const node = machine?.nodeOf('control', grip.control.id);
    if (at && joint && axis && node && machine) {
      const way = joint.to - joint.from;
      if (joint.kind === 'revolute') {
        const rad = grip.isFar
          ? rayTurnRad(grip.last.rotation, at.rotation, axis)
          : handTurnRad(grip.last, at, machine.poseInRoom(node).position, axis);
        grip.travelled += rad / way;
      } else {
        const moved = dot(sub(at.position, grip.last.position), axis);
        grip.travelled += grip.isFar ? (moved / FAR_WAY_M) * Math.sign(way) : moved / way;
      }
      grip.last = at;
    }
    const to = settingAfter(grip.control, grip.from, grip.travelled);
    const isOver = hand.hasReleased || !hand.isTracked;
    if (to !== grip.told && (isOver || typeof to === 'string' || nowMs - grip.toldMs > TELL_EVERY_MS)) {
      grip.told = to;
      grip.toldMs = nowMs;
      if (handling.set(grip.control.id, to)) hand.pulse(0.35, 14);
      else hand.pulse(0.9, 120);
    }
    wanted.set(isOver ? null : { control: grip.control.id, to });
    if (isOver) this.#grips.delete(hand.side);
  }

  #poke(hand: Hand): boolean {
    const tip = hand.tipInRoom;
    if (!tip) return false;
    const isPushed = ({ kind }: Control) => kind === 'button' || kind === 'switch';
    const before = this.#poking.get(hand.side);
    const touched = this.#nearest(tip, before ? POKE_LEAVE_M : POKE_M, isPushed);
    if (touched === null) this.#poking.delete(hand.side);
    else if (touched !== before) {
      this.#poking.set(hand.side, touched);
      this.#view.handling.press(touched);
      this.#feel(hand);
    }
    return touched !== null;
  }

  #feel(hand: Hand): void {
    hand.pulse(0.6, 30);
    this.#sounds.tick('press');
  }

  #nearest(point: Vec3, reachM: number, isMeant: (control: Control) => boolean): string | null {
    const { machine, handling } = this.#view;
    let best: string | null = null;
    let bestM = reachM;
    for (const control of handling.run.procedure.workplace.controls) {
      const node = isMeant(control) ? machine?.nodeOf('control', control.id) : null;
      if (!node) continue;
      const awayM = distanceToBounds(point, machine!.boundsInRoom(node));
      if (awayM <= bestM) [best, bestM] = [control.id, awayM];
    }
    return best;
  }
}
