/// <reference types="webxr" />
import { Hand, SIDES, type Side } from './hand.ts';

/** Both hands of the person. Trigger and pinch come from the session's own select events, which every device tunes for itself. */
export class Hands {
  readonly left = new Hand('left');
  readonly right = new Hand('right');
  readonly #session: XRSession;
  readonly #selecting = new Set<XRInputSource>();
  readonly #squeezing = new Set<XRInputSource>();

  constructor(session: XRSession) {
    this.#session = session;
    const follow = (
      set: Set<XRInputSource>,
      start: 'selectstart' | 'squeezestart',
      end: 'selectend' | 'squeezeend',
    ) => {
      session.addEventListener(start, ({ inputSource }) => void set.add(inputSource));
      session.addEventListener(end, ({ inputSource }) => void set.delete(inputSource));
    };
    follow(this.#selecting, 'selectstart', 'selectend');
    follow(this.#squeezing, 'squeezestart', 'squeezeend');
    session.addEventListener('inputsourceschange', ({ removed }) => {
      for (const source of removed) {
        this.#selecting.delete(source);
        this.#squeezing.delete(source);
      }
    });
  }

  get both(): readonly [Hand, Hand] {
    return [this.left, this.right];
  }

  of(side: Side): Hand {
    return this[side];
  }

  read(frame: XRFrame, space: XRReferenceSpace): void {
    const sources = [...(this.#session.inputSources ?? [])].filter(
      ({ targetRayMode }) => targetRayMode === 'tracked-pointer',
    );
    for (const side of SIDES) {
      // A device may show a controller and the bare hand beside it: the controller is what the person means.
      const mine = sources.filter(
        ({ handedness }) => handedness === side || (side === 'right' && handedness === 'none'),
      );
      const source = mine.find(({ hand }) => !hand) ?? mine[0] ?? null;
      const held = {
        select: source !== null && this.#selecting.has(source),
        squeeze: source !== null && this.#squeezing.has(source),
      };
      this.of(side).read(frame, space, source, held);
    }
  }
}
