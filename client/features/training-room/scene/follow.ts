import { Store } from '#net/store';
import { rotateVec3, type Pose } from '#protocol/spatial/index';
import type { Avatars } from '../../../scene/avatars/avatars.ts';
import type { Eye } from '../../../scene/camera/orbit.ts';
import type { OrbitCamera } from '../../../scene/camera/orbit-camera.ts';

/** The eye where a head is, looking where it looks; a head that is held askew still sees a level horizon here. */
export function eyeIn({ position, rotation }: Pose, focusM: number): Eye {
  const [x, y, z] = rotateVec3(rotation, [0, 0, -1]);
  return { position, yaw: Math.atan2(-x, -z), pitch: Math.asin(Math.max(-1, Math.min(1, y))), focusM };
}

/** Sees what somebody else sees, for as long as it is wanted: the picture goes along with their head. */
export class Follow {
  /** Number of the person whose eyes these are; null: my own. */
  readonly with = new Store<number | null>(null);
  readonly #camera: OrbitCamera;
  readonly #avatars: Avatars;
  readonly #stops: (() => void)[];
  #before: Eye | null = null;

  constructor(canvas: HTMLCanvasElement, camera: OrbitCamera, avatars: Avatars) {
    this.#camera = camera;
    this.#avatars = avatars;
    // Whoever turns the picture wants to look for themselves.
    const mine = () => this.with.set(null);
    canvas.addEventListener('pointerdown', mine);
    canvas.addEventListener('wheel', mine, { passive: true });
    this.#stops = [
      this.with.subscribe(() => this.#turn()),
      () => canvas.removeEventListener('pointerdown', mine),
      () => canvas.removeEventListener('wheel', mine),
    ];
  }

  get isOn(): boolean {
    return this.with.get() !== null;
  }

  /** With each picture. */
  tick(nowMs: number): void {
    const participant = this.with.get();
    if (participant === null) return;
    const avatar = this.#avatars.of(participant);
    if (!avatar) return this.with.set(null);
    const head = avatar.headInRoom(nowMs);
    // Nobody wants to see their head from within.
    avatar.isVisible = false;
    if (head) this.#camera.standAt(eyeIn(head, this.#camera.eye.focusM));
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  #turn(): void {
    this.#avatars.isVisible = true;
    if (this.isOn) this.#before ??= this.#camera.eye;
    else if (this.#before) {
      this.#camera.moveTo(this.#before);
      this.#before = null;
    }
  }
}
