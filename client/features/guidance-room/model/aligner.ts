import { Store } from '#net/store';
import {
  alignByMarkers,
  alignByTouch,
  boundAcrossViewM,
  boundInSpaceM,
  judgeCue,
  nudged,
  placedByHit,
  STEADY,
  watchDrift,
  type Camera,
  type CueVerdict,
  type DriftWatch,
  type KeptAlignment,
  type MarkerAlignment,
  type MarkerMap,
  type Overlay,
  type Seen,
  type Sighting,
  type Touch,
  type TouchOptions,
  type Uncertain,
} from '#protocol/alignment/index';
import { problem, type Problem } from '#protocol/errors';
import { composePose, IDENTITY_POSE, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';

export type AlignedBy = 'markers' | 'touch' | 'hitTest' | 'manual';

export interface AlignView {
  /** Null: nobody knows where the product is. */
  readonly fit: Seen | Uncertain | null;
  readonly by: AlignedBy | null;
  /** 95 of 100 points of the work lie nearer than this to where they are shown, metres. */
  readonly expectedM: number | null;
  readonly markers: readonly string[];
  readonly rejected: MarkerAlignment['rejected'];
  /** Why the newest look gave nothing, once that has lasted for a moment; null: all is well. */
  readonly said: Problem | null;
  /** What is drawn now is where the product is now. On a picture that holds for the newest look only. */
  readonly isFresh: boolean;
  /** The product seems to have moved against the overlay by so much: align again? */
  readonly driftM: number | null;
}

export interface AlignerOptions {
  /** Markers of this station on products of this type; null: there are none. */
  readonly map: MarkerMap | null;
  /**
   * `picture`: drawn over the camera's own picture, aligned anew with each look. `space`: glasses, where an alignment holds
   * until something moves.
   */
  readonly display: 'picture' | 'space';
  /** Places of the work, in the product's frame: the error is stated for them. */
  readonly points: readonly Vec3[];
}

const NOTHING: AlignView = {
  fit: null,
  by: null,
  expectedM: null,
  markers: [],
  rejected: [],
  said: null,
  isFresh: false,
  driftM: null,
};
/** One look that fails is a blink. */
const SAID_AFTER_MS = 700;
/** A picture's alignment is old after this: the hand moves on. Where looks take longer than usual, after two of them. */
const FRESH_MS = 900;
const FRESH_AT_MOST_MS = 2_000;
/**
 * A camera that stood still over two looks stands still until a look says otherwise: a slow machine shows its overlay
 * between them, however uneven they come.
 */
const FRESH_AT_REST_MS = 8_000;
/** It stood still when the work appears to have moved by less than this, or than twice what the overlay may be off. */
const AT_REST_M = 0.002;
/** Looks from places this far apart are solved together in space, so many of them at most. */
const APART_M = 0.06;
const MOST_VIEWS = 6;
/** A new alignment is taken by itself when it is surer by this much. */
const SURER = 0.75;
/** Put down by hand on a picture: a hand's breadth and some ten degrees. */
const BY_HAND = { positionM: 0.04, angleRad: 0.1 } as const;

const NO_MARKERS = problem('alignment', 'no_map', 'No markers are known for this product at this station.', {
  next: 'Place the overlay by hand, or have somebody enter where the sheets stand.',
});

/**
 * Where the product is, kept up to date: looks at markers come in, what the overlay may show comes out. Knows no camera and
 * no screen.
 */
export class Aligner {
  readonly view = new Store<AlignView>(NOTHING);
  points: readonly Vec3[];
  readonly #map: MarkerMap | null;
  #display: AlignerOptions['display'];
  /** Set right by hand, in the product's own frame. */
  #nudge: Pose = IDENTITY_POSE;
  #isNudged = false;
  #views: { atInDevice: Vec3; sightings: readonly Sighting[] }[] = [];
  #drift: DriftWatch = STEADY;
  #wantsAgain = false;
  #lastGoodMs = -Infinity;
  #freshMs = FRESH_MS;
  #isAtRest = false;
  #lastSeen: Pose | null = null;
  #failingSinceMs: number | null = null;

  constructor(options: AlignerOptions) {
    this.#map = options.map;
    this.#display = options.display;
    this.points = options.points;
    if (!options.map) this.view.set({ ...NOTHING, said: NO_MARKERS });
  }

  get display(): AlignerOptions['display'] {
    return this.#display;
  }

  /** From the picture into the glasses and back: another space, in which nothing is known yet. */
  setDisplay(display: AlignerOptions['display']): void {
    if (display === this.#display) return;
    this.#display = display;
    this.#lastSeen = null;
    this.#views = [];
    this.#drift = STEADY;
    this.#failingSinceMs = null;
    this.#forgetHands();
    this.view.set({ ...NOTHING, said: this.#map ? null : NO_MARKERS });
  }

  /** What the station kept, where the device has found its anchor again. */
  adopt({ productInDevice, poseCovariance, source, markers }: KeptAlignment): void {
    this.#take({ productInDevice, poseCovariance }, source, null);
    this.view.update((now) => ({ ...now, markers }));
  }

  /** The device has understood its own space better: the product goes along with its anchor. */
  follow(productInDevice: Pose): void {
    const now = this.view.get();
    if (now.fit) this.view.set({ ...now, fit: { ...now.fit, productInDevice } });
  }

  /** The markers that the newest picture shows. `sightings` carry where the camera was when the device knows it. */
  look(sightings: readonly Sighting[], camera: Camera, atMs: number): void {
    const [map, display] = [this.#map, this.#display];
    if (!map) return;
    const result = alignByMarkers(map, sightings, camera);
    if ('refused' in result) return this.#failed(result.refused, atMs);
    this.#failingSinceMs = null;
    const sinceMs = atMs - this.#lastGoodMs;
    const fresh = result.alignment;
    this.#isAtRest = sinceMs < FRESH_AT_REST_MS && this.#stoodStill(fresh);
    this.#freshMs = Math.max(FRESH_MS, sinceMs < FRESH_AT_MOST_MS ? Math.min(2 * sinceMs, FRESH_AT_MOST_MS) : 0);
    this.#lastGoodMs = atMs;
    this.#lastSeen = fresh.productInDevice;
    if (display === 'picture') return this.#take(fresh, 'markers', fresh);
    const now = this.view.get();
    const joint = this.#together(sightings, camera) ?? fresh;
    const isSurer = this.#boundOf(joint) < SURER * (now.expectedM ?? Infinity);
    if (!now.fit || now.by !== 'markers' || this.#wantsAgain || isSurer) {
      this.#drift = STEADY;
      this.#wantsAgain = false;
      return this.#take(joint, 'markers', fresh);
    }
    this.#drift = watchDrift(this.#drift, now.fit, fresh, this.#middle());
    this.view.set({ ...now, said: null, rejected: fresh.rejected, driftM: this.#drift.proposal?.offM ?? null });
  }

  /** Time alone makes a picture's alignment old, and a blink a reason. */
  tick(atMs: number): void {
    const now = this.view.get();
    const freshMs = this.#isAtRest && this.#failingSinceMs === null ? FRESH_AT_REST_MS : this.#freshMs;
    const isFresh =
      now.fit !== null && (this.display === 'space' || now.by !== 'markers' || atMs - this.#lastGoodMs < freshMs);
    if (isFresh !== now.isFresh) this.view.set({ ...now, isFresh });
  }

  touch(touches: readonly Touch[], options: Partial<TouchOptions> = {}): Problem | null {
    const result = alignByTouch(touches, options);
    if ('refused' in result) {
      this.view.set({ ...this.view.get(), said: result.refused });
      return result.refused;
    }
    this.#forgetHands();
    this.#take(result.alignment, 'touch', null);
    return null;
  }

  /** Put down on a surface, or by eye: good for orientation, and fine cues stay refused. */
  place(productInDevice: Pose, by: 'hitTest' | 'manual', camera: Camera | null = null): void {
    this.#forgetHands();
    const placed = placedByHit(productInDevice);
    const doubt = placed.poseCovariance.map((value, i) =>
      by === 'manual' && i % 7 === 0 ? Math.max(value, (i < 18 ? BY_HAND.angleRad : BY_HAND.positionM) ** 2) : value,
    );
    this.#take(camera ? onPicture(productInDevice, doubt, camera) : { ...placed, poseCovariance: doubt }, by, null);
  }

  /** Moved and turned by hand, in the device's own frame about the product's origin. */
  nudge(shiftM: Vec3, turnRad: Vec3): void {
    const now = this.view.get();
    if (!now.fit || !now.by) return;
    const before = now.fit.productInDevice;
    const after = nudged(now.fit, shiftM, turnRad);
    const inverse = invertPose(before);
    this.#nudge = composePose(this.#nudge, composePose(inverse, after.productInDevice));
    this.#isNudged = true;
    this.view.set({ ...now, fit: after, expectedM: this.#boundOf(after) });
  }

  /** The next look counts, whatever was before. */
  again(): void {
    this.#wantsAgain = true;
    this.#views = [];
    this.#forgetHands();
    this.view.set({ ...this.view.get(), driftM: null });
  }

  /** What the overlay may show at a place; null: it is not aligned. */
  judge(atInProduct: Vec3, toleranceM: number): CueVerdict | null {
    const { fit } = this.view.get();
    return fit && judgeCue(overlayOf(fit, this.display), { atInProduct, toleranceM });
  }

  get isNudged(): boolean {
    return this.#isNudged;
  }

  #take(fit: Seen | Uncertain, by: AlignedBy, seen: MarkerAlignment | null): void {
    const kept = this.#isNudged && by === 'markers' ? this.#corrected(fit) : fit;
    this.view.set({
      fit: kept,
      by,
      expectedM: this.#boundOf(kept),
      markers: seen?.used ?? [],
      rejected: seen?.rejected ?? [],
      said: null,
      isFresh: true,
      driftM: null,
    });
  }

  /** A correction by hand goes along with what is aligned anew; the eye's doubt with it. */
  #corrected<A extends Uncertain>(fit: A): A {
    const productInDevice = composePose(fit.productInDevice, this.#nudge);
    return { ...nudged(fit, [0, 0, 0], [0, 0, 0]), productInDevice };
  }

  #failed(said: Problem, atMs: number): void {
    this.#failingSinceMs ??= atMs;
    if (atMs - this.#failingSinceMs < SAID_AFTER_MS) return;
    const now = this.view.get();
    // In space the overlay holds without markers in view; only what contradicts it is worth a word.
    const isWorthIt = this.display === 'picture' || now.fit === null || said.key !== 'no_marker';
    if (isWorthIt && now.said?.message !== said.message) this.view.set({ ...now, said });
    this.tick(atMs);
  }

  /** Looks from several places at once are far surer than the last alone. Null: there is only one. */
  #together(sightings: readonly Sighting[], camera: Camera): MarkerAlignment | null {
    const at = sightings[0]?.cameraInDevice?.position;
    if (!at || !this.#map) return null;
    const isNew = this.#views.every(
      ({ atInDevice: [x, y, z] }) => Math.hypot(x - at[0], y - at[1], z - at[2]) > APART_M,
    );
    if (isNew) this.#views = [...this.#views, { atInDevice: at, sightings }].slice(-MOST_VIEWS);
    if (this.#views.length < 2) return null;
    const result = alignByMarkers(
      this.#map,
      this.#views.flatMap((one) => one.sightings),
      camera,
    );
    return 'alignment' in result ? result.alignment : null;
  }

  #boundOf(fit: Seen | Uncertain): number {
    const bounds = (this.points.length > 0 ? this.points : [[0, 0, 0] as Vec3]).map((point) =>
      this.display === 'picture' && 'jointCovariance' in fit ? boundAcrossViewM(fit, point) : boundInSpaceM(fit, point),
    );
    const finite = bounds.filter(Number.isFinite).sort((a, b) => a - b);
    return finite[Math.min(finite.length - 1, Math.floor(0.95 * finite.length))] ?? Infinity;
  }

  #stoodStill(fresh: MarkerAlignment): boolean {
    if (!this.#lastSeen) return false;
    const [p, q] = [this.#lastSeen, fresh.productInDevice].map(
      (pose) => composePose(pose, { position: this.#middle(), rotation: IDENTITY_POSE.rotation }).position,
    );
    const movedM = Math.hypot(...p!.map((metres, axis) => metres - q![axis]!));
    return movedM < Math.max(AT_REST_M, 2 * this.#boundOf(fresh));
  }

  #middle(): Vec3 {
    if (this.points.length === 0) return [0, 0, 0];
    const sum = this.points.reduce<Vec3>((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], [0, 0, 0]);
    return [sum[0] / this.points.length, sum[1] / this.points.length, sum[2] / this.points.length];
  }

  #forgetHands(): void {
    this.#nudge = IDENTITY_POSE;
    this.#isNudged = false;
  }
}

const overlayOf = (fit: Seen | Uncertain, display: AlignerOptions['display']): Overlay =>
  display === 'picture' && 'jointCovariance' in fit
    ? { kind: 'picture', alignment: fit }
    : { kind: 'space', alignment: fit };

/** A pose without a camera's part in its doubt, as a picture's alignment is written. */
function onPicture(productInDevice: Pose, poseCovariance: readonly number[], camera: Camera): Seen {
  const jointCovariance = Array.from({ length: 100 }, (_, i) => {
    const [row, column] = [Math.floor(i / 10), i % 10];
    return row < 6 && column < 6 ? poseCovariance[6 * row + column]! : 0;
  });
  return { productInDevice, poseCovariance, jointCovariance, camera, cameraInDevice: IDENTITY_POSE };
}
