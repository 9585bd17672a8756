import type { Pose, Vec3 } from '#protocol/spatial/index';
import { distance, normalize, sub } from '../../../../scene/vec.ts';
import type { Hand, Side } from '../../../../xr/hands/hand.ts';
import type { Sounds } from '../../../../xr/sounds.ts';
import type { DeskView } from '../desk-view.ts';
import type { Aim } from '../mark-tool.ts';
import type { PictureBoard } from './picture-board.ts';

/** A fingertip so near to the surface means what is under it, and not where its ray goes. */
const TOUCH_M = 0.06;

/** What a free hand points at. */
export interface Met {
  readonly pointInRoom: Vec3;
  /** Else the picture. */
  readonly isProduct: boolean;
}

/** Hands that leave marks with the chosen tool: on the product by ray or finger, in the air beside it, on the frozen picture. */
export class MarkingHands {
  readonly #view: DeskView;
  readonly #picture: PictureBoard;
  readonly #sounds: Sounds;
  readonly #freeze: () => void;
  /** The hand that draws, and on what: where a line began, it stays. */
  #drawing: { readonly side: Side; readonly on: 'surface' | 'air' | 'picture' } | null = null;

  constructor(view: DeskView, picture: PictureBoard, sounds: Sounds, freeze: () => void) {
    this.#view = view;
    this.#picture = picture;
    this.#sounds = sounds;
    this.#freeze = freeze;
  }

  isDrawing(side: Side): boolean {
    return this.#drawing?.side === side;
  }

  isInAir(side: Side): boolean {
    return this.isDrawing(side) && this.#drawing?.on === 'air';
  }

  /** One hand in one frame; `mayMark`: else it only points. */
  work(hand: Hand, head: Pose, mayMark: boolean): Met | null {
    const { ray } = hand;
    if (!ray) return null;
    const { tool } = this.#view;
    const onPicture = this.#picture.under(ray);
    const aim = this.#touched(hand, head) ?? this.#view.aim(ray);
    const isBehind = onPicture !== null && distance(ray.origin, onPicture.pointInRoom) < (aim.hit?.distanceM ?? 0);
    const place = !isBehind && aim.hit && this.#view.isOnProduct(aim) ? aim.hit.pointInRoom : null;
    if (mayMark && tool.kind.get() === 'draw') this.#draw(hand, place && aim, onPicture?.at ?? null);
    else if (mayMark && place) {
      tool.hover(aim);
      if (hand.hasPressed && tool.kind.get() !== 'look') {
        tool.click(aim);
        hand.pulse(0.4, 25);
        this.#sounds.tick('press');
      }
    }
    if (place) return { pointInRoom: place, isProduct: true };
    return onPicture && { pointInRoom: onPicture.pointInRoom, isProduct: false };
  }

  #draw(hand: Hand, aim: Aim | null, onPicture: [number, number] | null): void {
    const { tool } = this.#view;
    const { side } = hand;
    const tip = tipOf(hand);
    const inAir: Aim | null = tip && { hit: null, inAir: tip };
    if (hand.hasPressed && !this.#drawing) {
      const on = aim ? 'surface' : onPicture ? 'picture' : 'air';
      if (on === 'picture' && this.#picture.mode !== 'frozen') return this.#freeze();
      if (on !== 'picture' && !tool.press(aim ?? inAir ?? { hit: null })) return;
      this.#drawing = { side, on };
    }
    if (this.#drawing?.side !== side) return;
    const { on } = this.#drawing;
    if (on === 'picture' && onPicture) this.#picture.draw(onPicture);
    if (on === 'surface' && aim) tool.drag(aim);
    if (on === 'air' && inAir) tool.drag(inAir);
    if (hand.isClosed) return;
    this.#drawing = null;
    if (on === 'picture') this.#picture.endLine();
    else tool.release();
  }

  /** The surface under a fingertip, as the person sees it. */
  #touched(hand: Hand, head: Pose): Aim | null {
    const tip = tipOf(hand);
    if (!tip) return null;
    const aim = this.#view.aim({ origin: head.position, direction: normalize(sub(tip, head.position)) });
    return aim.hit && distance(aim.hit.pointInRoom, tip) < TOUCH_M ? aim : null;
  }
}

const tipOf = (hand: Hand): Vec3 | null => (hand.isBare ? hand.grabPointInRoom : hand.tipInRoom);
