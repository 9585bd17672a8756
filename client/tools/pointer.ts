import type { Vec3 } from '#protocol/spatial/index';
import type { Pointer, Tool, Workbench } from './tool.types.ts';
import type { Visits } from './visits.ts';

/** A press that moved less than this is a click, CSS pixels. */
const CLICK_PX = 4;
const TOUCH_CLICK_PX = 10;
const ZOOM_PER_WHEEL_PX = 0.0016;

interface Finger {
  x: number;
  y: number;
}

/**
 * Turns mouse, pen and fingers into what tools and the camera understand. Mouse: left works or orbits, right or middle
 * pans, wheel zooms. Touch: one finger works or orbits, two pan and zoom.
 */
export class PointerRouter {
  readonly #bench: Workbench;
  readonly #tool: () => Tool;
  readonly #visits: Visits;
  readonly #fingers = new Map<number, Finger>();
  readonly #stop = new AbortController();
  #press: { x: number; y: number; kept: boolean; button: number; pivot: Vec3; hasMoved: boolean } | null = null;
  #hoverQueued: PointerEvent | null = null;

  constructor(bench: Workbench, tool: () => Tool, visits: Visits) {
    this.#bench = bench;
    this.#visits = visits;
    this.#tool = tool;
    const { canvas } = bench.stage;
    canvas.style.touchAction = 'none';
    const { signal } = this.#stop;
    canvas.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#up(event), { signal });
    canvas.addEventListener('pointercancel', (event) => this.#lost(event), { signal });
    canvas.addEventListener('pointerleave', () => this.#leave(), { signal });
    // A tap makes no click besides: what it opens under the finger would be pressed by it at once.
    canvas.addEventListener('touchend', (event) => event.cancelable && event.preventDefault(), {
      signal,
      passive: false,
    });
    canvas.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    bench.stage.onTick(() => this.#hover());
  }

  dispose(): void {
    this.#stop.abort();
  }

  #down(event: PointerEvent): void {
    const { canvas } = this.#bench.stage;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.#fingers.set(event.pointerId, at);
    if (this.#fingers.size === 2) {
      // A second finger turns a drag into pan and zoom; what the first began is put back.
      if (this.#press?.kept) this.#tool().cancel?.();
      this.#press = null;
      return;
    }
    if (this.#fingers.size > 2) return;
    const pointer = this.#pointer(event);
    const kept = event.button === 0 && (this.#tool().press?.(pointer) ?? false);
    const pivot = pointer.hit?.pointInRoom ?? this.#bench.camera.fallbackPoint(pointer.ray);
    this.#press = { ...at, kept, button: event.button, pivot, hasMoved: false };
  }

  #move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (!finger) {
      this.#hoverQueued = event;
      this.#bench.stage.invalidate();
      return;
    }
    const at = this.#at(event);
    if (this.#fingers.size === 2) return this.#pinch(event.pointerId, at);
    const [dx, dy] = [at.x - finger.x, at.y - finger.y];
    this.#fingers.set(event.pointerId, at);
    const press = this.#press;
    if (!press) return;
    const slack = event.pointerType === 'touch' ? TOUCH_CLICK_PX : CLICK_PX;
    if (!press.hasMoved && Math.hypot(at.x - press.x, at.y - press.y) < slack) return;
    press.hasMoved = true;
    if (press.kept) this.#tool().drag?.(this.#pointer(event));
    else if (press.button === 0 && !event.shiftKey) this.#bench.camera.orbitBy(press.pivot, dx, dy);
    else this.#bench.camera.panBy(press.pivot, dx, dy);
  }

  #up(event: PointerEvent): void {
    const press = this.#press;
    const wasPinching = this.#fingers.size > 1;
    this.#fingers.delete(event.pointerId);
    if (wasPinching || !press) return;
    this.#press = null;
    const pointer = this.#pointer(event);
    if (press.kept) this.#tool().release?.(pointer);
    else if (!press.hasMoved && press.button === 0 && !this.#clickPerson(pointer)) this.#tool().click?.(pointer);
  }

  /** A click on somebody's head or name goes there, but for a tool that is after a face of a part. */
  #clickPerson({ xPx, yPx }: Pointer): boolean {
    if (['comment', 'measure'].includes(this.#tool().id)) return false;
    const person = this.#visits.personAt(xPx, yPx);
    return person !== null && this.#visits.lookAt(person);
  }

  #lost(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#press?.kept) this.#tool().cancel?.();
    this.#press = null;
  }

  #leave(): void {
    this.#hoverQueued = null;
    this.#bench.pointed.set(null);
    if (!this.#press) this.#bench.hovered.set(null);
  }

  #pinch(id: number, at: Finger): void {
    const other = [...this.#fingers].find(([key]) => key !== id)![1];
    const before = this.#fingers.get(id)!;
    this.#fingers.set(id, at);
    const { camera } = this.#bench;
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const ray = camera.rayAt(middle.x, middle.y);
    const point = this.#bench.world.pick(ray)?.pointInRoom ?? camera.fallbackPoint(ray);
    camera.panBy(point, (at.x - before.x) / 2, (at.y - before.y) / 2);
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(at.x - other.x, at.y - other.y);
    if (was > 8 && is > 8) camera.zoomTo(point, was / is);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { camera, world } = this.#bench;
    const at = this.#at(event);
    const ray = camera.rayAt(at.x, at.y);
    const point = world.pick(ray)?.pointInRoom ?? camera.fallbackPoint(ray);
    const px = event.deltaMode === 1 ? event.deltaY * 32 : event.deltaY;
    camera.zoomTo(point, Math.exp(Math.max(-400, Math.min(400, px)) * ZOOM_PER_WHEEL_PX));
  }

  /** At most once per frame, and never while a button is down. */
  #hover(): void {
    const event = this.#hoverQueued;
    this.#hoverQueued = null;
    if (!event || this.#press || this.#bench.stage.isImmersive) return;
    const pointer = this.#pointer(event);
    if (event.pointerType !== 'touch') {
      this.#bench.hovered.set(pointer.hit?.part ?? null);
      this.#bench.pointed.set(pointer.hit?.pointInRoom ?? null);
    }
    this.#tool().hover?.(pointer);
  }

  #at(event: MouseEvent): Finger {
    const box = this.#bench.stage.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #pointer(event: PointerEvent): Pointer {
    const { camera, world } = this.#bench;
    const { x, y } = this.#at(event);
    const ray = camera.rayAt(x, y);
    let hit: Pointer['hit'] | undefined;
    return {
      xPx: x,
      yPx: y,
      ray,
      get hit() {
        return (hit ??= world.pick(ray));
      },
      isCtrl: event.ctrlKey || event.metaKey,
      isShift: event.shiftKey,
      isAlt: event.altKey,
      isTouch: event.pointerType === 'touch',
    };
  }
}
