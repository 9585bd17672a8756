import { parametricKey } from '../parametric-mesh.ts';
import type { Part, Shape } from '#protocol/design/index';

/** Key of a distinct shape: parts with equal keys share one mesh. */
export const shapeKey = (shape: Shape): string => (shape.kind === 'asset' ? shape.cid : parametricKey(shape));

/**
 * Which draw call a part belongs to: same shape, same material preset, same see-through state. Colour is per instance,
 * so that 2 000 screws in ten colours are still one draw call.
 */
export const batchKey = (part: Pick<Part, 'shape' | 'material'>, isGhost: boolean): string | null =>
  part.shape && `${shapeKey(part.shape)}|${part.material.preset}|${isGhost ? 'ghost' : 'solid'}`;

/** Rows of a table that is drawn in one call: adding appends, removing moves the last row into the gap. */
export class SlotTable {
  readonly #ids: string[] = [];
  readonly #slots = new Map<string, number>();

  get size(): number {
    return this.#ids.length;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  add(id: string): number {
    const known = this.#slots.get(id);
    if (known !== undefined) return known;
    this.#slots.set(id, this.#ids.length);
    return this.#ids.push(id) - 1;
  }

  /** The slot that became free and the id that must be written there, or null when the last row went. */
  remove(id: string): { slot: number; moved: string } | null {
    const slot = this.#slots.get(id);
    if (slot === undefined) return null;
    const last = this.#ids.pop()!;
    this.#slots.delete(id);
    if (last === id) return null;
    this.#ids[slot] = last;
    this.#slots.set(last, slot);
    return { slot, moved: last };
  }
}
