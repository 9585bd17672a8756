/// <reference types="webxr" />
import type { Body } from '#protocol/presence/index';
import { composePose, IDENTITY_POSE, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { ACCENT, PARTICIPANT_COLORS } from '../palette.ts';
import type { XrMode } from '../scene/room-view.types.ts';
import { isEmptyBounds } from '../scene/geometry.ts';
import { distance, pointOn } from '../scene/vec.ts';
import { above, colorOf, Grabbing, type Refusal } from './grabbing.ts';
import { CommentPen } from './comment-pen.ts';
import { otherSide, SIDES, type Hand, type Side } from './hands/hand.ts';
import { HandShapes } from './hands/hand-shape.ts';
import { HandLook } from './hands/hand-look.ts';
import { Hands } from './hands/hands.ts';
import { HeadsetSession, type XrMoment } from './headset-session.ts';
import { Highlight } from './highlight.ts';
import { clearOfBench, Locomotion } from './locomotion.ts';
import { Notice } from './notice.ts';
import type { PaletteAct } from './palette/layout.ts';
import { Palette } from './palette/palette.ts';
import { WORDS } from './palette/strings.ts';
import { RayMark } from './ray-mark.ts';
import { footprintRadius, rigFor, standingPlace, yawOf } from './rig.ts';
import { RoomPins } from './room-pins.ts';
import { Sounds } from './sounds.ts';
import { BENCH_MIN_RADIUS_M, BENCH_RIM_M, Surroundings, type Bench } from './surroundings.ts';
import type { XrGround } from './xr-ground.types.ts';

/** Steps a second while the past plays. */
const PLAY_SPEED = 5;
const IDLE_RAY_M = 0.45;
const NEUTRAL = '#8d99a6';
const AHEAD_M = 0.6;
const ASIDE_RAD = 0.9;

/** One stay of one person in the headset: from entering to taking it off. What attaches here is disposed here. */
export class XrStay {
  readonly palette: Palette;
  readonly grabbing: Grabbing;
  readonly hands: Hands;
  readonly notice: Notice;
  readonly #ground: XrGround;
  readonly #headset: HeadsetSession;
  readonly #sounds = new Sounds();
  readonly #highlight: Highlight;
  readonly #pins: RoomPins;
  readonly #pen: CommentPen;
  readonly #locomotion: Locomotion;
  readonly #looks: Record<Side, HandLook>;
  readonly #rays: Record<Side, RayMark>;
  readonly #shapes = new HandShapes();
  #surroundings: Surroundings | null = null;
  #bench: Bench | null = null;
  #isPlaced = false;
  #isOver = false;
  #lastMs = 0;
  #head: Pose = IDENTITY_POSE;

  /** Asks the device for a session; rejects with a WorkhallError when it says no. */
  static async begin(mode: XrMode, ground: XrGround): Promise<XrStay> {
    let stay: XrStay | null = null;
    const headset = await HeadsetSession.open(ground.stage, mode, () => {
      if (stay) stay.#dispose();
      ground.onEnd();
    });
    stay = new XrStay(ground, headset);
    return stay;
  }

  private constructor(ground: XrGround, headset: HeadsetSession) {
    const { scene } = ground.stage;
    const me = ground.session.participants.get().find(({ session }) => session === ground.session.me.session);
    const color = PARTICIPANT_COLORS[(me?.color ?? 0) % 12]!;
    this.#ground = ground;
    this.#headset = headset;
    this.hands = new Hands(headset.xr);
    this.notice = new Notice(ground.stage);
    this.palette = new Palette(
      ground,
      this.#sounds,
      headset.mode === 'immersive-ar',
      (act) => this.#act(act),
      (act) => act.kind === 'speakNote' && ground.recording.get()?.endNote(),
    );
    this.grabbing = new Grabbing(ground, this.#sounds, (refusal) => this.#tellRefusal(refusal));
    this.#highlight = new Highlight(ground.stage, ground.world);
    this.#pins = new RoomPins(ground);
    this.#pen = new CommentPen(ground, this.notice);
    this.#locomotion = new Locomotion(scene, this.#sounds);
    this.#looks = { left: new HandLook(scene, color), right: new HandLook(scene, color) };
    this.#rays = { left: new RayMark(scene), right: new RayMark(scene) };
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

  /** Where a new part of this height stands: on the near side of the bench, or an arm's length ahead on the floor. */
  placeFor(heightM: number): Vec3 {
    const [x, , z] = this.#head.position;
    if (!this.#bench) {
      const yaw = yawOf(this.#head.rotation);
      return [
        round(x - Math.sin(yaw) * AHEAD_M),
        this.rigInRoom.position[1] + heightM / 2,
        round(z - Math.cos(yaw) * AHEAD_M),
      ];
    }
    // A little towards the working hand, so that the palette does not stand in it.
    const { centreInRoom: centre, radiusM } = this.#bench;
    const aside = this.palette.side === 'left' ? ASIDE_RAD : -ASIDE_RAD;
    const azimuth = Math.atan2(x - centre[0], z - centre[2]) + aside;
    const awayM = radiusM * 0.72;
    return [
      round(centre[0] + Math.sin(azimuth) * awayM),
      centre[1] + heightM / 2,
      round(centre[2] + Math.cos(azimuth) * awayM),
    ];
  }

  /** Stands at a place of the room, eyes over it, looking along a heading (radians about +Y); never inside the bench. */
  standAt([x, , z]: Vec3, yawRad: number): void {
    const { rig } = this.#headset;
    const bench = this.#bench && { centre: this.#bench.centreInRoom, radiusM: this.#bench.radiusM };
    const feetInRoom = clearOfBench([x, rig.position[1], z], bench);
    const headInLocal = composePose(invertPose(rig), this.#head);
    this.moveRig(rigFor(headInLocal, { feetInRoom, yawRad }));
  }

  moveRig(rigInRoom: Pose): void {
    this.#headset.rig = rigInRoom;
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
    if (!this.#isPlaced) {
      // The first pose tells where the person stands and how tall they are; the next frame is drawn from there.
      this.#place(head);
      return;
    }
    this.#head = head;
    const { hands, grabbing, palette } = this;
    hands.read(moment.frame, moment.space);
    const use = palette.tick({ hands, head, nowMs, elapsedMs, busy: grabbing.busy });
    for (const side of SIDES) {
      const hand = hands.of(side);
      const isAtPalette = use?.side === side;
      this.#looks[side].show(hand, moment.frame, moment.space);
      if (this.#pen.isWaiting && !isAtPalette && hand.hasPressed && this.#pin(hand)) continue;
      const isAiming = this.#locomotion.isAiming(side);
      const isCarrier = palette.isShown && side === palette.side;
      const reach = isAtPalette || isAiming ? 'none' : isCarrier ? 'near' : 'all';
      const isOnPart = grabbing.tick(hand, reach, nowMs, elapsedMs);
      this.#move(hand, !isAtPalette && !isOnPart && !(hand.isBare && isCarrier));
      this.#showRay(hand, isAtPalette ? use.hit : undefined, isAtPalette);
    }
    this.#tapNothing(use?.side ?? null);
    this.#highlight.show(grabbing.marks(nowMs));
    this.#pins.tick(head.position);
    this.notice.tick(nowMs, head.position);
    this.#surroundings?.tick(head.position);
    this.#tellBody(head);
    const shapes = this.#shapes.read(hands, moment.frame, moment.space, nowMs);
    if (shapes) this.#ground.session.sendHands(shapes);
  }

  #place(headInLocal: Pose): void {
    const { world, floor, stage } = this.#ground;
    this.#isPlaced = true;
    const design = world.boundsInRoom();
    const eye = stage.camera.position;
    const standing = standingPlace({
      design,
      supportM: floor.heightM,
      eyeInRoom: [eye.x, eye.y, eye.z],
      headHeightM: headInLocal.position[1],
      others: this.#ground.heads(),
    });
    this.#headset.rig = rigFor(headInLocal, standing);
    if (standing.benchM > 0) {
      const isEmpty = isEmptyBounds(design);
      const centre: Vec3 = isEmpty
        ? [0, floor.heightM, 0]
        : [(design.min[0] + design.max[0]) / 2, floor.heightM, (design.min[2] + design.max[2]) / 2];
      const radiusM = isEmpty
        ? BENCH_MIN_RADIUS_M
        : Math.max(BENCH_MIN_RADIUS_M, footprintRadius(design) + BENCH_RIM_M);
      this.#bench = { centreInRoom: centre, radiusM, heightM: standing.benchM };
    }
    this.#surroundings = new Surroundings(stage, floor, this.#bench, this.#headset.mode === 'immersive-ar');
  }

  #move(hand: Hand, isFree: boolean): void {
    const rig = this.#headset.rig;
    const bench = this.#bench && { centre: this.#bench.centreInRoom, radiusM: this.#bench.radiusM };
    const moved = this.#locomotion.tick(hand, isFree, { rig, head: this.#head, floorM: rig.position[1], bench });
    if (moved) this.#headset.rig = moved;
  }

  #showRay(hand: Hand, paletteHit: Vec3 | null | undefined, isAtPalette: boolean): void {
    const mark = this.#rays[hand.side];
    const { rayInRoom, ray } = hand;
    const { grabbing } = this;
    const aim = grabbing.aimOf(hand.side);
    const isHolding = grabbing.busy.has(hand.side);
    const isFar = grabbing.isFarHolding(hand.side);
    const isCarrier = this.palette.isShown && hand.side === this.palette.side;
    const isHidden =
      !rayInRoom ||
      !ray ||
      aim.isNear ||
      (isHolding && !isFar) ||
      (isAtPalette && !paletteHit) ||
      this.#locomotion.isAiming(hand.side);
    if (isHidden || (isCarrier && !isHolding)) return mark.hide();
    const eye = this.#head.position;
    if (isFar)
      return mark.show(rayInRoom, grabbing.reachOf(hand.side), pointOn(ray, grabbing.reachOf(hand.side)), ACCENT, eye);
    const hit = paletteHit ?? aim.hit?.pointInRoom ?? null;
    const color = hit ? ACCENT : NEUTRAL;
    mark.show(rayInRoom, hit ? distance(rayInRoom.position, hit) : IDLE_RAY_M, hit, color, eye);
  }

  /** A press into the air lets go of the selection. */
  #tapNothing(paletteSide: Side | null): void {
    for (const hand of this.hands.both)
      if (!hand.isBare && hand.hasPressed && hand.side !== paletteSide && !this.grabbing.busy.has(hand.side))
        this.#ground.selection.set(new Set());
  }

  #act(act: PaletteAct): void {
    const { commands, selection, snap } = this.#ground;
    const words = WORDS[this.#ground.language];
    const needsPart = () => {
      if (selection.get().size > 0) return true;
      this.#say(words.selectFirst);
      return false;
    };
    switch (act.kind) {
      case 'undo':
        return commands.undo();
      case 'redo':
        return commands.redo();
      case 'duplicate':
        return void (needsPart() && commands.duplicateSelection());
      case 'delete':
        return void (needsPart() && commands.deleteSelection());
      case 'hide':
        return void (needsPart() && commands.hideSelection());
      case 'paint':
        return void (needsPart() && commands.setColor(act.color));
      case 'add':
        return void commands.addParametric(act.shape);
      case 'stepBack':
        return this.#ground.past?.step(-1);
      case 'stepOn':
        return this.#ground.past?.step(1);
      case 'play':
        return this.#ground.past?.state.get().speed === null
          ? this.#ground.past.play(PLAY_SPEED)
          : this.#ground.past?.pause();
      case 'toNow':
        return this.#ground.past?.backToNow();
      case 'record':
        return this.#record(words.recordingBegun);
      case 'speakNote':
        return this.#ground.recording.get()?.beginNote();
      case 'undoStep':
        return this.#ground.recording.get()?.undoLast();
      case 'endRecording':
        this.#ground.recording.get()?.stop();
        return this.#say(words.draftMade);
      case 'snap':
        return snap.update((value) => ({ ...value, isOn: !value.isOn }));
      case 'visit':
        return this.#ground.visitNext();
      case 'voice':
        return void this.#toggleVoice(words.noMicrophone);
      case 'swapHands':
        return this.palette.swapHands();
      case 'page':
        this.#pen.take(null);
        return this.palette.turnTo(act.page);
      case 'comment':
        this.#pen.take(act.preset);
        this.palette.turnTo('tools');
        return this.#say(words.pointAtFace);
      case 'leave':
        // Not in the middle of a frame: what it still draws would be gone.
        return void setTimeout(() => void this.end());
    }
  }

  /** Begins it, or turns to what is written down so far. */
  #record(begun: string): void {
    const recording = this.#ground.recording.get();
    if (recording?.state.get().phase !== 'recording') {
      recording?.start();
      this.#say(begun);
    }
    this.palette.turnTo('recording');
  }

  #pin(hand: Hand): boolean {
    if (!this.#pen.pin(hand)) return false;
    hand.pulse(0.5, 25);
    this.#sounds.tick('press');
    return true;
  }

  #tellRefusal({ part, holder, reason, hand }: Refusal): void {
    const at = this.#ground.world.has(part)
      ? above(this.#ground, part)
      : (hand.gripInRoom?.position ?? this.#head.position);
    this.notice.say(reason, at, performance.now(), holder ? colorOf(holder) : undefined);
  }

  async #toggleVoice(trouble: string): Promise<void> {
    const { voice } = this.#ground;
    if (!voice || voice.status.get().isListener) return;
    await voice.toggle();
    if (!['talking', 'muted'].includes(voice.status.get().state)) this.#say(trouble);
  }

  /** Short words appear over the working hand. */
  #say(text: string): void {
    const hand = this.hands.of(otherSide(this.palette.side));
    const [x, y, z] = hand.gripInRoom?.position ?? this.#head.position;
    this.notice.say(text, [x, y + 0.1, z], performance.now());
  }

  #tellBody(headInRoom: Pose): void {
    const { left, right } = this.hands;
    const body: Body = {
      headInRoom,
      isHeadset: true,
      isLeftClosed: left.isClosed,
      isRightClosed: right.isClosed,
      ...(left.gripInRoom ? { leftInRoom: left.gripInRoom } : {}),
      ...(right.gripInRoom ? { rightInRoom: right.gripInRoom } : {}),
    };
    this.#ground.session.sendBody(body);
  }

  #dispose(): void {
    this.#isOver = true;
    this.#ground.session.sendHands(null);
    this.grabbing.cancelAll();
    this.palette.dispose();
    this.notice.dispose();
    this.#highlight.dispose();
    this.#pins.dispose();
    this.#locomotion.dispose();
    this.#sounds.dispose();
    this.#surroundings?.dispose();
    for (const side of SIDES) {
      this.#looks[side].dispose();
      this.#rays[side].dispose();
    }
  }
}

const round = (metres: number): number => Math.round(metres * 1000) / 1000;
