import type { Vec3 } from '#protocol/spatial/index';
import { placedApart, type LabelBox } from './apart.ts';
import type { OrbitCamera } from './camera/orbit-camera.ts';
import type { Stage } from './stage/stage.ts';
import { keptWithin } from './within.ts';

const STYLE = `
.wh-overlay{position:absolute;inset:0;overflow:hidden;pointer-events:none;font:500 12px/1.35 'Inter Variable',Inter,'Noto Sans SC Variable',system-ui,sans-serif;font-variant-numeric:tabular-nums;color:var(--wh-ink)}
.wh-overlay>*{position:absolute;left:0;top:0;will-change:transform}
.wh-label{padding:2px 7px;border-radius:5px;background:var(--wh-paper);border:1px solid var(--wh-rule);box-shadow:0 1px 3px rgb(0 0 0/.12);white-space:nowrap}
.wh-pin{display:grid;place-items:center;min-width:24px;height:24px;padding:0 6px;box-sizing:border-box;border-radius:12px 12px 12px 3px;border:2px solid var(--wh-paper);background:var(--wh-pin,#5b6b82);color:#fff;font-weight:650;font-size:12px;box-shadow:0 1px 4px rgb(0 0 0/.3);pointer-events:auto;cursor:pointer;transition:opacity .12s}
.wh-pin:hover,.wh-pin:focus-visible{outline:2px solid var(--wh-accent);outline-offset:1px}
.wh-pin[data-open]{outline:2px solid var(--wh-accent);outline-offset:1px}
.wh-pin[data-resolved]{background:var(--wh-paper);color:var(--wh-ink);border-color:var(--wh-pin)}
.wh-pin[data-behind]{opacity:.3}
.wh-dot{width:9px;height:9px;border-radius:50%;background:var(--wh-accent);border:2px solid var(--wh-paper);box-sizing:content-box}
.wh-dot[data-kind=vertex]{border-radius:2px}
.wh-dot[data-kind=face]{background:var(--wh-paper);border-color:var(--wh-accent)}
.wh-line{height:0;border-top:2px solid var(--wh-accent);transform-origin:0 0}
.wh-box{border:1.5px solid var(--wh-accent);background:color-mix(in srgb,var(--wh-accent) 12%,transparent);border-radius:2px}
.wh-grid{left:auto!important;top:96px!important;right:14px;width:80px;text-align:center;opacity:.75;font-size:11px}
.wh-hint{padding:5px 10px;border-radius:6px;background:var(--wh-ink);color:var(--wh-paper);font-weight:550}
`;

/** Among labels that would cover one another: `keeps` its place, `yields` it, or `free`: it does not matter. */
export type Standing = 'free' | 'keeps' | 'yields';

interface Anchor {
  readonly point: () => Vec3 | null;
  readonly shift: readonly [number, number];
  readonly standing: Standing;
  /** How large it is, as long as it says the same. */
  size: { readonly text: string; readonly width: number; readonly height: number } | null;
}

/** Labels, pins and marks over the canvas, in DOM: always crisp, always the same size, reachable by keyboard. */
export class Overlay {
  readonly root: HTMLElement;
  readonly #stage: Stage;
  readonly #camera: OrbitCamera;
  readonly #anchored = new Map<HTMLElement, Anchor>();
  readonly #style: HTMLStyleElement;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;
  #hint: HTMLElement | null = null;

  constructor(stage: Stage, camera: OrbitCamera, accent: string) {
    this.#stage = stage;
    this.#camera = camera;
    this.#style = document.createElement('style');
    this.#style.textContent = STYLE;
    this.root = document.createElement('div');
    this.root.className = 'wh-overlay';
    this.root.style.setProperty('--wh-accent', accent);
    const frame = stage.canvas.parentElement;
    if (frame && getComputedStyle(frame).position === 'static') frame.style.position = 'relative';
    stage.canvas.after(this.root);
    this.root.before(this.#style);
    stage.onTheme(({ ink, paper, rule }) => {
      this.root.style.setProperty('--wh-ink', ink);
      this.root.style.setProperty('--wh-paper', paper);
      this.root.style.setProperty('--wh-rule', rule);
    });
    stage.scene.onAfterRenderObservable.add(() => this.place());
  }

  add<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    element.className = className;
    this.root.append(element);
    return element;
  }

  /**
   * Keeps the element's centre over a point of the room, shifted by pixels; hides it while the point is null. What yields
   * is moved up or down, or hidden, where it would cover another such or what keeps its place.
   */
  anchor(
    element: HTMLElement,
    point: () => Vec3 | null,
    shift: readonly [number, number] = [0, 0],
    standing: Standing = 'free',
  ): void {
    this.#anchored.set(element, { point, shift, standing, size: null });
    this.#stage.invalidate();
  }

  remove(element: HTMLElement): void {
    this.#anchored.delete(element);
    element.remove();
  }

  /** A short word near a point of the screen, such as who holds the part; goes by itself. */
  hint(text: string, xPx: number, yPx: number): void {
    clearTimeout(this.#hintTimer);
    this.#hint ??= this.add('div', 'wh-hint');
    this.#hint.setAttribute('role', 'status');
    this.#hint.textContent = text;
    this.#hint.style.transform = `translate(${xPx + 14}px, ${yPx + 14}px)`;
    this.#hint.hidden = false;
    this.#hintTimer = setTimeout(() => {
      if (this.#hint) this.#hint.hidden = true;
    }, 4000);
  }

  place(): void {
    if (this.#stage.isImmersive) return;
    const apart: (LabelBox & { readonly element: HTMLElement })[] = [];
    const taken: LabelBox[] = [];
    for (const [element, anchor] of this.#anchored) {
      const where = anchor.point();
      const seen = where && this.#camera.project(where);
      if (!seen) {
        element.style.visibility = 'hidden';
        continue;
      }
      const wanted = { x: seen.xPx + anchor.shift[0], y: seen.yPx + anchor.shift[1] };
      if (anchor.standing === 'free') {
        stand(element, wanted.x, wanted.y);
        continue;
      }
      const size = sizeOf(element, anchor);
      const { x, y } = keptWithin({ ...wanted, ...size }, [seen.xPx, seen.yPx], this.#stage.sizePx);
      if (anchor.standing === 'yields') {
        apart.push({ element, x, y, ...size });
        continue;
      }
      stand(element, x, y);
      taken.push({ x, y, ...size });
    }
    if (apart.length === 0) return;
    for (const [at, y] of placedApart(apart, { taken }).entries()) {
      const { element, x } = apart[at]!;
      if (y === null) element.style.visibility = 'hidden';
      else stand(element, x, y);
    }
  }

  dispose(): void {
    clearTimeout(this.#hintTimer);
    this.root.remove();
    this.#style.remove();
  }
}

function stand(element: HTMLElement, x: number, y: number): void {
  element.style.visibility = 'visible';
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
}

/** Measured when its words change, not with each picture: measuring makes the browser lay out the page. */
function sizeOf(element: HTMLElement, anchor: Anchor): { readonly width: number; readonly height: number } {
  const text = element.textContent ?? '';
  if (anchor.size?.text !== text) anchor.size = { text, width: element.offsetWidth, height: element.offsetHeight };
  return anchor.size;
}
