import type { Target } from '#protocol/procedures/index';
import type { Vec3 } from '#protocol/spatial/index';
import type { Overlay } from '../../../scene/overlay.ts';
import type { Note } from './step-marks.ts';

/** Something of the workplace and where it is; null: it is not in the scene. */
export type PointOf = (target: Pick<Target, 'kind'> & { readonly id: string }) => Vec3 | null;

export const idOf = (target: Target): { readonly kind: Target['kind']; readonly id: string } => {
  switch (target.kind) {
    case 'thing':
      return { kind: 'thing', id: target.thing };
    case 'place':
      return { kind: 'place', id: target.place };
    case 'tool':
      return { kind: 'tool', id: target.tool };
    case 'control':
      return { kind: 'control', id: target.control };
  }
};

const ARROW =
  '<svg width="30" height="36" viewBox="0 0 30 36" aria-hidden="true"><path d="M10 2h10v16h8L15 34 2 18h8z" ' +
  'fill="var(--wh-accent)" stroke="var(--wh-paper)" stroke-width="2" stroke-linejoin="round"/></svg>';

/** Words and arrows in the scene: names, readings, what a step says at a place. In DOM, so always legible. */
export class SceneLabels {
  readonly #overlay: Overlay;
  readonly #pointOf: PointOf;
  readonly #name: HTMLElement;
  readonly #readings = new Map<string, HTMLElement>();
  #stepMarks: HTMLElement[] = [];
  #stepKey = '';
  #named: (() => Vec3 | null) | null = null;

  constructor(overlay: Overlay, pointOf: PointOf) {
    this.#overlay = overlay;
    this.#pointOf = pointOf;
    this.#name = overlay.add('div', 'wh-label');
    this.#name.style.zIndex = '2';
    overlay.anchor(this.#name, () => this.#named?.() ?? null, [0, -22], 'keeps');
  }

  /** The name over what is pointed at or chosen; null: none. */
  name(text: string | null, at: () => Vec3 | null = () => null): void {
    if (text !== null) this.#name.textContent = text;
    this.#named = text === null ? null : at;
  }

  /** What an instrument reads, at its place. */
  reading(sensor: string, text: string, at: () => Vec3 | null): void {
    let label = this.#readings.get(sensor);
    if (!label) {
      label = this.#overlay.add('div', 'wh-label');
      label.dataset['reading'] = sensor;
      // The table of instruments says the same to those who do not see it.
      label.setAttribute('aria-hidden', 'true');
      this.#readings.set(sensor, label);
      this.#overlay.anchor(label, at, [0, 24], 'yields');
    }
    if (label.textContent !== text) label.textContent = text;
  }

  /** What the steps at hand say and point at. */
  step(arrows: readonly Target[], notes: readonly Note[]): void {
    const key = JSON.stringify([arrows, notes]);
    if (key === this.#stepKey) return;
    this.#stepKey = key;
    for (const mark of this.#stepMarks) this.#overlay.remove(mark);
    this.#stepMarks = [
      ...arrows.map((target) => this.#mark(target, 'div', [0, -40], (mark) => (mark.innerHTML = ARROW))),
      ...notes.map(({ target, text, isHazard }) =>
        this.#mark(target, 'div', [0, -64], (mark) => {
          mark.className = 'wh-label';
          mark.style.whiteSpace = 'normal';
          mark.style.maxWidth = '240px';
          mark.textContent = isHazard ? `⚠ ${text}` : text;
        }),
      ),
    ];
  }

  dispose(): void {
    for (const mark of [this.#name, ...this.#readings.values(), ...this.#stepMarks]) this.#overlay.remove(mark);
  }

  #mark(target: Target, tag: 'div', shift: readonly [number, number], fill: (mark: HTMLElement) => void): HTMLElement {
    const mark = this.#overlay.add(tag, '');
    fill(mark);
    const at = idOf(target);
    this.#overlay.anchor(mark, () => this.#pointOf(at), shift, 'keeps');
    return mark;
  }
}
