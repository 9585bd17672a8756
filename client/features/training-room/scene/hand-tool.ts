import { indexOf } from '#protocol/procedures/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { OrbitCamera } from '../../../scene/camera/orbit-camera.ts';
import { add, dot, pointOn, sub, transformPoint, type Ray } from '../../../scene/vec.ts';
import type { Pointer, Tool } from '../../../tools/tool.types.ts';
import type { Handling } from '../model/handling.ts';
import type { MachineModel } from './machine-model.ts';

/** What a pointer or a hand can mean in the workplace. */
export interface Pickable {
  readonly kind: 'thing' | 'control';
  readonly id: string;
  readonly distanceM: number;
  readonly pointInRoom: Vec3;
}

export interface HandGround {
  readonly handling: Handling;
  readonly camera: OrbitCamera;
  readonly pick: (ray: Ray) => Pickable | null;
  readonly machine: () => MachineModel | null;
  readonly hover: (at: Pickable | null) => void;
  /** Said while a control is dragged: what it will be set to. */
  readonly showWanted: (control: string, to: string | number | null) => void;
}

/** Dragged so near to a place, CSS pixels, a thing jumps into it: nobody places to a millimetre with a mouse. */
const SEAT_PX = { least: 26, most: 70 };
/** A click that trembles, CSS pixels. */
const SLACK_PX = 4;
const TOUCH_SLACK_PX = 10;
/** A drag that is not about a wheel's axis: full way in so many pixels. */
const FULL_WAY_PX = 220;
/** A wheel of many turns is geared down: nobody winds six times with a mouse. Radians for the whole way. */
const MOST_TURN_RAD = 2.5 * Math.PI;
/** Seen flatter than this, a wheel is not turned but pulled. */
const LEAST_FACING = 0.35;

type Drag =
  | { readonly kind: 'thing'; readonly id: string; readonly grip: Vec3; readonly offset: Vec3; isHeld: boolean | null }
  /** `travelled`: share of the whole way; `from`: where it stood, a share or a position. */
  | { readonly kind: 'control'; readonly id: string; readonly from: number; lastRad: number; travelled: number };

/**
 * The hand at the end of a mouse, a pen or a finger. Things are dragged over the height at which they were taken (with
 * Shift up and down) and jump into a place under the pointer; wheels and levers turn with it; a click touches, presses,
 * or uses the tool in hand.
 */
export class HandTool implements Tool {
  readonly id = 'select';
  readonly #ground: HandGround;
  #drag: Drag | null = null;
  #from: readonly [number, number] = [0, 0];
  #hasMoved = false;

  constructor(ground: HandGround) {
    this.#ground = ground;
  }

  press({ ray, xPx, yPx }: Pointer): boolean {
    const { handling, pick } = this.#ground;
    const at = pick(ray);
    this.#from = [xPx, yPx];
    this.#hasMoved = false;
    if (!at) return false;
    if (at.kind === 'control') {
      this.#drag = { kind: 'control', id: at.id, lastRad: NaN, travelled: 0, from: this.#startOf(at.id) };
      return true;
    }
    // What cannot be taken leaves the drag to the camera, but keeps its click.
    const pose = handling.poses.get().get(at.id);
    if (!pose || !handling.isMovable(at.id)) return false;
    const offset = sub(pose.position, at.pointInRoom);
    this.#drag = { kind: 'thing', id: at.id, grip: at.pointInRoom, offset, isHeld: null };
    return true;
  }

  drag(pointer: Pointer): void {
    const drag = this.#drag;
    if (!drag) return;
    const { handling } = this.#ground;
    const slack = pointer.isTouch ? TOUCH_SLACK_PX : SLACK_PX;
    if (!this.#hasMoved && Math.hypot(pointer.xPx - this.#from[0], pointer.yPx - this.#from[1]) < slack) return;
    this.#hasMoved = true;
    if (drag.kind === 'control') return this.#turn(drag, pointer);
    drag.isHeld ??= handling.grab(drag.id);
    if (drag.isHeld) this.#carry(drag, pointer);
  }

  release(pointer: Pointer): void {
    const drag = this.#drag;
    this.#drag = null;
    if (!drag) return;
    if (!this.#hasMoved) return this.click(pointer);
    const { handling, showWanted } = this.#ground;
    if (drag.kind === 'thing') {
      if (drag.isHeld) handling.put(drag.id);
      return;
    }
    showWanted(drag.id, null);
    const to = this.#valueOf(drag);
    if (to !== null && to !== handling.standing(drag.id)) handling.set(drag.id, to);
  }

  click({ ray }: Pointer): void {
    const { handling, pick } = this.#ground;
    this.#drag = null;
    const at = pick(ray);
    if (!at) handling.chosen.set(null);
    else if (at.kind === 'control') handling.press(at.id);
    else handling.tap(at.id);
  }

  hover({ ray, isTouch }: Pointer): void {
    this.#ground.hover(isTouch ? null : this.#ground.pick(ray));
  }

  cancel(): boolean {
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.kind === 'control') this.#ground.showWanted(drag.id, null);
    return this.#ground.handling.putAllBack() || drag !== null;
  }

  #carry({ id, grip, offset }: Extract<Drag, { kind: 'thing' }>, pointer: Pointer): void {
    const { handling, camera } = this.#ground;
    const { min, max } = handling.boxOf(id);
    const middle: Vec3 = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
    const radiusM = Math.hypot(max[0] - min[0], max[1] - min[1], max[2] - min[2]) / 2;
    const nearest = handling
      .seats(id)
      .flatMap(({ seat, poseInRoom }) => {
        const point = transformPoint(poseInRoom, middle);
        const seen = camera.project(point);
        if (!seen) return [];
        const awayPx = Math.hypot(seen.xPx - pointer.xPx, seen.yPx - pointer.yPx);
        const reachPx = Math.max(SEAT_PX.least, Math.min(SEAT_PX.most, radiusM / camera.metresPerPx(point)));
        return awayPx < reachPx ? [{ seat, awayPx }] : [];
      })
      .sort((a, b) => a.awayPx - b.awayPx)[0];
    if (nearest) return handling.sit(id, nearest.seat);
    const at = meets(pointer.ray, grip, pointer.isShift ? flat(camera.forward) : [0, 1, 0], camera.forward);
    const rotation = handling.poses.get().get(id)?.rotation ?? [0, 0, 0, 1];
    const pose: Pose = { position: add(at, offset), rotation };
    handling.move(id, pose, { reachM: 0, reachRad: 0 });
  }

  /** Turns a control about its axis as it is seen, or pulls it sideways where it is seen from the side. */
  #turn(drag: Extract<Drag, { kind: 'control' }>, { xPx, yPx }: Pointer): void {
    const { camera, machine, showWanted } = this.#ground;
    const model = machine();
    const joint = model?.model.about.controls.find(({ id }) => id === drag.id)?.joint;
    const node = model?.nodeOf('control', drag.id);
    const axis = model?.axisInRoom(drag.id);
    const centre = node && model ? model.poseInRoom(node).position : null;
    const seen = centre && camera.project(centre);
    const facing = axis && centre ? dot(axis, camera.forward) * -1 : 0;
    if (joint?.kind === 'revolute' && seen && Math.abs(facing) > LEAST_FACING) {
      // Screen y grows downwards: turned about an axis towards the eye, angles on the screen fall.
      const rad = -Math.atan2(yPx - seen.yPx, xPx - seen.xPx) * Math.sign(facing);
      if (!Number.isNaN(drag.lastRad)) {
        const by = Math.atan2(Math.sin(rad - drag.lastRad), Math.cos(rad - drag.lastRad));
        const way = joint.to - joint.from;
        drag.travelled += by / (Math.sign(way) * Math.min(Math.abs(way), MOST_TURN_RAD));
      }
      drag.lastRad = rad;
    } else drag.travelled = (xPx - this.#from[0] - (yPx - this.#from[1])) / FULL_WAY_PX;
    showWanted(drag.id, this.#valueOf(drag));
  }

  #valueOf({ id, from, travelled }: Extract<Drag, { kind: 'control' }>): string | number | null {
    const setting = indexOf(this.#ground.handling.run.procedure).controls.get(id)?.setting;
    if (!setting) return null;
    if (setting.kind === 'positions') {
      const last = setting.positions.length - 1;
      return setting.positions[Math.max(0, Math.min(last, Math.round(from + travelled * last)))] ?? null;
    }
    const { minimum, maximum } = setting;
    const share = Math.max(0, Math.min(1, from + travelled));
    // A hundredth of the way is as fine as a hand is.
    return minimum + (Math.round(share * 100) / 100) * (maximum - minimum);
  }

  #startOf(control: string): number {
    const { handling } = this.#ground;
    const setting = indexOf(handling.run.procedure).controls.get(control)?.setting;
    const stands = handling.standing(control);
    if (setting?.kind === 'positions') return Math.max(0, setting.positions.indexOf(String(stands) as never));
    if (setting?.kind !== 'number' || typeof stands !== 'number') return 0;
    return (stands - setting.minimum) / (setting.maximum - setting.minimum);
  }
}

/** Towards where the eye looks, level: the normal of an upright plane. */
const flat = ([x, , z]: Vec3): Vec3 => {
  const n = Math.hypot(x, z) || 1;
  return [x / n, 0, z / n];
};

/** Where the ray meets the plane through a point; where it runs along it, the plane that faces the eye. */
function meets(ray: Ray, through: Vec3, normal: Vec3, forward: Vec3): Vec3 {
  const along = dot(ray.direction, normal);
  const use = Math.abs(along) > 0.08 ? normal : forward;
  const t = dot(sub(through, ray.origin), use) / dot(ray.direction, use);
  return pointOn(ray, Math.max(0.05, Math.min(20, t)));
}
