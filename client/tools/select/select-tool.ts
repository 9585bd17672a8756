import type { PartId } from '#protocol/ids';
import type { Vec3 } from '#protocol/spatial/index';
import type { Pointer, Tool, Workbench } from '../tool.types.ts';

/** Click chooses a part, Ctrl adds or takes away, Shift and drag draws a box (everything whose middle lies in it). */
export class SelectTool implements Tool {
  readonly id = 'select' as const;
  readonly #bench: Workbench;
  #box: { element: HTMLElement; x: number; y: number; isAdding: boolean } | null = null;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  click({ hit, isCtrl }: Pointer): void {
    select(this.#bench, hit?.part ?? null, isCtrl);
  }

  press(pointer: Pointer): boolean {
    if (!pointer.isShift) return false;
    const element = this.#bench.overlay.add('div', 'wh-box');
    this.#box = { element, x: pointer.xPx, y: pointer.yPx, isAdding: pointer.isCtrl };
    return true;
  }

  drag({ xPx, yPx }: Pointer): void {
    if (!this.#box) return;
    const { element, x, y } = this.#box;
    element.style.transform = `translate(${Math.min(x, xPx)}px, ${Math.min(y, yPx)}px)`;
    element.style.width = `${Math.abs(xPx - x)}px`;
    element.style.height = `${Math.abs(yPx - y)}px`;
  }

  release({ xPx, yPx }: Pointer): void {
    if (!this.#box) return;
    const { x, y, isAdding } = this.#box;
    this.cancel();
    const { world, camera, selection } = this.#bench;
    const inside = new Set<PartId>(isAdding ? selection.get() : []);
    for (const id of world.shownParts()) {
      const { min, max } = world.boundsInRoom([id]);
      const middle: Vec3 = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
      const seen = camera.project(middle);
      if (!seen) continue;
      const isIn = (seen.xPx - x) * (seen.xPx - xPx) <= 0 && (seen.yPx - y) * (seen.yPx - yPx) <= 0;
      if (isIn) inside.add(id);
    }
    selection.set(inside);
  }

  cancel(): boolean {
    if (!this.#box) return false;
    this.#bench.overlay.remove(this.#box.element);
    this.#box = null;
    return true;
  }
}

/** Also what a click means in the tools that move and turn. */
export function select({ selection }: Workbench, part: PartId | null, isToggling: boolean): void {
  if (!part) {
    if (!isToggling) selection.set(new Set());
    return;
  }
  const known = selection.get();
  if (!isToggling) selection.set(new Set([part]));
  else selection.set(known.has(part) ? new Set([...known].filter((id) => id !== part)) : new Set([...known, part]));
}
