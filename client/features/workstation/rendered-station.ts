import type { Readable } from '#net/index';
import { Signal } from '#net/signal';
import { Store } from '#net/store';
import type { Camera } from '#protocol/alignment/camera';
import type { SimulatedUse } from '#protocol/api/guidance';
import { composePose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { CameraSource } from '../../camera/index.ts';
import { normalize, type Ray } from '../../scene/vec.ts';
import { CameraStage, LENS, PICTURE } from './camera-stage.ts';
import { lookingAt, poseOf, shaken, stepped, turned, type Held, type Reach } from './station-eye.ts';
import { StationScene } from './station-scene.ts';

export type ViewName = 'product' | 'left' | 'right' | 'behind' | 'cards' | 'order' | 'panel';
export interface StationTool {
  readonly id: string;
  readonly name: string;
}
export interface StationOptions {
  readonly views: Readonly<Partial<Record<ViewName, readonly [from: Vec3, to: Vec3]>>>;
  readonly reach: Reach;
}

/** Pictures a second while something moves, and one now and then for who begins to look later, ms between. */
const EVERY_MS = 40;
const HEARTBEAT_MS = 1_000;
/** A hand is never quite still; drawn in software it would take the machine. */
const SHAKE_EVERY_MS = 66;
const SLOW_FRAME_MS = 40;
/** How soon a picture that is being drawn is asked after. */
const WAIT_MS = 10;
const STEP_M = 0.04;
const LEAN_M = 0.06;
const RAD_PER_PX = 0.002;

/** A station behind a lens: looked at by hand, by keys, or by name. */
export class RenderedStation implements CameraSource {
  readonly kind = 'rendered';
  readonly stream: MediaStream;
  readonly camera: Readable<Camera | null>;
  readonly choices: CameraSource['choices'] = new Store<readonly { readonly id: string; readonly label: string }[]>([]);
  readonly torch: CameraSource['torch'] = new Store<boolean | null>(null);
  readonly stage = new CameraStage();
  readonly scene = new StationScene(this.stage);
  readonly wrongTorque = new Store(false);
  readonly wrongPart = new Store(false);
  readonly stopped = new Signal<[]>();
  tools: readonly StationTool[] = [];
  hasKit = false;
  /** Pulls the trigger of a tool. */
  trigger: ((tool: string, how: SimulatedUse['how']) => Promise<{ value: number; unit: string }>) | null = null;
  /** Told what a click meets. */
  onClick: ((ray: Ray) => void) | null = null;
  isSteady = matchMedia('(prefers-reduced-motion: reduce)').matches;
  readonly #lens = new Store<Camera | null>(null);
  readonly #options: StationOptions;
  readonly #views = new Map<string, readonly [Vec3, Vec3]>();
  #held: Held;
  #lastMs = -Infinity;
  /** From its order until it was there: orders alone take no time. */
  #frameMs = 0;
  #isTaken = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StationOptions) {
    this.#options = options;
    for (const [name, view] of Object.entries(options.views)) if (view) this.#views.set(name, view);
    this.camera = this.#lens;
    this.#held = lookingAt(...[...this.#views.values()][0]!);
    this.stream = this.stage.canvas.captureStream();
    this.#draw();
  }

  get views(): readonly ViewName[] {
    return Object.keys(this.#options.views) as ViewName[];
  }

  /** A place to look at beside those with a name of their own: a card, say. */
  addView(name: string, from: Vec3, to: Vec3): void {
    this.#views.set(name, [from, to]);
  }

  look(name: string): void {
    const view = this.#views.get(name);
    if (view) this.#hold(lookingAt(...view));
  }

  move(step: Vec3, lean = 0): void {
    this.#hold(stepped(this.#held, step, lean, this.#options.reach));
  }

  turn(yawRad: number, pitchRad: number): void {
    this.#hold(turned(this.#held, yawRad, pitchRad));
  }

  /** Where the camera is, in the product's frame: the truth that an alignment has to find. */
  get cameraInProduct(): Pose {
    return poseOf(this.#held);
  }

  async use(tool: string): Promise<{ value: number; unit: string }> {
    if (!this.trigger) throw new Error('There are no tools at this station.');
    const isWrong = this.wrongTorque.get();
    this.wrongTorque.set(false);
    return this.trigger(tool, isWrong ? 'low' : 'right');
  }

  /** By a pixel of the picture. */
  rayAt(u: number, v: number): Ray {
    const { position, rotation } = this.cameraInProduct;
    const { widthPx, heightPx, focalPx } = PICTURE;
    const direction = normalize([(u - widthPx / 2) / focalPx, (heightPx / 2 - v) / focalPx, -1]);
    return { origin: position, direction: rotateVec3(rotation, direction) };
  }

  readonly calibrated = null;

  async choose(): Promise<void> {}
  async setTorch(): Promise<void> {}

  stop(): void {
    clearTimeout(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
    this.stopped.emit();
    this.stage.dispose();
  }

  /** Looking about with mouse, pen, fingers and keys, wherever the picture is shown. Returns what ends it. */
  listen(): () => void {
    const ends = new AbortController();
    const { signal } = ends;
    let drag: { x: number; y: number; movedPx: number } | null = null;
    const isPicture = (target: EventTarget | null): target is HTMLElement =>
      target instanceof HTMLVideoElement || target instanceof HTMLCanvasElement;
    addEventListener(
      'pointerdown',
      ({ target, clientX, clientY }) => (drag = isPicture(target) ? { x: clientX, y: clientY, movedPx: 0 } : null),
      { signal },
    );
    addEventListener(
      'pointermove',
      ({ clientX, clientY }) => {
        if (!drag) return;
        const [dx, dy] = [clientX - drag.x, clientY - drag.y];
        drag = { x: clientX, y: clientY, movedPx: drag.movedPx + Math.abs(dx) + Math.abs(dy) };
        if (drag.movedPx > 4) this.turn(dx * RAD_PER_PX, dy * RAD_PER_PX);
      },
      { signal },
    );
    addEventListener(
      'pointerup',
      ({ clientX, clientY }) => {
        const isClick = drag && drag.movedPx <= 4;
        drag = null;
        const at = isClick ? pixelAt(clientX, clientY) : null;
        if (at) this.onClick?.(this.rayAt(...at));
      },
      { signal },
    );
    addEventListener(
      'wheel',
      ({ target, deltaY }) => isPicture(target) && this.move([0, 0, 0], deltaY < 0 ? LEAN_M : -LEAN_M),
      { signal, passive: true },
    );
    addEventListener(
      'keydown',
      ({ code, target, ctrlKey, altKey, metaKey }) => {
        const isTyping = target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
        const step = KEYS[code];
        if (step && !isTyping && !ctrlKey && !altKey && !metaKey) this.move(step);
      },
      { signal },
    );
    return () => ends.abort();
  }

  #hold(held: Held): void {
    this.#held = held;
    this.stage.invalidate();
  }

  readonly #draw = (): void => {
    const nowMs = performance.now();
    if (this.stage.isDrawing) return this.#drawIn(WAIT_MS);
    if (this.#isTaken) {
      this.#isTaken = false;
      this.#frameMs += (nowMs - this.#lastMs - this.#frameMs) * 0.3;
      // Drawn in software it leaves half of the machine's time to the page.
      if (this.#frameMs > EVERY_MS) return this.#drawIn(this.#frameMs);
    }
    const sinceMs = nowMs - this.#lastMs;
    const shakes = !this.isSteady && this.#frameMs < SLOW_FRAME_MS;
    if (this.stage.isDirty || (shakes && sinceMs > SHAKE_EVERY_MS)) {
      this.#lastMs = nowMs;
      this.#isTaken = true;
      this.stage.draw(poseOf(shakes ? shaken(this.#held, nowMs) : this.#held));
      if (this.#lens.get() === null) this.#lens.set(LENS);
    } else if (sinceMs > HEARTBEAT_MS) {
      this.#lastMs = nowMs;
      this.stage.repeat();
    }
    this.#drawIn(EVERY_MS);
  };

  #drawIn(ms: number): void {
    this.#timer = setTimeout(this.#draw, ms);
  }
}

const KEYS: Readonly<Record<string, Vec3>> = {
  KeyW: [0, 0, STEP_M],
  KeyS: [0, 0, -STEP_M],
  KeyA: [-STEP_M, 0, 0],
  KeyD: [STEP_M, 0, 0],
  KeyQ: [0, -STEP_M, 0],
  KeyE: [0, STEP_M, 0],
};

/** Which pixel of the picture lies under a point of the page; null: none. */
function pixelAt(x: number, y: number): [number, number] | null {
  for (const video of document.querySelectorAll('video')) {
    const box = video.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom || video.videoWidth === 0) continue;
    const scales = [box.width / PICTURE.widthPx, box.height / PICTURE.heightPx];
    const scale = getComputedStyle(video).objectFit === 'cover' ? Math.max(...scales) : Math.min(...scales);
    const u = (x - (box.left + box.right) / 2) / scale + PICTURE.widthPx / 2;
    const v = (y - (box.top + box.bottom) / 2) / scale + PICTURE.heightPx / 2;
    return [u, v];
  }
  return null;
}

/** Before a card that leans as `StationScene.card` draws them, and near enough to read it. */
export function beforeCard([x, y, z]: Vec3, tiltRad: number, distanceM: number): readonly [from: Vec3, to: Vec3] {
  const middle: Vec3 = [x, y + 0.02, z];
  const away: Vec3 = [0, Math.sin(tiltRad) * distanceM, Math.cos(tiltRad) * distanceM];
  return [
    composePose({ position: middle, rotation: [0, 0, 0, 1] }, { position: away, rotation: [0, 0, 0, 1] }).position,
    middle,
  ];
}
