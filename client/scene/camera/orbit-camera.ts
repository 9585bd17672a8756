import type { Vec3 } from '#protocol/spatial/index';
import type { Bounds } from '../geometry.ts';
import type { ViewDirection } from '../room-view.types.ts';
import { FOV_RAD, type Stage } from '../stage/stage.ts';
import { add, dot, scale, sub, type Ray } from '../vec.ts';
import { arrivalEye } from './arrival.ts';
import {
  DIRECTIONS,
  dolly,
  focusOf,
  forwardOf,
  frameBounds,
  mixEyes,
  orbit,
  pan,
  rotationOf,
  type Eye,
} from './orbit.ts';
import { rotateVec3 } from '#protocol/spatial/index';

const MOVE_MS = 180;
const ORBIT_RAD_PER_PX = 0.0075;

/** The desktop eye: turns about, zooms to and pans with what is under the pointer. Moves can be interrupted at any time. */
export class OrbitCamera {
  readonly #stage: Stage;
  #eye: Eye = { position: [0.9, 0.8, 1.2], ...DIRECTIONS.iso, focusM: 1.6 };
  #move: { from: Eye; to: Eye; startMs: number } | null = null;
  readonly #listeners = new Set<(eye: Eye) => void>();

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.onTick((nowMs) => this.#tick(nowMs));
    this.#show();
  }

  get eye(): Eye {
    return this.#eye;
  }

  get forward(): Vec3 {
    return forwardOf(this.#eye);
  }

  get isMoving(): boolean {
    return this.#move !== null;
  }

  onMove(listener: (eye: Eye) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#eye);
    return () => void this.#listeners.delete(listener);
  }

  orbitBy(pivot: Vec3, dxPx: number, dyPx: number): void {
    this.#set(orbit(this.#eye, pivot, -dxPx * ORBIT_RAD_PER_PX, -dyPx * ORBIT_RAD_PER_PX));
  }

  zoomTo(point: Vec3, factor: number): void {
    this.#set(dolly(this.#eye, point, factor));
  }

  /** `at`: the point that stays under the pointer. */
  panBy(at: Vec3, dxPx: number, dyPx: number): void {
    const depthM = Math.max(0.01, dot(sub(at, this.#eye.position), forwardOf(this.#eye)));
    const metresPerPx = (2 * depthM * Math.tan(FOV_RAD / 2)) / this.#stage.sizePx[1];
    this.#set(pan(this.#eye, -dxPx * metresPerPx, dyPx * metresPerPx));
  }

  frame(bounds: Bounds, direction?: ViewDirection, isInstant = false): void {
    const [width, height] = this.#stage.sizePx;
    const lens = { fovRad: FOV_RAD, aspect: width / Math.max(1, height) };
    const to = frameBounds(this.#eye, bounds, lens, direction && DIRECTIONS[direction]);
    if (isInstant) this.#set(to);
    else this.moveTo(to);
  }

  /** Stands where the person of this number stands who enters. */
  arrive(bounds: Bounds, participant: number): void {
    const [width, height] = this.#stage.sizePx;
    this.#set(arrivalEye(bounds, { fovRad: FOV_RAD, aspect: width / Math.max(1, height) }, participant));
  }

  lookFrom(direction: ViewDirection): void {
    const turn = DIRECTIONS[direction];
    const focus = focusOf(this.#eye);
    this.moveTo({ ...this.#eye, ...turn, position: sub(focus, scale(forwardOf(turn), this.#eye.focusM)) });
  }

  /** Looks at a point along a direction from it, such as a face's normal. */
  lookAt(point: Vec3, from: Vec3, distanceM: number): void {
    const yaw = Math.atan2(from[0], from[2]);
    const pitch = -Math.asin(Math.max(-0.95, Math.min(0.95, from[1])));
    const turn = { yaw, pitch };
    this.moveTo({ ...turn, focusM: distanceM, position: sub(point, scale(forwardOf(turn), distanceM)) });
  }

  /** At once, and whatever move goes on is over. */
  standAt(eye: Eye): void {
    this.#set(eye);
  }

  moveTo(to: Eye): void {
    this.#move = { from: this.#eye, to, startMs: performance.now() };
    this.#stage.invalidate();
  }

  /** Ray through a point of the canvas, CSS pixels from its upper left corner. */
  rayAt(xPx: number, yPx: number): Ray {
    const [width, height] = this.#stage.sizePx;
    const tan = Math.tan(FOV_RAD / 2);
    const local: Vec3 = [((xPx / width) * 2 - 1) * tan * (width / height), (1 - (yPx / height) * 2) * tan, -1];
    const n = Math.hypot(...local);
    return {
      origin: this.#eye.position,
      direction: rotateVec3(rotationOf(this.#eye), [local[0] / n, local[1] / n, local[2] / n]),
    };
  }

  /** Where a point of the room stands on the canvas, CSS pixels, with its depth; null behind the eye. */
  project(point: Vec3): { xPx: number; yPx: number; depthM: number } | null {
    const [x, y, z, w] = rotationOf(this.#eye);
    const local = rotateVec3([-x, -y, -z, w], sub(point, this.#eye.position));
    if (local[2] > -1e-6) return null;
    const [width, height] = this.#stage.sizePx;
    const tan = Math.tan(FOV_RAD / 2);
    return {
      xPx: ((local[0] / -local[2] / (tan * (width / height)) + 1) / 2) * width,
      yPx: ((1 - local[1] / -local[2] / tan) / 2) * height,
      depthM: -local[2],
    };
  }

  /** Length in the room that covers one CSS pixel at this point. */
  metresPerPx(point: Vec3): number {
    const depthM = Math.max(1e-4, dot(sub(point, this.#eye.position), forwardOf(this.#eye)));
    return (2 * depthM * Math.tan(FOV_RAD / 2)) / this.#stage.sizePx[1];
  }

  /** The point to turn and zoom about when nothing is under the pointer. */
  fallbackPoint(ray: Ray): Vec3 {
    return add(
      ray.origin,
      scale(ray.direction, this.#eye.focusM / Math.max(0.2, dot(ray.direction, forwardOf(this.#eye)))),
    );
  }

  #set(eye: Eye): void {
    this.#move = null;
    this.#eye = eye;
    this.#show();
  }

  #tick(nowMs: number): boolean {
    if (!this.#move) return false;
    const t = Math.min(1, (nowMs - this.#move.startMs) / MOVE_MS);
    const eased = 1 - (1 - t) ** 3;
    this.#eye = t === 1 ? this.#move.to : mixEyes(this.#move.from, this.#move.to, eased);
    if (t === 1) this.#move = null;
    this.#show();
    return this.#move !== null;
  }

  #show(): void {
    const { camera } = this.#stage;
    camera.position.set(...this.#eye.position);
    camera.rotationQuaternion!.set(...rotationOf(this.#eye));
    camera.minZ = Math.max(0.0005, Math.min(0.05, this.#eye.focusM * 0.02));
    camera.maxZ = Math.max(50, this.#eye.focusM * 30);
    for (const listener of this.#listeners) listener(this.#eye);
    this.#stage.invalidate();
  }
}
