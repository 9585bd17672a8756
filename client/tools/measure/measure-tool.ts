import type { Vec3 } from '#protocol/spatial/index';
import { snapInRoom, snapToEdges, type SnapKind } from '../../scene/snapping.ts';
import { distance, lerp, sub } from '../../scene/vec.ts';
import type { Pointer, Tool, Workbench } from '../tool.types.ts';

const SNAP_PX = 12;

interface Mark {
  readonly point: Vec3;
  readonly kind: SnapKind;
}

/** Two points, snapped to corners and edges: the distance between them, and its parts along the axes. */
export class MeasureTool implements Tool {
  readonly id = 'measure' as const;
  readonly #bench: Workbench;
  readonly #dots: HTMLElement[];
  readonly #line: HTMLElement;
  readonly #label: HTMLElement;
  readonly #stop: () => void;
  #first: Mark | null = null;
  #second: Mark | null = null;
  #hover: Mark | null = null;

  constructor(bench: Workbench) {
    this.#bench = bench;
    const { overlay } = bench;
    this.#line = overlay.add('div', 'wh-line');
    this.#dots = [0, 1, 2].map(() => overlay.add('div', 'wh-dot'));
    this.#label = overlay.add('div', 'wh-label');
    [() => this.#first, () => this.#second, () => this.#hover].forEach((mark, i) =>
      overlay.anchor(this.#dots[i]!, () => mark()?.point ?? null),
    );
    overlay.anchor(
      this.#label,
      () => (this.#first && this.#end ? lerp(this.#first.point, this.#end.point, 0.5) : null),
      [0, -18],
    );
    const after = bench.stage.scene.onAfterRenderObservable.add(() => this.#drawLine());
    this.#stop = () => bench.stage.scene.onAfterRenderObservable.remove(after);
    this.#show();
  }

  get #end(): Mark | null {
    return this.#second ?? this.#hover;
  }

  activate(): void {
    this.#bench.stage.canvas.style.cursor = 'crosshair';
  }

  deactivate(): void {
    this.#bench.stage.canvas.style.cursor = '';
    this.cancel();
  }

  hover(pointer: Pointer): void {
    this.#hover = this.#markAt(pointer);
    this.#show();
  }

  click(pointer: Pointer): void {
    const mark = this.#markAt(pointer);
    if (!mark) return void this.cancel();
    if (!this.#first || this.#second) {
      this.#first = mark;
      this.#second = null;
    } else this.#second = mark;
    this.#show();
  }

  cancel(): boolean {
    const had = this.#first !== null;
    this.#first = this.#second = this.#hover = null;
    this.#show();
    return had;
  }

  dispose(): void {
    this.#stop();
  }

  #markAt({ hit }: Pointer): Mark | null {
    if (!hit) return null;
    const { world, camera } = this.#bench;
    const edges = world.shapeOf(hit.part)?.geometry.edges;
    if (!edges) return { point: hit.pointInRoom, kind: 'face' };
    const snap = snapToEdges(edges, hit.pointInPart, SNAP_PX * camera.metresPerPx(hit.pointInRoom));
    return { point: snapInRoom(snap, world.poseInRoom(hit.part)), kind: snap.kind };
  }

  #show(): void {
    [this.#first, this.#second, this.#second ? null : this.#hover].forEach((mark, i) => {
      this.#dots[i]!.hidden = !mark;
      if (mark) this.#dots[i]!.dataset['kind'] = mark.kind;
    });
    const end = this.#end;
    const isShown = this.#first !== null && end !== null;
    this.#label.hidden = this.#line.hidden = !isShown;
    if (isShown) this.#label.textContent = formatLength(distance(this.#first!.point, end!.point));
    const { measured, stage } = this.#bench;
    measured.set(
      this.#first && this.#second
        ? {
            distanceM: distance(this.#first.point, this.#second.point),
            deltaM: sub(this.#second.point, this.#first.point),
          }
        : null,
    );
    stage.invalidate();
  }

  #drawLine(): void {
    const end = this.#end;
    if (!this.#first || !end) return;
    const a = this.#bench.camera.project(this.#first.point);
    const b = this.#bench.camera.project(end.point);
    this.#line.style.visibility = a && b ? 'visible' : 'hidden';
    if (!a || !b) return;
    this.#line.style.width = `${Math.hypot(b.xPx - a.xPx, b.yPx - a.yPx)}px`;
    this.#line.style.transform = `translate(${a.xPx}px, ${a.yPx}px) rotate(${Math.atan2(b.yPx - a.yPx, b.xPx - a.xPx)}rad)`;
  }
}

/** Millimetres below a metre, metres above; four figures are enough on a screen. */
export function formatLength(metres: number): string {
  if (metres >= 1) return `${metres.toFixed(3)} m`;
  const mm = metres * 1000;
  return `${mm.toFixed(mm < 10 ? 3 : 2)} mm`;
}
