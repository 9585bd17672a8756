import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import { invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { PARTICIPANT_COLORS } from '../../palette.ts';
import { add, dot, normalize, rayInFrame, scale, slerp, lerp, sub, transformPoint } from '../../scene/vec.ts';
import { facing } from '../facing.ts';
import { otherSide, type Hand, type Side } from '../hands/hand.ts';
import type { Hands } from '../hands/hands.ts';
import type { Sounds } from '../sounds.ts';
import type { XrGround } from '../xr-ground.types.ts';
import { Board, METRES_PER_DMM, type BoardState } from './board.ts';
import { BOARD, PAGES, targetAt, type PageId, type PaletteAct, type Target } from './layout.ts';
import { WORDS } from './strings.ts';

/** A finger this near in front of the board means the board, not a part behind it, metres. */
const TOUCH_NEAR_M = 0.07;
/** The press is felt when the finger is this far through the surface; it has to leave again before the next. */
const PRESS_DEPTH_M = 0.002;
const LEAVE_M = 0.012;
const PRESS_SHOWN_MS = 160;
/** The board follows the hand a little softly, so that it can be read. */
const FOLLOW_MS = 55;
const HAND_KEPT_AS = 'workhall.palette-hand';

/** The tools on a board at one hand, for the ray or the finger of the other. */
export class Palette {
  readonly #board: Board;
  readonly #ground: XrGround;
  readonly #sounds: Sounds;
  readonly #onAct: (act: PaletteAct) => void;
  readonly #onLetGo: (act: PaletteAct) => unknown;
  readonly #detach: (() => void)[];
  #page: PageId = 'tools';
  side: Side;
  #pose: Pose | null = null;
  #isWanted = true;
  #isPalmUp = false;
  #hovered: Target | null = null;
  #pressed: Target | null = null;
  #pressedMs = -Infinity;
  #isTouching = false;
  /** What is being pressed: by the finger, or with the ray. */
  #held: { readonly act: PaletteAct; readonly isTouch: boolean } | null = null;
  #isStale = true;

  /** `onLetGo`: the press is over, wherever the hand is then; for what lasts as long as one presses. */
  constructor(
    ground: XrGround,
    sounds: Sounds,
    isAr: boolean,
    onAct: (act: PaletteAct) => void,
    onLetGo: (act: PaletteAct) => unknown,
  ) {
    this.#ground = ground;
    this.#sounds = sounds;
    this.#onAct = onAct;
    this.#onLetGo = onLetGo;
    this.side = localStorage.getItem(HAND_KEPT_AS) === 'right' ? 'right' : 'left';
    this.#board = new Board(ground.stage.scene, () => WORDS[ground.language], isAr);
    this.#board.mesh.rotationQuaternion = Quaternion.Identity();
    this.#board.mesh.setEnabled(false);
    const { session, selection, snap } = ground;
    const again = () => (this.#isStale = true);
    const { voice } = ground;
    const shown = [
      ...(ground.past ? [ground.past.state] : []),
      ...(voice ? [voice.status] : []),
      session.undoable,
      session.redoable,
      session.participants,
      selection,
      snap,
      ground.languages,
    ];
    this.#detach = shown.map((value) => value.subscribe(again));
    let unfollow: (() => void) | undefined;
    const follow = () => {
      unfollow?.();
      unfollow = ground.recording.get()?.state.subscribe(() => this.#showRecording());
      again();
    };
    this.#detach.push(ground.recording.subscribe(follow), () => unfollow?.());
    follow();
    if (ground.recording.get()?.state.get().phase === 'recording') this.#page = 'recording';
  }

  /** While the room is shown as it was, only moving in time is offered. */
  get page(): PageId {
    return this.#ground.past?.isPast ? 'past' : this.#page;
  }

  get isShown(): boolean {
    return this.#board.mesh.isEnabled();
  }

  get targets(): readonly Target[] {
    return PAGES[this.page];
  }

  /** Where the middle of a target is, in the room: for tests and for hints. */
  placeOf(target: Target): Vec3 | null {
    if (!this.#pose || !this.isShown) return null;
    const x = (target.x + target.width / 2 - BOARD.width / 2) * METRES_PER_DMM;
    const y = (BOARD.height / 2 - target.y - target.height / 2) * METRES_PER_DMM;
    return transformPoint(this.#pose, [x, y, 0]);
  }

  /** Returns the hand that is busy with the board, and where its ray meets it. */
  tick(o: {
    hands: Hands;
    head: Pose;
    nowMs: number;
    elapsedMs: number;
    busy: ReadonlySet<Side>;
  }): { side: Side; hit: Vec3 | null } | null {
    const carrier = o.hands.of(this.side);
    const worker = o.hands.of(otherSide(this.side));
    if (carrier.hasPressedButton) this.#isWanted = !this.#isWanted;
    this.#place(carrier, o.head, o.elapsedMs, o.busy.has(this.side));
    const use = this.isShown && !o.busy.has(worker.side) ? this.#use(worker, o.nowMs) : null;
    if (!use) this.#hover(null, null);
    if (!use) this.#isTouching = false;
    this.#letGo(worker);
    if (this.#pressed && o.nowMs - this.#pressedMs > PRESS_SHOWN_MS) {
      this.#pressed = null;
      this.#isStale = true;
    }
    if (this.isShown && this.#isStale) {
      this.#isStale = false;
      this.#board.draw(this.#state(), this.#ground.stage.colors);
    }
    return use && { side: worker.side, hit: use.hit };
  }

  swapHands(): void {
    this.#letGo(null);
    this.side = otherSide(this.side);
    localStorage.setItem(HAND_KEPT_AS, this.side);
    this.#pose = null;
  }

  turnTo(page: PageId): void {
    this.#page = page;
    this.#hovered = null;
    this.#isStale = true;
  }

  dispose(): void {
    this.#letGo(null);
    for (const stop of this.#detach) stop();
    this.#board.dispose();
  }

  /** Its page opens when it begins and is gone when it ends. */
  #showRecording(): void {
    const phase = this.#ground.recording.get()?.state.get().phase;
    if (this.#page === 'recording' && phase !== 'recording') this.turnTo('tools');
    this.#isStale = true;
  }

  /** At a controller it stands above the hand; at a bare hand it appears beside the open palm that is turned to the eyes. */
  #place(hand: Hand, head: Pose, elapsedMs: number, isBusy: boolean): void {
    const grip = hand.gripInRoom;
    const isShown = grip !== null && !isBusy && (hand.isBare ? this.#looksAtPalm(hand, head) : this.#isWanted);
    this.#board.mesh.setEnabled(isShown);
    if (!isShown || !grip) {
      this.#pose = null;
      return;
    }
    const inward = this.side === 'left' ? 1 : -1;
    const right = rotateVec3(facing(grip.position, head.position), [1, 0, 0]);
    const [asideM, aboveM] = hand.isBare ? [0.17, 0.05] : [0, 0.17];
    const at = add(add(grip.position, scale(right, asideM * inward)), [0, aboveM, 0]);
    const wanted: Pose = { position: at, rotation: facing(at, head.position) };
    const share = this.#pose ? 1 - Math.exp(-elapsedMs / FOLLOW_MS) : 1;
    this.#pose = this.#pose
      ? {
          position: lerp(this.#pose.position, wanted.position, share),
          rotation: slerp(this.#pose.rotation, wanted.rotation, share),
        }
      : wanted;
    this.#board.mesh.position.set(...this.#pose.position);
    this.#board.mesh.rotationQuaternion!.set(...this.#pose.rotation);
  }

  #looksAtPalm(hand: Hand, head: Pose): boolean {
    const wrist = hand.wristInRoom;
    if (!wrist) return false;
    const palm = rotateVec3(wrist.rotation, [0, -1, 0]);
    const facesEye = dot(palm, normalize(sub(head.position, wrist.position)));
    this.#isPalmUp = facesEye > (this.#isPalmUp ? 0.25 : 0.55) && !hand.isClosed;
    return this.#isPalmUp;
  }

  #use(hand: Hand, nowMs: number): { hit: Vec3 | null } | null {
    const pose = this.#pose!;
    const touch = hand.tipInRoom && this.#onBoard(transformPoint(invertPose(pose), hand.tipInRoom));
    if (touch && touch.z < TOUCH_NEAR_M && touch.z > -TOUCH_NEAR_M) {
      this.#hover(touch.target, hand);
      const isThrough = touch.z < PRESS_DEPTH_M;
      if (isThrough && !this.#isTouching && touch.target) this.#press(touch.target, hand, nowMs, true);
      if (isThrough) this.#isTouching = true;
      else if (touch.z > LEAVE_M) this.#isTouching = false;
      return { hit: null };
    }
    this.#isTouching = false;
    const ray = hand.ray && rayInFrame(hand.ray, pose);
    if (!ray || ray.direction[2] > -1e-3 || ray.origin[2] < 0) return null;
    const t = -ray.origin[2] / ray.direction[2];
    const spot = this.#onBoard(add(ray.origin, scale(ray.direction, t)));
    if (!spot) return null;
    this.#hover(spot.target, hand);
    if (hand.hasPressed && spot.target) this.#press(spot.target, hand, nowMs, false);
    return { hit: add(hand.ray!.origin, scale(hand.ray!.direction, t)) };
  }

  #onBoard([x, y, z]: Vec3): { target: Target | null; z: number } | null {
    const xDmm = x / METRES_PER_DMM + BOARD.width / 2;
    const yDmm = BOARD.height / 2 - y / METRES_PER_DMM;
    if (xDmm < 0 || yDmm < 0 || xDmm > BOARD.width || yDmm > BOARD.height) return null;
    return { target: targetAt(this.page, xDmm, yDmm), z };
  }

  #hover(target: Target | null, hand: Hand | null): void {
    const usable = target && this.#isEnabled(target.act) ? target : null;
    if (usable === this.#hovered) return;
    this.#hovered = usable;
    this.#isStale = true;
    if (!usable) return;
    hand?.pulse(0.15, 12);
    this.#sounds.tick('hover');
  }

  #press(target: Target, hand: Hand, nowMs: number, isTouch: boolean): void {
    hand.pulse(0.5, 25);
    this.#sounds.tick('press');
    this.#pressed = target;
    this.#pressedMs = nowMs;
    this.#isStale = true;
    if (!this.#isEnabled(target.act)) return;
    this.#held = { act: target.act, isTouch };
    this.#onAct(target.act);
  }

  /** Null: whatever is pressed is over. */
  #letGo(hand: Hand | null): void {
    const held = this.#held;
    if (!held || (hand && (held.isTouch ? this.#isTouching : hand.isClosed))) return;
    this.#held = null;
    this.#onLetGo(held.act);
  }

  #isEnabled(act: PaletteAct): boolean {
    const { session } = this.#ground;
    if (act.kind === 'undo') return session.undoable.get() !== null;
    if (act.kind === 'redo') return session.redoable.get() !== null;
    if (act.kind === 'voice') return this.#ground.voice !== null && !this.#ground.voice.status.get().isListener;
    if (act.kind === 'visit') return session.participants.get().length > 1;
    if (act.kind === 'record') return this.#ground.recording.get() !== null;
    if (act.kind === 'speakNote' && !this.#ground.recording.get()?.canSpeak) return false;
    if (act.kind === 'undoStep' || act.kind === 'endRecording' || act.kind === 'speakNote')
      return (this.#ground.recording.get()?.state.get().steps.length ?? 0) > 0;
    return true;
  }

  #isOn(act: PaletteAct): boolean {
    const { snap, voice, past, recording } = this.#ground;
    const state = recording.get()?.state.get();
    switch (act.kind) {
      case 'play':
        return (past?.state.get().speed ?? null) !== null;
      case 'voice':
        return voice?.status.get().state === 'talking';
      case 'record':
        return state?.phase === 'recording';
      case 'speakNote':
        return state?.note === 'speaking';
      default:
        return act.kind === 'snap' && snap.get().isOn;
    }
  }

  #state(): BoardState {
    const { session, selection, past } = this.#ground;
    const moment = past?.state.get();
    const recording = this.#ground.recording.get()?.state.get();
    const needsPart = new Set<PaletteAct['kind']>(['duplicate', 'delete', 'hide', 'paint']);
    return {
      page: this.page,
      hovered: this.#hovered,
      pressed: this.#pressed,
      moment: moment && moment.seq !== null ? { step: moment.seq, total: moment.total - 1 } : null,
      recorded: recording ?? { steps: [], spoken: 0 },
      people: session.participants
        .get()
        .filter(({ session: id, isConnected }) => id !== session.me.session && isConnected)
        .map(({ name, color }) => ({ name, color: PARTICIPANT_COLORS[color % 12]! })),
      isOn: (act) => this.#isOn(act),
      isEnabled: (act) =>
        this.#isEnabled(act) && (selection.get().size > 0 || act.kind === 'paint' || !needsPart.has(act.kind)),
    };
  }
}
