import { CommentId } from '#protocol/ids';
import type { Hand } from './hands/hand.ts';
import type { Notice } from './notice.ts';
import { WORDS } from './palette/strings.ts';
import type { XrGround } from './xr-ground.types.ts';

/** A preset text, chosen on the palette, that waits for the face it is about. */
export class CommentPen {
  readonly #ground: XrGround;
  readonly #notice: Notice;
  #preset: number | null = null;

  constructor(ground: XrGround, notice: Notice) {
    this.#ground = ground;
    this.#notice = notice;
  }

  get isWaiting(): boolean {
    return this.#preset !== null;
  }

  take(preset: number | null): void {
    this.#preset = preset;
  }

  /** Pins the waiting text where the hand's ray meets a part; false when it meets none. */
  pin(hand: Hand): boolean {
    const { session, world, language } = this.#ground;
    const words = WORDS[language];
    const hit = hand.ray && world.pick(hand.ray);
    const text = this.#preset === null ? undefined : words.presets[this.#preset];
    if (!hit || !text) return false;
    this.#preset = null;
    const anchor = { part: hit.part, face: hit.face, pointInPart: hit.pointInPart, normalInPart: hit.normalInPart };
    const outcome = session.submit('comment.add', { id: CommentId.parse(crypto.randomUUID()), anchor, text });
    const answer = 'problem' in outcome ? words.notCommented : words.commented;
    this.#notice.say(answer, hit.pointInRoom, performance.now());
    return true;
  }
}
