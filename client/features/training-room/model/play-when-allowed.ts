/** What of an audio or video element is needed. */
export interface Playable extends EventTarget {
  play(): Promise<void>;
}

/** After any of these a browser lets a page be heard (HTML, "activation triggering input event"). */
const GESTURES = ['mousedown', 'pointerup', 'keydown'] as const;

/**
 * Plays at once; where the browser keeps a page quiet that nobody has touched yet, at the first touch or key. Who
 * presses a button of the element itself decides alone. Returns what takes it back.
 */
export function playWhenAllowed(media: Playable, page: EventTarget): () => void {
  const stop = () => GESTURES.forEach((name) => page.removeEventListener(name, onGesture, { capture: true }));
  const begin = () =>
    void media.play().then(stop, (thrown: unknown) => {
      const isKeptQuiet = thrown instanceof Error && thrown.name === 'NotAllowedError';
      if (!isKeptQuiet) stop();
    });
  const onGesture = ({ target }: Event) => (target === media ? stop() : begin());
  for (const name of GESTURES) page.addEventListener(name, onGesture, { capture: true });
  begin();
  return stop;
}
