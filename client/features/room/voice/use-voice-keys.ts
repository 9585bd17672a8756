import { useEffect } from 'react';
import { useLine } from '../room-context.tsx';

export const TALK_KEY = 'T';
export const MUTE_KEY = 'V';

/** Held T talks, V mutes and unmutes. They rest while somebody types or a dialog is open. */
export function useVoiceKeys(): void {
  const { voice } = useLine();
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const isOther = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
      if (event.defaultPrevented || isOther || isBusy(event.target)) return;
      const key = event.key.toUpperCase();
      if (key !== TALK_KEY && key !== MUTE_KEY) return;
      event.preventDefault();
      if (event.repeat) return;
      void (key === TALK_KEY ? voice.press() : voice.toggle());
    };
    const up = (event: KeyboardEvent) => {
      if (event.key.toUpperCase() === TALK_KEY) voice.release();
    };
    // A key that is let go in another window is not heard here.
    const away = () => voice.release();
    window.addEventListener('keydown', down, { capture: true });
    window.addEventListener('keyup', up, { capture: true });
    window.addEventListener('blur', away);
    return () => {
      window.removeEventListener('keydown', down, { capture: true });
      window.removeEventListener('keyup', up, { capture: true });
      window.removeEventListener('blur', away);
    };
  }, [voice]);
}

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select') ||
    target.closest('[role=dialog], [role=menu]') !== null);
