import type { Pose, Vec3 } from '#protocol/spatial/index';
import { rotateVec3 } from '#protocol/spatial/index';
import { Store } from '../net/store.ts';
import type { Avatars } from '../scene/avatars/avatars.ts';
import { besideEye, eyeOnPerson } from '../scene/camera/beside.ts';
import type { Eye } from '../scene/camera/orbit.ts';
import { distance } from '../scene/vec.ts';
import type { XrStay } from '../xr/xr-stay.ts';
import type { Workbench } from './tool.types.ts';

/** Somebody who looks past everything looks at about this distance, metres. */
const FAR_GAZE_M = 3;

/** Going to the others and back. Moves nothing but me: no op, and the first way back is kept over several visits. */
export class Visits {
  readonly isAway = new Store(false);
  readonly #bench: Workbench;
  readonly #avatars: Avatars;
  readonly #stay: () => XrStay | null;
  #with: number | null = null;
  #before: { eye: Eye } | { rig: Pose; stay: XrStay } | null = null;

  constructor(bench: Workbench, avatars: Avatars, stay: () => XrStay | null) {
    this.#bench = bench;
    this.#avatars = avatars;
    this.#stay = stay;
  }

  goTo(participant: number): boolean {
    const head = this.#headOf(participant);
    if (!head) return false;
    const stay = this.#stay();
    // In a headset I am life size, however small the other is shown.
    const eye = besideEye(head, stay ? 1 : this.#avatars.sizeOf(participant), this.#gazeM(head));
    this.#remember(participant);
    if (stay) stay.standAt(eye.position, eye.yaw);
    else this.#bench.camera.moveTo(eye);
    return true;
  }

  /** From one to the next in the order of their numbers, and after the last one back. */
  next(): void {
    const numbers = this.#bench.session.participants.get().map(({ participant }) => participant);
    const others = numbers.filter((one) => this.#headOf(one) !== null).sort((a, b) => a - b);
    const next = others.find((one) => this.#with === null || one > this.#with);
    if (next === undefined) this.back();
    else this.goTo(next);
  }

  /** In a headset one turns one's own head: there it goes beside the person instead. */
  lookAt(participant: number): boolean {
    if (this.#stay()) return this.goTo(participant);
    const head = this.#headOf(participant);
    if (!head) return false;
    this.#remember(participant);
    const { camera } = this.#bench;
    camera.moveTo(eyeOnPerson(camera.eye, head, this.#avatars.sizeOf(participant)));
    return true;
  }

  back(): void {
    const before = this.#before;
    this.#before = null;
    this.#with = null;
    this.isAway.set(false);
    const stay = this.#stay();
    if (!before) return;
    if ('eye' in before) this.#bench.camera.moveTo(before.eye);
    else if (before.stay === stay) stay.moveRig(before.rig);
  }

  /** The person whose head or name is under a point of the canvas, CSS pixels, unless a part stands before them. */
  personAt(xPx: number, yPx: number): number | null {
    const { camera, world } = this.#bench;
    for (const { participant } of this.#bench.session.participants.get()) {
      const spots = this.#avatars.of(participant)?.spots() ?? [];
      for (const { point, widthM, heightM } of spots) {
        const seen = camera.project(point);
        if (!seen) continue;
        const metresPerPx = camera.metresPerPx(point);
        const isOver =
          Math.abs(seen.xPx - xPx) < widthM / 2 / metresPerPx && Math.abs(seen.yPx - yPx) < heightM / 2 / metresPerPx;
        if (isOver && !world.pick(camera.rayAt(xPx, yPx), distance(camera.eye.position, point))) return participant;
      }
    }
    return null;
  }

  #remember(participant: number): void {
    this.#with = participant;
    const stay = this.#stay();
    // A way back out of a headset stay that is over leads nowhere.
    if (this.#before && 'stay' in this.#before && this.#before.stay !== stay) this.#before = null;
    this.#before ??= stay ? { rig: stay.rigInRoom, stay } : { eye: this.#bench.camera.eye };
    this.isAway.set(true);
  }

  #headOf(participant: number): Pose | null {
    return this.#avatars.of(participant)?.headInRoom(performance.now()) ?? null;
  }

  /** How far away stands what a person looks at, metres. */
  #gazeM({ position, rotation }: Pose): number {
    const direction = rotateVec3(rotation, [0, 0, -1]);
    const hit = this.#bench.world.pick({ origin: position, direction });
    if (hit) return Math.max(0.1, hit.distanceM);
    const { min, max } = this.#bench.world.boundsInRoom();
    if (min[0] > max[0]) return FAR_GAZE_M;
    const middle: Vec3 = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
    return Math.min(FAR_GAZE_M, Math.max(0.1, distance(position, middle)));
  }
}
