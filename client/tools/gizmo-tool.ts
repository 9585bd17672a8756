import { multiplyQuat, normalizeQuat, rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import { angleAbout, rayAlongAxis, rayOnPlane, snapTo } from '../scene/snapping.ts';
import { add, dot, quatAbout, scale, sub, type Ray } from '../scene/vec.ts';
import { DragSession } from './drag-session.ts';
import { Gizmo, type Handle } from './gizmo.ts';
import { select } from './select/select-tool.ts';
import type { Pointer, Tool, Workbench } from './tool.types.ts';

interface Drag {
  readonly handle: Handle;
  readonly session: DragSession;
  readonly origin: Vec3;
  readonly axis: Vec3;
  /** Where the handle was taken: metres along the axis, a point of the plane, or a point of the ring's plane. */
  readonly from: number | Vec3;
}

const WORDS = { en: ['ΔX', 'ΔY', 'ΔZ'], zh: ['ΔX', 'ΔY', 'ΔZ'] };

/** What moving and rotating share: the gizmo stands on the selection, and a handle begins a drag of it. */
export abstract class GizmoTool implements Tool {
  abstract readonly id: 'move' | 'rotate';
  protected readonly bench: Workbench;
  readonly #gizmo: Gizmo;
  readonly #label: HTMLElement;
  readonly #detach: (() => void)[];
  #drag: Drag | null = null;
  #isActive = false;

  constructor(bench: Workbench, kind: 'move' | 'rotate') {
    this.bench = bench;
    this.#gizmo = new Gizmo(bench.stage, kind);
    this.#label = bench.overlay.add('div', 'wh-label');
    this.#label.hidden = true;
    bench.overlay.anchor(this.#label, () => (this.#drag ? this.#pivot() : null), [0, 64]);
    const before = bench.stage.scene.onBeforeRenderObservable.add(() => this.#follow());
    this.#detach = [() => bench.stage.scene.onBeforeRenderObservable.remove(before)];
  }

  activate(): void {
    this.#isActive = true;
    this.bench.stage.invalidate();
  }

  deactivate(): void {
    this.cancel();
    this.#isActive = false;
    this.#gizmo.isVisible = false;
  }

  press(pointer: Pointer): boolean {
    const handle = this.#handleAt(pointer.ray);
    if (!handle) return false;
    const origin = this.#pivot();
    const axis = this.#gizmo.axisInRoom(handle.axis);
    const from = grip(handle, pointer.ray, origin, axis);
    if (from === null) return false;
    const session = new DragSession(this.bench, this.bench.selection.get(), () => this.#over());
    this.#drag = { handle, session, origin, axis, from };
    return true;
  }

  drag({ ray, isAlt }: Pointer): void {
    const drag = this.#drag;
    if (!drag) return;
    const now = grip(drag.handle, ray, drag.origin, drag.axis);
    if (now === null) return;
    const { isOn, stepM, stepRad } = this.bench.snap.get();
    const snaps = isOn !== isAlt;
    if (drag.handle.kind === 'ring') {
      const angle = snapTo(
        angleAbout(drag.axis, sub(drag.from as Vec3, drag.origin), sub(now as Vec3, drag.origin)),
        snaps ? stepRad : 0,
      );
      this.#say(`${((angle * 180) / Math.PI).toFixed(1)}°`);
      drag.session.moveTo((start) => turnedAbout(start, drag.origin, quatAbout(drag.axis, angle)));
      return;
    }
    const by =
      drag.handle.kind === 'axis'
        ? scale(drag.axis, snapTo((now as number) - (drag.from as number), snaps ? stepM : 0))
        : this.#snappedInPlane(drag, sub(now as Vec3, drag.from as Vec3), snaps ? stepM : 0);
    this.#say(
      by
        .map((m, i) => [WORDS[this.bench.language][i]!, m * 1000] as const)
        .filter(([, mm]) => Math.abs(mm) > 0.005)
        .map(([name, mm]) => `${name} ${mm.toFixed(1)} mm`)
        .join('   ') || '0.0 mm',
    );
    drag.session.moveTo((start) => ({ ...start, position: add(start.position, by) }));
  }

  release(): void {
    this.#drag?.session.release();
    this.#over();
  }

  click({ hit, isCtrl }: Pointer): void {
    select(this.bench, hit?.part ?? null, isCtrl);
  }

  hover({ ray }: Pointer): void {
    const handle = this.#handleAt(ray);
    this.#gizmo.highlight(handle);
    if (handle) this.bench.hovered.set(null);
    this.bench.stage.canvas.style.cursor = handle ? 'grab' : '';
  }

  cancel(): boolean {
    if (!this.#drag) return false;
    this.#drag.session.cancel();
    this.#over();
    return true;
  }

  dispose(): void {
    this.cancel();
    this.#gizmo.dispose();
    for (const stop of this.#detach) stop();
  }

  #handleAt(ray: Ray): Handle | null {
    const pivot = this.#pivot();
    return this.#gizmo.pick(ray, this.bench.camera.metresPerPx(pivot));
  }

  #snappedInPlane(drag: Drag, by: Vec3, stepM: number): Vec3 {
    const [u, v] = [1, 2].map((k) => this.#gizmo.axisInRoom((drag.handle.axis + k) % 3)) as [Vec3, Vec3];
    return add(scale(u, snapTo(dot(by, u), stepM)), scale(v, snapTo(dot(by, v), stepM)));
  }

  #say(text: string): void {
    this.#label.hidden = false;
    this.#label.textContent = text;
  }

  #over(): void {
    this.#drag = null;
    this.#label.hidden = true;
    this.#gizmo.highlight(null);
  }

  /** The middle of what is selected; while turning, where the turn began. */
  #pivot(): Vec3 {
    if (this.#drag?.handle.kind === 'ring') return this.#drag.origin;
    const { min, max } = this.bench.world.boundsInRoom(this.bench.selection.get());
    return min[0] > max[0] ? [0, 0, 0] : [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  }

  #follow(): void {
    if (!this.#isActive) return;
    const { selection, world, camera, stage, session } = this.bench;
    const chosen = [...selection.get()].filter((id) => world.has(id));
    const mayMove = session.me.role === 'owner' || session.me.role === 'designer';
    const isVisible = chosen.length > 0 && mayMove && !stage.isImmersive;
    if (this.#gizmo.isVisible !== isVisible) this.#gizmo.isVisible = isVisible;
    if (!isVisible) return;
    const pivot = this.#pivot();
    this.#gizmo.place(pivot, [0, 0, 0, 1], camera.metresPerPx(pivot));
  }
}

function grip(handle: Handle, ray: Ray, origin: Vec3, axis: Vec3): number | Vec3 | null {
  return handle.kind === 'axis' ? rayAlongAxis(ray, origin, axis) : rayOnPlane(ray, origin, axis);
}

export function turnedAbout(pose: Pose, pivot: Vec3, turn: Quat): Pose {
  return {
    position: add(pivot, rotateVec3(turn, sub(pose.position, pivot))),
    rotation: normalizeQuat(multiplyQuat(turn, pose.rotation)),
  };
}
