/// <reference types="webxr" />
import { ACCENT, PARTICIPANT_COLORS } from '../../../palette.ts';
import type { Body } from '#protocol/presence/index';
import { composePose, IDENTITY_POSE, invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { isEmptyBounds } from '../../../scene/geometry.ts';
import { add, distance, dot, normalize, pointOn, scale, sub } from '../../../scene/vec.ts';
import type { XrMode } from '../../../scene/room-view.types.ts';
import type { Readable } from '#net/store';
import type { SaidWords, VoiceSwitch } from '../../../voice/index.ts';
import { facing } from '../../../xr/facing.ts';
import { otherSide, SIDES, type Hand, type Side } from '../../../xr/hands/hand.ts';
import { HandLook } from '../../../xr/hands/hand-look.ts';
import { HandShapes } from '../../../xr/hands/hand-shape.ts';
import { Hands } from '../../../xr/hands/hands.ts';
import { HeadsetSession, type XrMoment } from '../../../xr/headset-session.ts';
import { Locomotion } from '../../../xr/locomotion.ts';
import { Notice } from '../../../xr/notice.ts';
import { Plate } from '../../../xr/plates/plate.ts';
import { RayMark } from '../../../xr/ray-mark.ts';
import { footprintRadius, rigFor, standingPlace, yawOf } from '../../../xr/rig.ts';
import { Sounds } from '../../../xr/sounds.ts';
import { BENCH_MIN_RADIUS_M, BENCH_RIM_M, Surroundings, type Bench } from '../../../xr/surroundings.ts';
import type { RunThings } from '../run-context.tsx';
import type { TrainingView } from '../scene/training-view.ts';
import { BOARD, boardAsideRad } from './board-place.ts';
import { ControlGrips } from './control-grips.ts';
import { HeardPlate } from './heard-plate.ts';
import { InstructorBoard, type People } from './instructor-board.ts';
import { Senses } from './senses.ts';
import { StayMarks } from './stay-marks.ts';
import { StepBoard } from './step-board.ts';
import { ThingGrips } from './thing-grips.ts';
import { WristPlate, type GhostSwitch } from './wrist-plate.ts';

const IDLE_RAY_M = 0.45;
const NEUTRAL = '#8d99a6';
/** The board is read from where it stands. */
const BOARD_LOOK = { distanceM: BOARD.awayM, widthDmm: 560, mostDmm: 860 };
/** Whoever goes so far or turns so much gets it where they are. */
const BOARD_LEFT_M = 0.45;
const BOARD_LEFT_RAD = 1.35;
const SAID_MS = 3500;
const BESIDE_M = 0.7;
/** Cosine of what one sees without turning the eyes far. */
const IN_VIEW = Math.cos(0.42);

export interface StayOptions {
  readonly voice: VoiceSwitch | null;
  /** What others say just now. */
  readonly words: Readable<SaidWords | null> | null;
  readonly ghost: GhostSwitch;
  readonly onEnd: () => void;
}

/**
 * A trainee in the headset: the run of `TrainingView`, driven by both hands. The same `Handling` as mouse and keys, so
 * the same acts, snaps and findings. What attaches here is disposed here.
 */
export class TrainingStay {
  readonly hands: Hands;
  readonly notice: Notice;
  readonly things: ThingGrips;
  readonly controls: ControlGrips;
  readonly board: Plate;
  readonly wrist: WristPlate;
  readonly heard: HeardPlate;
  readonly marks: StayMarks;
  readonly #view: TrainingView;
  readonly #headset: HeadsetSession;
  readonly #sounds = new Sounds();
  readonly #stepBoard: StepBoard;
  readonly #senses: Senses;
  readonly #desk: InstructorBoard | null;
  readonly #locomotion: Locomotion;
  readonly #looks: Record<Side, HandLook>;
  readonly #rays: Record<Side, RayMark>;
  readonly #shapes = new HandShapes();
  #run: RunThings;
  #saidKey: number;
  #surroundings: Surroundings | null = null;
  #bench: Bench | null = null;
  #boardPose: Pose | null = null;
  #isPlaced = false;
  #isOver = false;
  #lastMs = 0;
  #head: Pose = IDENTITY_POSE;

  /** Asks the device for a session; rejects with a WorkhallError when it says no. */
  static async begin(mode: XrMode, view: TrainingView, run: RunThings, options: StayOptions): Promise<TrainingStay> {
    let stay: TrainingStay | null = null;
    const headset = await HeadsetSession.open(view.stage, mode, () => {
      if (stay) stay.#dispose();
      options.onEnd();
    });
    stay = new TrainingStay(view, run, options, headset);
    return stay;
  }

  private constructor(view: TrainingView, run: RunThings, options: StayOptions, headset: HeadsetSession) {
    const { stage } = view;
    const { scene } = stage;
    const me = run.session.participants.get().find(({ session }) => session === run.session.me.session);
    const color = PARTICIPANT_COLORS[(me?.color ?? 0) % 12]!;
    this.#view = view;
    this.#run = run;
    this.#headset = headset;
    this.#saidKey = run.said.at(-1)?.key ?? 0;
    this.hands = new Hands(headset.xr);
    this.notice = new Notice(stage);
    this.notice.shownMs = SAID_MS;
    // Chosen at the wrist, the tool is in the hand that chose it.
    this.things = new ThingGrips(view, this.#sounds, () => otherSide(this.wrist.side));
    this.controls = new ControlGrips(view, this.#sounds);
    this.#stepBoard = new StepBoard(run);
    this.board = new Plate(stage, this.#sounds, { name: 'step board', ...BOARD_LOOK }, (id) =>
      this.#stepBoard.press(id),
    );
    this.#desk = InstructorBoard.isFor(run) ? new InstructorBoard(run, this.#people(), options.voice) : null;
    this.wrist = new WristPlate(view, this.#sounds, {
      desk: this.#desk,
      voice: options.voice,
      ghost: options.ghost,
      leave: () => setTimeout(() => void this.end()), // not in the middle of a frame
    });
    this.heard = new HeardPlate(stage, this.#sounds, options.words, run.session.participants);
    this.#senses = new Senses(view);
    this.marks = new StayMarks(view, this.things, this.controls, [this.board, this.wrist.plate, this.heard.plate]);
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
    view.outline.isVisible = false;
    view.overlay.root.hidden = true;
  }

  get rigInRoom(): Pose {
    return this.#headset.rig;
  }

  get headInRoom(): Pose {
    return this.#head;
  }

  update(run: RunThings): void {
    this.#run = run;
    this.#stepBoard.update(run);
    this.#desk?.update(run);
  }

  /** Goes and stands at somebody's shoulder, as one does who shows and listens: voices carry as far as in a workshop. */
  #people(): People {
    const { avatars } = this.#view;
    return {
      headOf: (user) => {
        const person = this.#run.session.participants.get().find((one) => one.user === user);
        return (person && avatars.of(person.participant)?.headInRoom(performance.now())) ?? null;
      },
      goBeside: (headInRoom) => {
        const yaw = yawOf(headInRoom.rotation);
        const [x, , z] = headInRoom.position;
        const { rig } = this.#headset;
        const feetInRoom: Vec3 = [x + Math.cos(yaw) * BESIDE_M, rig.position[1], z - Math.sin(yaw) * BESIDE_M];
        const headInLocal = composePose(invertPose(rig), this.#head);
        this.#headset.rig = rigFor(headInLocal, { feetInRoom, yawRad: yaw });
      },
    };
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
    this.#standBoard(head);
    this.board.show(this.#stepBoard.blocks());
    const isBusy = (side: Side) => this.things.heldIn(side) !== null || this.controls.heldIn(side) !== null;
    const free = hands.both.filter(({ side }) => !isBusy(side) && !this.#locomotion.isAiming(side));
    const atBoard = this.board.tick(free, nowMs);
    const atWrist = this.wrist.tick({ hands, head, nowMs, elapsedMs, isBusy });
    for (const side of SIDES) {
      const hand = hands.of(side);
      this.#looks[side].show(hand, moment.frame, moment.space);
      const plate = atBoard.has(hand) ? atBoard.get(hand) : atWrist?.side === side ? atWrist.hit : undefined;
      const isAtPlate = plate !== undefined;
      const isCarrier = this.wrist.isShown && side === this.wrist.side;
      const reach = isAtPlate || this.#locomotion.isAiming(side) ? 'none' : isCarrier ? 'near' : 'all';
      const aimed = this.things.aimOf(side).at;
      const isAtControl =
        !isAtPlate &&
        this.things.heldIn(side) === null &&
        this.controls.tick(hand, aimed?.kind === 'control' ? aimed.id : null, nowMs);
      const isOnThing = this.things.tick(hand, isAtControl ? 'none' : reach, elapsedMs);
      this.#move(hand, !isAtPlate && !isOnThing && !isAtControl && !(hand.isBare && isCarrier));
      this.#showRay(hand, plate);
    }
    this.heard.tick(head, nowMs, elapsedMs);
    this.marks.show(this.#run, head, hands.both);
    this.#say(nowMs);
    this.notice.tick(nowMs, head.position);
    this.#surroundings?.tick(head.position);
    this.#senses.tick(head, nowMs);
    this.#tellBody(head);
    const shapes = this.#shapes.read(hands, moment.frame, moment.space, nowMs);
    if (shapes) this.#run.session.sendHands(shapes);
  }

  #place(headInLocal: Pose): void {
    const { floor, stage, avatars } = this.#view;
    this.#isPlaced = true;
    const workplace = this.#view.boundsInRoom();
    const eye = stage.camera.position;
    const standing = standingPlace({
      design: workplace,
      supportM: floor.heightM,
      eyeInRoom: [eye.x, eye.y, eye.z],
      headHeightM: headInLocal.position[1],
      others: avatars.heads(),
    });
    this.#headset.rig = rigFor(headInLocal, standing);
    if (standing.benchM > 0 && !isEmptyBounds(workplace)) {
      const { min, max } = workplace;
      this.#bench = {
        centreInRoom: [(min[0] + max[0]) / 2, floor.heightM, (min[2] + max[2]) / 2],
        radiusM: Math.max(BENCH_MIN_RADIUS_M, footprintRadius(workplace) + BENCH_RIM_M),
        heightM: standing.benchM,
      };
    }
    this.#surroundings = new Surroundings(stage, floor, this.#bench, this.#headset.mode === 'immersive-ar');
  }

  /** Beside the work and not before it; it stays while one works there. */
  #standBoard(head: Pose): void {
    const at = this.#boardPose?.position;
    const yaw = yawOf(head.rotation);
    const isLeft = at && distance(at, head.position) > BOARD.awayM + BOARD_LEFT_M;
    const off = at ? Math.atan2(head.position[0] - at[0], head.position[2] - at[2]) - yaw : 0;
    const isBehind = Math.abs(Math.atan2(Math.sin(off), Math.cos(off))) > BOARD_LEFT_RAD;
    if (!at || isLeft || isBehind) {
      const side = this.wrist.side === 'left' ? -1 : 1;
      const asideRad = boardAsideRad({
        headInRoom: head.position,
        yawRad: yaw,
        side: side === -1 ? 1 : -1,
        halfWidthM: this.board.widthM / 2,
        work: this.#view.boundsInRoom(),
      });
      const way = yaw + side * asideRad;
      const position: Vec3 = [
        head.position[0] - Math.sin(way) * BOARD.awayM,
        head.position[1] + BOARD.belowEyesM,
        head.position[2] - Math.cos(way) * BOARD.awayM,
      ];
      this.#boardPose = { position, rotation: facing(add(position, [0, -0.25, 0]), head.position) };
    }
    this.board.stand(this.#boardPose);
  }

  #move(hand: Hand, isFree: boolean): void {
    const { rig } = this.#headset;
    const bench = this.#bench && { centre: this.#bench.centreInRoom, radiusM: this.#bench.radiusM };
    const moved = this.#locomotion.tick(hand, isFree, { rig, head: this.#head, floorM: rig.position[1], bench });
    if (moved) this.#headset.rig = moved;
  }

  #showRay(hand: Hand, plate: Vec3 | null | undefined): void {
    const mark = this.#rays[hand.side];
    const { rayInRoom, ray, side } = hand;
    const aim = this.things.aimOf(side);
    const isFar = this.things.isFarHolding(side);
    const isHolding = this.things.heldIn(side) !== null || this.controls.heldIn(side) !== null;
    const isCarrier = this.wrist.isShown && side === this.wrist.side;
    const isHidden =
      !rayInRoom || !ray || aim.isNear || plate === null || (isHolding && !isFar) || this.#locomotion.isAiming(side);
    if (isHidden || (isCarrier && !isHolding && !plate)) return mark.hide();
    const eye = this.#head.position;
    if (isFar) {
      const reachM = this.things.reachOf(side);
      return mark.show(rayInRoom, reachM, pointOn(ray, reachM), ACCENT, eye);
    }
    const hit = plate ?? aim.at?.pointInRoom ?? null;
    const lengthM = hit ? distance(rayInRoom.position, hit) : IDLE_RAY_M;
    mark.show(rayInRoom, lengthM, hit, hit ? ACCENT : NEUTRAL, eye);
  }

  /** What goes well or wrong is said over the working hand at once, and stays on the board. */
  #say(nowMs: number): void {
    const last = this.#run.said.at(-1);
    if (!last || last.key <= this.#saidKey) return;
    const news = this.#run.said.filter(({ key, tone }) => key > this.#saidKey && tone !== 'news').at(-1);
    this.#saidKey = last.key;
    if (!news) return;
    const hand = this.hands.of(otherSide(this.wrist.side));
    const ahead = rotateVec3(this.#head.rotation, [0, -0.12, -0.7]);
    const at = hand.gripInRoom ? add(hand.gripInRoom.position, [0, 0.12, 0]) : add(this.#head.position, ahead);
    // Where it is seen, and never so near that one has to squint.
    const away = normalize(sub(at, this.#head.position));
    const isSeen = dot(away, rotateVec3(this.#head.rotation, [0, 0, -1])) > IN_VIEW;
    const isNear = distance(at, this.#head.position) < 0.4;
    const place = !isSeen ? add(this.#head.position, ahead) : isNear ? add(this.#head.position, scale(away, 0.4)) : at;
    this.notice.say(news.text, place, nowMs, news.tone === 'bad' ? '#e03131' : '#2f9e44');
    if (news.tone === 'bad') for (const one of this.hands.both) one.pulse(0.7, 90);
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
    this.#run.session.sendBody(body);
  }

  #dispose(): void {
    this.#isOver = true;
    this.#run.session.sendHands(null);
    this.things.letGoOfAll();
    this.controls.letGoOfAll();
    this.board.dispose();
    this.wrist.dispose();
    this.heard.dispose();
    this.notice.dispose();
    this.marks.dispose();
    this.#locomotion.dispose();
    this.#sounds.dispose();
    this.#surroundings?.dispose();
    for (const side of SIDES) {
      this.#looks[side].dispose();
      this.#rays[side].dispose();
    }
    const { outline, overlay, floor, stage } = this.#view;
    outline.isVisible = floor.isVisible = true;
    overlay.root.hidden = false;
    stage.invalidate();
  }
}
