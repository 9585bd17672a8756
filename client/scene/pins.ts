import { commentsOf, type Comment, type CommentAnchor } from '#protocol/design/index';
import type { CommentId } from '#protocol/ids';
import { colorOfUser } from '#protocol/room/index';
import type { Vec3 } from '#protocol/spatial/index';
import { PARTICIPANT_COLORS } from '../palette.ts';
import type { RoomSession } from '../net/room-session.types.ts';
import type { Store } from '../net/store.ts';
import type { OrbitCamera } from './camera/orbit-camera.ts';
import type { Overlay } from './overlay.ts';
import { add, distance, normalize, scale, sub, transformPoint } from './vec.ts';
import { rotateVec3 } from '#protocol/spatial/index';
import type { World } from './world/world.ts';

/** How often it is looked whether something stands in front of a pin, ms. */
const OCCLUSION_EVERY_MS = 200;

/** Comments where they were pinned: numbered in the order in which they came, in their author's colour. */
export class Pins {
  readonly #pins = new Map<CommentId, HTMLButtonElement>();
  readonly #draft: HTMLElement;
  readonly #detach: (() => void)[];
  #lastLookMs = 0;

  constructor(
    private readonly session: RoomSession,
    private readonly world: World,
    private readonly camera: OrbitCamera,
    private readonly overlay: Overlay,
    private readonly openComment: Store<CommentId | null>,
    newComment: Store<CommentAnchor | null>,
  ) {
    this.#draft = overlay.add('div', 'wh-pin');
    this.#draft.textContent = '+';
    this.#draft.hidden = true;
    overlay.anchor(
      this.#draft,
      () => {
        const anchor = newComment.get();
        return anchor && this.pointOf(anchor);
      },
      [10, -12],
    );
    this.#detach = [
      session.document.subscribe(() => this.#sync()),
      session.participants.subscribe(() => this.#sync()),
      openComment.subscribe(() => this.#sync()),
      newComment.subscribe(() => (this.#draft.hidden = newComment.get() === null)),
    ];
    this.#sync();
  }

  pointOf(anchor: CommentAnchor): Vec3 | null {
    return this.world.has(anchor.part) ? transformPoint(this.world.poseInRoom(anchor.part), anchor.pointInPart) : null;
  }

  normalOf(anchor: CommentAnchor): Vec3 {
    return rotateVec3(this.world.poseInRoom(anchor.part).rotation, anchor.normalInPart);
  }

  /** Pins behind something step back; looked at a few times per second only. */
  lookAround(nowMs: number): void {
    if (nowMs - this.#lastLookMs < OCCLUSION_EVERY_MS) return;
    this.#lastLookMs = nowMs;
    const comments = commentsOf(this.session.document.get());
    const eye = this.camera.eye.position;
    for (const [id, pin] of this.#pins) {
      const anchor = comments.get(id)?.anchor;
      const point = anchor && this.pointOf(anchor);
      if (!anchor || !point) continue;
      const before = add(point, scale(this.normalOf(anchor), 0.002));
      const away = distance(before, eye);
      const hit = this.world.pick({ origin: eye, direction: normalize(sub(before, eye)) }, away - 0.001);
      pin.toggleAttribute('data-behind', hit !== null || !this.world.isShown(anchor.part));
    }
  }

  set isVisible(isVisible: boolean) {
    for (const pin of this.#pins.values()) pin.hidden = !isVisible;
  }

  dispose(): void {
    for (const stop of this.#detach) stop();
  }

  #sync(): void {
    const comments = commentsOf(this.session.document.get());
    for (const [id, pin] of this.#pins) {
      if (comments.has(id)) continue;
      this.overlay.remove(pin);
      this.#pins.delete(id);
    }
    const ordered = [...comments.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    ordered.forEach((comment, index) => this.#show(comment, index + 1));
  }

  #show(comment: Comment, number: number): void {
    let pin = this.#pins.get(comment.id);
    if (!pin) {
      pin = this.overlay.add('button', 'wh-pin');
      pin.type = 'button';
      pin.addEventListener('click', () =>
        this.openComment.set(this.openComment.get() === comment.id ? null : comment.id),
      );
      this.#pins.set(comment.id, pin);
      const { anchor } = comment;
      this.overlay.anchor(pin, () => this.pointOf(anchor), [10, -12]);
    }
    const author = this.session.participants.get().find(({ user }) => user === comment.author.id);
    pin.textContent = String(number);
    pin.setAttribute('aria-label', `${number}. ${comment.author.name}: ${comment.text.slice(0, 80)}`);
    pin.style.setProperty('--wh-pin', PARTICIPANT_COLORS[author?.color ?? colorOfUser(comment.author.id)]!);
    pin.toggleAttribute('data-open', this.openComment.get() === comment.id);
    pin.toggleAttribute('data-resolved', comment.resolved);
  }
}
