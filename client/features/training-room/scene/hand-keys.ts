import type { Vec3 } from '#protocol/spatial/index';
import type { Handling } from '../model/handling.ts';
import type { Pickable } from './hand-tool.ts';

interface KeyGround {
  readonly handling: Handling;
  readonly canvas: HTMLCanvasElement;
  /** Everything that can be taken or set, in the order of the eye from left to right. */
  readonly pickables: () => readonly Pick<Pickable, 'kind' | 'id'>[];
  /** Right and towards the back of the picture, level. */
  readonly directions: () => { readonly right: Vec3; readonly away: Vec3 };
  readonly frame: () => void;
}

/** One press moves by this, metres: with Shift, alone, with Ctrl. */
const STEPS_M = { fine: 0.001, usual: 0.01, coarse: 0.1 };
const TURN_RAD = Math.PI / 12;
const FINE_TURN_RAD = Math.PI / 180;
const QUARTER_RAD = Math.PI / 2;

/**
 * The keys of the workplace: arrows go from thing to thing, Enter takes or presses; what is in hand goes with the arrows,
 * turns with comma and full stop, X, Y and Z, goes to its next place with N, is put down by Enter and put back by Esc. They work while the canvas or
 * nothing has the focus, so that fields and lists keep theirs.
 */
export function listenToHandKeys(ground: KeyGround): () => void {
  const { handling } = ground;
  const listener = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || event.altKey || (target !== ground.canvas && target !== document.body)) return;
    const held = [...handling.carried.get().keys()].at(-1);
    const isDone = held === undefined ? choose(event) : carry(event, held);
    if (isDone) event.preventDefault();
  };
  const carry = (event: KeyboardEvent, held: string): boolean => {
    const step = event.shiftKey ? STEPS_M.fine : event.ctrlKey ? STEPS_M.coarse : STEPS_M.usual;
    const turn = event.shiftKey ? FINE_TURN_RAD : TURN_RAD;
    const { right, away } = ground.directions();
    const along = (way: Vec3, metres: number) =>
      handling.moveBy(held, [way[0] * metres, way[1] * metres, way[2] * metres]);
    switch (event.key) {
      case 'ArrowRight':
        along(right, step);
        return true;
      case 'ArrowLeft':
        along(right, -step);
        return true;
      case 'ArrowUp':
        along(away, step);
        return true;
      case 'ArrowDown':
        along(away, -step);
        return true;
      case 'PageUp':
        along([0, 1, 0], step);
        return true;
      case 'PageDown':
        along([0, 1, 0], -step);
        return true;
      case ',':
      case '<':
        handling.turnBy(held, [0, 1, 0], turn);
        return true;
      case '.':
      case '>':
        handling.turnBy(held, [0, 1, 0], -turn);
        return true;
      case 'x':
        handling.turnBy(held, [1, 0, 0], QUARTER_RAD);
        return true;
      case 'y':
        handling.turnBy(held, [0, 1, 0], QUARTER_RAD);
        return true;
      case 'z':
        handling.turnBy(held, [0, 0, 1], QUARTER_RAD);
        return true;
      case 'n':
        handling.sitNext(held);
        return true;
      case 'Enter':
        handling.put(held);
        return true;
      case 'Escape':
        return handling.putAllBack();
      default:
        return false;
    }
  };
  const choose = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey) return false;
    const chosen = handling.chosen.get();
    switch (event.key) {
      case 'ArrowRight':
        return step(1);
      case 'ArrowLeft':
        return step(-1);
      case 'ArrowUp':
      case 'ArrowDown':
        if (chosen?.kind !== 'control') return step(event.key === 'ArrowUp' ? -1 : 1);
        handling.nudge(chosen.id, event.key === 'ArrowUp' ? 1 : -1);
        return true;
      case 'Enter':
        if (!chosen) return false;
        if (chosen.kind === 'control') handling.press(chosen.id);
        else if (handling.tool.get() !== null || !handling.isMovable(chosen.id)) handling.tap(chosen.id);
        else handling.grab(chosen.id);
        return true;
      case 'Escape':
        if (handling.tool.get() !== null) handling.tool.set(null);
        else handling.chosen.set(null);
        return true;
      case 'f':
        ground.frame();
        return true;
      default:
        return false;
    }
  };
  const step = (by: 1 | -1): boolean => {
    const all = ground.pickables();
    if (all.length === 0) return false;
    const chosen = handling.chosen.get();
    const at = all.findIndex(({ kind, id }) => kind === chosen?.kind && id === chosen.id);
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
    const { kind, id } = all[next]!;
    handling.chosen.set({ kind, id });
    return true;
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
}
