import { useEffect, useRef } from 'react';
import { partOf } from '#protocol/design/index';
import { hasTimeStrip, PLAY_SPEED } from '../history/time-line.ts';
import { useRefusal, useRoom } from '../room-context.tsx';
import { usePartActions } from '../use-part-actions.ts';
import { TOOLS } from './toolbar.tsx';
import { PANEL_KEYS, type PanelId, type Panels } from './use-panels.ts';

/** Keys of the room. They rest while somebody types, while a dialog is open and where a control uses the key itself. */
export function useHotkeys(panels: Panels, onSheet: () => void): void {
  const { session, view } = useRoom();
  const { past } = session;
  const actions = usePartActions();
  const refusal = useRefusal();
  const newest = useRef<(event: KeyboardEvent) => boolean>(() => false);

  newest.current = (event) => {
    const isCtrl = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const chosen = [...view.selection.get()];
    if (isCtrl) {
      if (key === 'z') return run(() => (event.shiftKey ? session.redo() : session.undo()));
      if (key === 'y') return run(() => session.redo());
      if (key === 'd') return run(() => actions.duplicate(chosen));
      if (key === 'g') return run(() => actions.group(chosen));
      return false;
    }
    if (event.altKey) return false;
    if (hasTimeStrip(panels, past.isPast) && isOnView(event.target)) {
      if (key === 'ArrowLeft') return run(() => past.step(-1));
      if (key === 'ArrowRight') return run(() => past.step(1));
      if (key === ' ') return run(() => (past.state.get().speed === null ? past.play(PLAY_SPEED) : past.pause()));
      if (key === 'Escape' && past.isPast && chosen.length === 0 && view.tool.get() === 'select')
        return run(() => past.backToNow());
    }
    const tool = TOOLS.find((one) => one.key.toLowerCase() === key);
    if (tool) return run(() => (tool.needs && refusal(tool.needs) ? undefined : view.tool.set(tool.id)));
    const panel = panels.available.find((id) => PANEL_KEYS[id] === key) ?? (key === PANEL_KEYS.parts ? 'parts' : null);
    if (panel) return run(() => panels.toggle(panel as PanelId));
    switch (key) {
      case '?':
        return run(onSheet);
      case 'f':
        return run(() => view.frame());
      case 'Home':
        return run(() => view.lookFrom('iso'));
      case 'b':
        return view.isAway.get() && run(() => view.back());
      case 'x':
        return run(() => view.xray.update((on) => !on));
      case 's':
        return run(() => view.snap.update((snap) => ({ ...snap, isOn: !snap.isOn })));
      case 'h': {
        const first = chosen[0] && partOf(session.document.get(), chosen[0]);
        return first ? run(() => actions.setHidden(chosen, !first.hidden)) : false;
      }
      case 'Delete':
      case 'Backspace':
        return chosen.length > 0 && run(() => actions.remove(chosen));
      case 'Escape':
        if (isOnView(event.target)) return false; // the tool in hand decides first
        if (view.tool.get() !== 'select') return run(() => view.tool.set('select'));
        return chosen.length > 0 && run(() => view.selection.set(new Set()));
      // Only where Tab has nothing else to do: with the focus on the 3D view. Shift+Tab leaves the view as everywhere.
      case 'Tab':
        return !event.shiftKey && event.target instanceof HTMLCanvasElement && run(panels.foldAll);
      default:
        return false;
    }
  };

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target) || isInDialog(event.target)) return;
      if (newest.current(event)) event.preventDefault();
    };
    // Before the 3D view, which knows many of these keys too but shows neither refusals nor the way back.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}

const isOnView = (target: EventTarget | null): boolean =>
  target instanceof HTMLCanvasElement || target === document.body;

function run(act: () => void): true {
  act();
  return true;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select'));

const isInDialog = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('[role=dialog], [role=menu]') !== null;
