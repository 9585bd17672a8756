/// <reference types="webxr" />
import type { GuidanceSession } from '#net/index';
import type { Body } from '#protocol/presence/index';
import { IDENTITY_POSE, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { CallMedia } from '../../../../call/index.ts';
import { ACCENT, PARTICIPANT_COLORS } from '../../../../palette.ts';
import { add, distance } from '../../../../scene/vec.ts';
import type { VoiceSwitch } from '../../../../voice/index.ts';
import { facing } from '../../../../xr/facing.ts';
import { HandLook } from '../../../../xr/hands/hand-look.ts';
import { HandShapes } from '../../../../xr/hands/hand-shape.ts';
import { SIDES, type Hand, type Side } from '../../../../xr/hands/hand.ts';
import { Hands } from '../../../../xr/hands/hands.ts';
import { HeadsetSession, type XrMoment } from '../../../../xr/headset-session.ts';
import { Locomotion } from '../../../../xr/locomotion.ts';
import { Notice } from '../../../../xr/notice.ts';
import { CarriedPlate } from '../../../../xr/plates/carried-plate.ts';
import { Keyboard, KEYBOARD_HEIGHT_DMM, KEYBOARD_WIDTH_DMM } from '../../../../xr/plates/keyboard.ts';
import { Plate } from '../../../../xr/plates/plate.ts';
import { RayMark } from '../../../../xr/ray-mark.ts';
import { footprintRadius, rigFor, standingPlace, yawOf } from '../../../../xr/rig.ts';
import { Sounds } from '../../../../xr/sounds.ts';
import { BENCH_MIN_RADIUS_M, BENCH_RIM_M, Surroundings, type Bench } from '../../../../xr/surroundings.ts';
import { freezePicture } from '../../model/freeze.ts';
import type { HelpCall } from '../../model/help-call.ts';
import type { DeskView } from '../desk-view.ts';
import { DeskBoard } from './desk-board.ts';
import { MarkingHands } from './marking-hands.ts';
import type { DeskNow } from './desk-now.ts';
import { PictureBoard } from './picture-board.ts';
import { deskXrStrings } from './strings.ts';
import { toolBlocks, pressTool } from './tool-plate.ts';

const IDLE_RAY_M = 0.45;
const NEUTRAL = '#8d99a6';
/** Beside the work, at arm's length, on the side of the working hand. */
const BOARD = { awayM: 0.78, asideRad: 0.56, belowEyesM: 0.09 };
const BOARD_LOOK = { name: 'desk board', distanceM: 0.78, widthDmm: 560, mostDmm: 900 };
const KEYS = { awayM: 0.55, belowEyesM: 0.22 };
const KEYS_LOOK = {
  name: 'keys',
  distanceM: KEYS.awayM,
  widthDmm: KEYBOARD_WIDTH_DMM,
  mostDmm: KEYBOARD_HEIGHT_DMM,
};
/** Behind the product, on the other side than the board; its middle a little below the eyes. */
const PICTURE = { awayM: 1.6, asideRad: -0.62, belowEyesM: 0.12 };
const LEFT_M = 0.45;
const LEFT_RAD = 1.35;
const MOST_WORDS = 200;

export interface DeskStayOptions {
  readonly room: string;
  readonly session: GuidanceSession;
  readonly help: HelpCall;
  readonly media: CallMedia;
  readonly voice: VoiceSwitch;
  readonly onEnd: () => void;
}

/**
 * The expert in a headset, beside the product as it stands on the engineer's bench: the same tools and marks as at the desk, by
 * the rays and fingers of both hands. The room is the product's own frame. What attaches here is disposed here.
 */
export class DeskStay {
  readonly hands: Hands;
  readonly notice: Notice;
  readonly board: Plate;
  readonly keys: Plate;
  readonly wrist: CarriedPlate;
  readonly picture: PictureBoard;
  readonly #view: DeskView;
  readonly #options: DeskStayOptions;
  readonly #headset: HeadsetSession;
  readonly #sounds = new Sounds();
  readonly #words: DeskBoard;
  readonly #marking: MarkingHands;
  readonly #locomotion: Locomotion;
  readonly #looks: Record<Side, HandLook>;
  readonly #rays: Record<Side, RayMark>;
  readonly #shapes = new HandShapes();
  #now: DeskNow;
  #surroundings: Surroundings | null = null;
  #bench: Bench | null = null;
  #boardPose: Pose | null = null;
  #keysPose: Pose | null = null;
  #isPlaced = false;
  #isOver = false;
  #lastMs = 0;
  #head: Pose = IDENTITY_POSE;

  /** Asks the device for a session; rejects with a WorkhallError when it says no. */
  static async begin(view: DeskView, now: DeskNow, options: DeskStayOptions): Promise<DeskStay> {
    let stay: DeskStay | null = null;
    const headset = await HeadsetSession.open(view.stage, 'immersive-vr', () => {
      if (stay) stay.#dispose();
      options.onEnd();
    });
    stay = new DeskStay(view, now, options, headset);
    return stay;
  }

  private constructor(view: DeskView, now: DeskNow, options: DeskStayOptions, headset: HeadsetSession) {
    const { stage } = view;
    const { session, help, media } = options;
    this.#view = view;
    this.#now = now;
    this.#options = options;
    this.#headset = headset;
    const me = session.participants.get().find((one) => one.session === session.me.session);
    const color = PARTICIPANT_COLORS[(me?.color ?? 0) % 12]!;
    this.hands = new Hands(headset.xr);
    this.notice = new Notice(stage);
    const unlocked = () => this.#say(deskXrStrings.text('done_unlock'));
    this.#words = new DeskBoard(now, help, view.tool, new Keyboard(MOST_WORDS), unlocked);
    this.board = new Plate(stage, this.#sounds, BOARD_LOOK, (id) => this.#words.press(id));
    this.keys = new Plate(stage, this.#sounds, KEYS_LOOK, (id) => this.#words.typed(id));
    this.wrist = new CarriedPlate(stage, this.#sounds, 'desk tools', (id) => this.#press(id));
    this.picture = new PictureBoard(stage, help, media);
    this.#marking = new MarkingHands(view, this.picture, this.#sounds, () => this.#freeze());
    this.#locomotion = new Locomotion(stage.scene, this.#sounds);
    this.#looks = { left: new HandLook(stage.scene, color), right: new HandLook(stage.scene, color) };
    this.#rays = { left: new RayMark(stage.scene), right: new RayMark(stage.scene) };
    view.overlay.root.hidden = true;
    view.fitPeople();
    headset.onFrame((moment) => {
      try {
        this.#frame(moment);
      } catch (error) {
        // An error here would end the headset's picture for good; the page still hears of it.
        reportError(error);
      }
    });
  }

  get rigInRoom(): Pose {
    return this.#headset.rig;
  }

  get headInRoom(): Pose {
    return this.#head;
  }

  update(now: DeskNow): void {
    this.#now = now;
    this.#words.update(now);
    if (!now.isExpert) this.#view.use('look');
  }

  async end(): Promise<void> {
    await this.#headset.end();
  }

  #frame(moment: XrMoment): void {
    const nowMs = performance.now();
    const elapsedMs = Math.min(100, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const head = this.#headset.headIn(moment);
    if (!head || this.#isOver) return;
    // The first pose tells where the person stands and how tall they are; the next frame is drawn from there.
    if (!this.#isPlaced) return this.#place(head);
    this.#head = head;
    const { hands } = this;
    hands.read(moment.frame, moment.space);
    this.#standBoards(head);
    this.board.show(this.#words.blocks());
    this.keys.stand(this.#words.isTyping ? this.#keysPose : null);
    if (this.#words.isTyping) this.keys.show(this.#words.keyboard.blocks(KEY_WORDS()));
    const isBusy = (side: Side) => this.#marking.isDrawing(side) || this.#locomotion.isAiming(side);
    // The nearest first: a press means one plate.
    const tools = toolBlocks(this.#toolsNow());
    const atWrist = this.wrist.tick(tools, { hands, head, nowMs, elapsedMs, isBusy });
    const free = hands.both.filter(({ side }) => !isBusy(side) && side !== atWrist?.side);
    const atKeys = this.keys.tick(free, nowMs);
    const atBoard = this.board.tick(
      free.filter((hand) => !atKeys.has(hand)),
      nowMs,
    );
    this.picture.tick(nowMs);
    let pointed: Vec3 | null = null;
    for (const side of SIDES) {
      const hand = hands.of(side);
      this.#looks[side].show(hand, moment.frame, moment.space);
      const plate = atKeys.get(hand) ?? atBoard.get(hand) ?? (atWrist?.side === side ? atWrist.hit : undefined);
      const isAtPlate = atKeys.has(hand) || atBoard.has(hand) || atWrist?.side === side;
      const isCarrier = this.wrist.isShown && side === this.wrist.side;
      const isAway = isAtPlate || isCarrier || this.#locomotion.isAiming(side);
      const met = isAway ? null : this.#marking.work(hand, head, this.#now.isExpert);
      pointed = met?.isProduct ? met.pointInRoom : pointed;
      this.#move(hand, !isAtPlate && !met && !this.#marking.isDrawing(side) && !(hand.isBare && isCarrier));
      const isHidden = (isAtPlate && !plate) || (isCarrier && !isAtPlate);
      this.#showRay(hand, isHidden, plate ?? met?.pointInRoom ?? null);
    }
    this.notice.tick(nowMs, head.position);
    this.#surroundings?.tick(head.position);
    this.#tellBody(head, pointed);
    const shapes = this.#shapes.read(hands, moment.frame, moment.space, nowMs);
    if (shapes) this.#options.session.sendHands(shapes);
  }

  #place(headInLocal: Pose): void {
    const { floor, stage, avatars } = this.#view;
    this.#isPlaced = true;
    const product = this.#view.boundsInRoom();
    const eye = stage.camera.position;
    const standing = standingPlace({
      design: product,
      supportM: floor.heightM,
      eyeInRoom: [eye.x, eye.y, eye.z],
      headHeightM: headInLocal.position[1],
      others: avatars.heads(),
    });
    this.#headset.rig = rigFor(headInLocal, standing);
    if (standing.benchM > 0) {
      const { min, max } = product;
      this.#bench = {
        centreInRoom: [(min[0] + max[0]) / 2, floor.heightM, (min[2] + max[2]) / 2],
        radiusM: Math.max(BENCH_MIN_RADIUS_M, footprintRadius(product) + BENCH_RIM_M),
        heightM: standing.benchM,
      };
    }
    this.#surroundings = new Surroundings(stage, floor, this.#bench, false);
  }

  /** They stay while one works there; who goes away or turns gets them where they are. */
  #standBoards(head: Pose): void {
    const at = this.#boardPose?.position;
    const yaw = yawOf(head.rotation);
    const isLeft = at && distance(at, head.position) > BOARD.awayM + LEFT_M;
    const off = at ? Math.atan2(head.position[0] - at[0], head.position[2] - at[2]) - yaw : 0;
    const isBehind = Math.abs(Math.atan2(Math.sin(off), Math.cos(off))) > LEFT_RAD;
    if (!at || isLeft || isBehind) {
      const side = this.wrist.side === 'left' ? -1 : 1;
      const placed = ({ awayM, asideRad }: { awayM: number; asideRad: number }, y: number): Vec3 => {
        const way = yaw + side * asideRad;
        const { position } = head;
        return [position[0] - Math.sin(way) * awayM, position[1] + y, position[2] - Math.cos(way) * awayM];
      };
      const board = placed(BOARD, BOARD.belowEyesM);
      this.#boardPose = { position: board, rotation: facing(add(board, [0, -0.25, 0]), head.position) };
      const keys = placed({ awayM: KEYS.awayM, asideRad: 0 }, -KEYS.belowEyesM);
      this.#keysPose = { position: keys, rotation: facing(add(keys, [0, -0.17, 0]), head.position) };
      const picture = placed(PICTURE, -PICTURE.belowEyesM);
      this.picture.stand({ position: picture, rotation: facing(picture, head.position) });
    }
    this.board.stand(this.#boardPose);
  }

  #freeze(): void {
    const { room, help, media } = this.#options;
    void freezePicture(room, help, media);
  }

  #press(id: string): void {
    const { help, voice } = this.#options;
    pressTool(id, {
      use: (kind) => this.#view.use(kind),
      wipe: () => help.removeMarks(help.marks.get().map((mark) => mark.id)),
      freeze: () => (this.picture.mode === 'frozen' ? this.picture.backToLive() : this.#freeze()),
      unlock: () => this.#words.beginUnlock(),
      voice: () => void voice.toggle(),
      swap: () => {
        this.wrist.swap();
        this.#boardPose = null;
      },
      hangUp: () => {
        help.leave();
        setTimeout(() => void this.end()); // not in the middle of a frame
      },
      leave: () => setTimeout(() => void this.end()),
    });
  }

  #toolsNow() {
    const { help, voice } = this.#options;
    return {
      isExpert: this.#now.isExpert,
      kind: this.#view.tool.kind.get(),
      hasMarks: help.marks.get().length > 0,
      canUnlock: this.#now.running.length > 0,
      isUnlocking: this.#words.isUnlocking,
      picture: this.picture.mode,
      voice: voice.status.get(),
    };
  }

  #move(hand: Hand, isFree: boolean): void {
    const { rig } = this.#headset;
    const bench = this.#bench && { centre: this.#bench.centreInRoom, radiusM: this.#bench.radiusM };
    // While one draws, a pinch draws: in the air as well.
    const mayJump = isFree && !(hand.isBare && this.#view.tool.kind.get() === 'draw');
    const moved = this.#locomotion.tick(hand, mayJump, { rig, head: this.#head, floorM: rig.position[1], bench });
    if (moved) this.#headset.rig = moved;
  }

  #showRay(hand: Hand, isHidden: boolean, hit: Vec3 | null): void {
    const mark = this.#rays[hand.side];
    const { rayInRoom } = hand;
    if (!rayInRoom || isHidden || this.#locomotion.isAiming(hand.side) || this.#marking.isInAir(hand.side))
      return mark.hide();
    const lengthM = hit ? distance(rayInRoom.position, hit) : IDLE_RAY_M;
    mark.show(rayInRoom, lengthM, hit, hit ? ACCENT : NEUTRAL, this.#head.position);
  }

  /** Where it is seen. */
  #say(text: string): void {
    const ahead = rotateVec3(this.#head.rotation, [0, -0.12, -0.7]);
    this.notice.say(text, add(this.#head.position, ahead), performance.now(), '#2f9e44');
  }

  /** Who points has the hand where they point: the engineer sees a dot there, on the real product. */
  #tellBody(headInRoom: Pose, pointed: Vec3 | null): void {
    const { left, right } = this.hands;
    const rightInRoom: Pose | null = pointed ? { position: pointed, rotation: [0, 0, 0, 1] } : right.gripInRoom;
    const body: Body = {
      headInRoom,
      isHeadset: true,
      isLeftClosed: left.isClosed,
      isRightClosed: right.isClosed,
      ...(pointed ? { isPointing: true } : {}),
      ...(left.gripInRoom ? { leftInRoom: left.gripInRoom } : {}),
      ...(rightInRoom ? { rightInRoom } : {}),
    };
    this.#options.session.sendBody(body);
  }

  #dispose(): void {
    this.#isOver = true;
    this.#options.session.sendHands(null);
    this.#view.tool.cancel();
    this.#words.dispose();
    for (const one of [this.board, this.keys, this.wrist, this.picture, this.notice, this.#locomotion, this.#sounds])
      one.dispose();
    this.#surroundings?.dispose();
    for (const side of SIDES) {
      this.#looks[side].dispose();
      this.#rays[side].dispose();
    }
    const { overlay, floor, stage } = this.#view;
    floor.isVisible = true;
    overlay.root.hidden = false;
    this.#view.fitPeople();
    stage.invalidate();
  }
}

const KEY_WORDS = () => {
  const t = deskXrStrings.text;
  return { capitals: t('capitals'), space: t('space'), erase: t('eraseKey'), done: t('done') };
};
