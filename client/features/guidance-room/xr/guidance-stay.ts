/// <reference types="webxr" />
import type { Body } from '#protocol/presence/index';
import { composePose, IDENTITY_POSE, invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { PARTICIPANT_COLORS } from '../../../palette.ts';
import { distance } from '../../../scene/vec.ts';
import { MarkerEye } from '../../../align/index.ts';
import { CameraPictures } from '../../../xr/camera-picture.ts';
import { HandLook } from '../../../xr/hands/hand-look.ts';
import { SIDES, type Hand, type Side } from '../../../xr/hands/hand.ts';
import { Hands } from '../../../xr/hands/hands.ts';
import { HeadsetSession, type XrMoment } from '../../../xr/headset-session.ts';
import { Plate } from '../../../xr/plates/plate.ts';
import { RealDepth } from '../../../xr/real-depth.ts';
import { yawOf } from '../../../xr/rig.ts';
import { Sounds } from '../../../xr/sounds.ts';
import { WayMark } from '../../../xr/way-mark.ts';
import { Dwell } from '../hands-free/dwell.ts';
import { NodDetector } from '../hands-free/nod.ts';
import type { JobPage } from '../job-context.tsx';
import { standingThings } from '../model/standing.ts';
import { touchPoints } from '../model/touch-points.ts';
import type { JobOverlay } from '../scene/job-overlay.ts';
import { LookRing } from './look-ring.ts';
import { Placing } from './placing.ts';
import { PLATE_WIDTH_DMM, plateSpot, type HalfView } from './plate-spot.ts';
import { StationAnchor } from './station-anchor.ts';
import { StepPlate } from './step-plate.ts';

const PLATE_LOOK = { distanceM: 0.85, widthDmm: PLATE_WIDTH_DMM, mostDmm: 820 };
const PLATE_LEFT_M = 0.5;
const PLATE_LEFT_RAD = 1.2;
/** A pinch that is held this long away from any button goes on, ms. */
const PINCH_HELD_MS = 650;
const BODY_EVERY_MS = 50;

const WISHES = ['hit-test', 'anchors', CameraPictures.feature, RealDepth.feature];
/** A look at the markers waits for the graphics card: often while nothing is known, seldom to watch for drift, ms. */
const LOOK_EVERY_MS = { unknown: 250, known: 1500 };

/**
 * An engineer in the glasses: the real product with the overlay on it. The scene's room is the product's own frame, so
 * aligning moves the device's space and nothing else. On telephones the page's panels stand over the picture; in glasses a
 * plate does, worked by looks, nods, fingers and pinches.
 */
export class GuidanceStay {
  readonly plate: Plate;
  readonly hands: Hands;
  readonly placing: Placing;
  readonly wayMark: WayMark;
  readonly overlay: JobOverlay;
  readonly #headset: HeadsetSession;
  readonly #sounds = new Sounds();
  readonly #steps = new StepPlate();
  readonly #nods = new NodDetector();
  readonly #dwell = new Dwell();
  readonly #ring: LookRing;
  readonly #anchor: StationAnchor;
  readonly #looks: Record<Side, HandLook>;
  readonly #pinches = new Map<Side, { sinceMs: number; isDone: boolean }>();
  readonly #themeBefore: 'light' | 'dark';
  readonly #pictures: CameraPictures | null;
  readonly #eye: MarkerEye | null;
  readonly #depth: RealDepth | null;
  /** Button of the plate. */
  lastPressed: string | null = null;
  #isLookingAtPlate = false;
  #lookedMs = -Infinity;
  #page: JobPage;
  #plateInDevice: ReturnType<typeof plateSpot> | null = null;
  #head: Pose = IDENTITY_POSE;
  #lastMs = performance.now();
  #bodyMs = 0;
  #isOver = false;

  /** Asks the device for a session; rejects with a WorkhallError when it says no. `root`: panels for a telephone. */
  static async begin(
    overlay: JobOverlay,
    page: JobPage,
    options: { readonly root: HTMLElement; readonly onEnd: () => void },
  ): Promise<GuidanceStay> {
    let stay: GuidanceStay | null = null;
    const ended = () => {
      stay?.dispose();
      options.onEnd();
    };
    const headset = await HeadsetSession.open(overlay.stage, 'immersive-ar', ended, {
      features: WISHES,
      overlayRoot: options.root,
    });
    stay = new GuidanceStay(overlay, page, headset);
    return stay;
  }

  private constructor(overlay: JobOverlay, page: JobPage, headset: HeadsetSession) {
    const { stage } = overlay;
    const { scene } = stage;
    this.overlay = overlay;
    this.#page = page;
    this.#headset = headset;
    page.aligner.setDisplay('space');
    // On a see-through display black is clear: light lines on it, no bright boards.
    this.#themeBefore = stage.theme;
    if (headset.xr.environmentBlendMode === 'additive') stage.setTheme('dark');
    const { job, procedure, state, say, session } = page;
    this.hands = new Hands(headset.xr);
    this.#pictures = CameraPictures.of(headset.xr, stage.engine._gl);
    this.#eye = this.#pictures && new MarkerEye();
    this.#depth = RealDepth.of(headset.xr, scene, stage.engine._gl);
    void headset.spare();
    this.plate = new Plate(stage, this.#sounds, { name: 'step', ...PLATE_LOOK }, (id) => {
      this.lastPressed = id;
      this.#steps.press(id);
    });
    if (this.#depth) this.plate.standOver();
    this.placing = new Placing(
      headset.xr,
      scene,
      page.aligner,
      touchPoints(procedure, standingThings(procedure, state), say),
    );
    this.wayMark = new WayMark(scene);
    this.#ring = new LookRing(scene);
    this.#anchor = new StationAnchor(headset.xr, page.aligner, job.station, job.plan.productType);
    const me = session.participants.get().find((one) => one.session === session.me.session);
    const color = PARTICIPANT_COLORS[(me?.color ?? 0) % 12]!;
    this.#looks = { left: new HandLook(scene, color), right: new HandLook(scene, color) };
    headset.onFrame((moment) => {
      try {
        this.#frame(moment);
      } catch (error) {
        // An error here would end the picture for good; the page still hears of it.
        reportError(error);
      }
    });
  }

  /** The page's own panels are over the picture. */
  get hasPageOver(): boolean {
    return this.#headset.hasPageOver;
  }

  get headInRoom(): Pose {
    return this.#head;
  }

  /** Real things hide what lies behind them. */
  get isSensingDepth(): boolean {
    return this.#depth?.isSensing ?? false;
  }

  get rigInRoom(): Pose {
    return this.#headset.rig;
  }

  update(page: JobPage): void {
    this.#page = page;
  }

  async end(): Promise<void> {
    await this.#headset.end();
  }

  #frame(moment: XrMoment): void {
    const nowMs = performance.now();
    const elapsedMs = Math.min(100, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const { aligner, handsFree } = this.#page;
    this.#anchor.tick(moment.frame, this.#headset.deviceSpace);
    // Before anybody has aligned, the room is the device's own space: plates stand in it.
    const productInDevice = aligner.view.get().fit?.productInDevice ?? IDENTITY_POSE;
    this.#headset.rig = invertPose(productInDevice);
    const head = this.#headset.headIn(moment);
    if (!head || this.#isOver) return;
    this.#head = head;
    const headInDevice = composePose(productInDevice, head);
    this.hands.read(moment.frame, moment.space);
    this.#depth?.tick(moment.frame, moment.space);
    this.placing.tick(moment.frame, this.#headset.deviceSpace, headInDevice, {
      ...{ productInDevice, nowMs },
      isAside: this.#isLookingAtPlate,
    });
    const halfView = halfViewOf(moment);
    const atPlate = this.hasPageOver
      ? new Map<Hand, Vec3 | null>()
      : this.#showPlate(headInDevice, halfView, productInDevice, nowMs);
    if (!this.hasPageOver) {
      this.#look(head, elapsedMs, nowMs);
      if (this.#nods.see(headInDevice.rotation, nowMs)) handsFree.wish('next', 'nod');
    }
    for (const side of SIDES) {
      const hand = this.hands.of(side);
      this.#looks[side].show(hand, moment.frame, moment.space);
      this.#touchOrPinch(hand, atPlate.has(hand), productInDevice, nowMs);
    }
    this.#lookForMarkers(moment.frame, nowMs);
    const [cue] = this.overlay.cues.get();
    this.wayMark.show(
      head,
      aligner.view.get().fit && cue ? cue.atInProduct : null,
      Math.min(halfView.wideRad, halfView.highRad),
    );
    this.#tellBody(head, nowMs);
  }

  /** By the device's own camera, where it gives its pictures: surer with each place that one looks from. */
  #lookForMarkers(frame: XRFrame, nowMs: number): void {
    const { aligner } = this.#page;
    const everyMs = aligner.view.get().by === 'markers' ? LOOK_EVERY_MS.known : LOOK_EVERY_MS.unknown;
    if (!this.#pictures || !this.#eye || this.#eye.isLooking || nowMs - this.#lookedMs < everyMs) return;
    this.#lookedMs = nowMs;
    const picture = this.#pictures.take(frame, this.#headset.deviceSpace);
    if (!picture) return;
    const { camera, cameraInDevice, ...shot } = picture;
    void this.#eye.look(shot, { camera }).then(
      (seen) => {
        if (!seen || this.#isOver) return;
        aligner.look(
          seen.tags.map((tag) => ({ ...tag, cameraInDevice })),
          camera,
          nowMs,
        );
      },
      (thrown: unknown) => console.warn('A picture could not be looked at.', thrown),
    );
  }

  /** It stays while one works there; who goes away or turns gets it where they are. Kept in the device's space: aligning moves the room. */
  #showPlate(headInDevice: Pose, half: HalfView, productInDevice: Pose, nowMs: number): Map<Hand, Vec3 | null> {
    const stands = this.#plateInDevice;
    const at = stands?.pose.position;
    const yaw = yawOf(headInDevice.rotation);
    const isLeft = stands && distance(stands.pose.position, headInDevice.position) > stands.awayM + PLATE_LEFT_M;
    const off = at ? Math.atan2(headInDevice.position[0] - at[0], headInDevice.position[2] - at[2]) - yaw : 0;
    const isBehind = Math.abs(Math.atan2(Math.sin(off), Math.cos(off))) > PLATE_LEFT_RAD;
    const spot = !stands || isLeft || isBehind ? plateSpot(headInDevice, half) : stands;
    this.#plateInDevice = spot;
    this.plate.stand(composePose(invertPose(productInDevice), spot.pose));
    this.plate.show(this.#steps.blocks(this.#page, this.placing, () => setTimeout(() => void this.end())));
    return this.plate.tick(this.hands.both, nowMs);
  }

  /** The middle of the view on a button, for a while, presses it. */
  #look(head: Pose, elapsedMs: number, nowMs: number): void {
    const ray = { origin: head.position, direction: rotateVec3(head.rotation, [0, 0, -1]) };
    const under = this.plate.under(ray);
    this.#isLookingAtPlate = under !== null;
    const spot = this.#page.handsFree.isOn.get().dwell ? under : null;
    const pressed = this.#dwell.look(spot?.id ?? null, elapsedMs);
    if (pressed !== null) this.plate.press(pressed, nowMs);
    if (spot?.id) this.#ring.show(spot.at, head.position, this.#dwell.share);
    else this.#ring.hide();
  }

  #touchOrPinch(hand: Hand, isAtPlate: boolean, productInDevice: Pose, nowMs: number): void {
    if (isAtPlate) return void this.#pinches.delete(hand.side);
    if (this.placing.isTouching) {
      const tip = hand.hasPressed ? hand.tipInRoom : null;
      if (tip) {
        const { position } = composePose(productInDevice, { position: tip, rotation: IDENTITY_POSE.rotation });
        this.placing.touch(position, hand.isBare);
      }
      return;
    }
    if (!hand.isBare || !hand.isSelecting) return void this.#pinches.delete(hand.side);
    const pinch = this.#pinches.get(hand.side) ?? { sinceMs: nowMs, isDone: false };
    this.#pinches.set(hand.side, pinch);
    if (pinch.isDone || nowMs - pinch.sinceMs < PINCH_HELD_MS) return;
    pinch.isDone = true;
    this.#page.handsFree.wish('next', 'pinch');
  }

  #tellBody(headInRoom: Pose, nowMs: number): void {
    if (nowMs - this.#bodyMs < BODY_EVERY_MS || !this.#page.aligner.view.get().fit) return;
    this.#bodyMs = nowMs;
    const { left, right } = this.hands;
    const body: Body = {
      headInRoom,
      isHeadset: true,
      isLeftClosed: left.isClosed,
      isRightClosed: right.isClosed,
      ...(left.gripInRoom ? { leftInRoom: left.gripInRoom } : {}),
      ...(right.gripInRoom ? { rightInRoom: right.gripInRoom } : {}),
    };
    this.#page.session.sendBody(body);
  }

  private dispose(): void {
    this.#isOver = true;
    this.plate.dispose();
    this.placing.dispose();
    this.wayMark.dispose();
    this.#ring.dispose();
    this.#anchor.dispose();
    this.#pictures?.dispose();
    this.#depth?.dispose();
    this.#eye?.dispose();
    this.#sounds.dispose();
    for (const side of SIDES) this.#looks[side].dispose();
    this.#page.aligner.setDisplay('picture');
    this.overlay.stage.setTheme(this.#themeBefore);
  }
}

/** Glasses may show as little as a playing card at arm's length. */
function halfViewOf({ frame, space }: XrMoment): HalfView {
  const projection = frame.getViewerPose(space)?.views[0]?.projectionMatrix;
  const halfRad = (scale: number | undefined) => (scale ? Math.atan(1 / scale) : Math.PI / 2);
  return { wideRad: halfRad(projection?.[0]), highRad: halfRad(projection?.[5]) };
}
