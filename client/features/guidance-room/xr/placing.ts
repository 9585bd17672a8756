/// <reference types="webxr" />
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Touch } from '#protocol/alignment/index';
import { composePose, IDENTITY_POSE, invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../../../palette.ts';
import { add, scale } from '../../../scene/vec.ts';
import { poseOf } from '../../../xr/hands/hand.ts';
import { bareMesh, PlainMaterial } from '../../../xr/plain-material.ts';
import { yawOf } from '../../../xr/rig.ts';
import type { Aligner } from '../model/aligner.ts';
import { facingViewer, type TouchPoint } from '../model/touch-points.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { RestingSpot } from './resting-spot.ts';

const AWAY_M = 0.7;
const BELOW_EYES_M = 0.35;
/** One standard deviation of a touch: the tip of a controller, a bare finger, a surface that the device finds in the middle of the view. */
const TIP_M = 0.0015;
const FINGER_M = 0.006;
const LOOK_M = 0.012;

/** Aligning in the glasses without markers: on a surface by a hit test, by touched points, or before the eyes. */
export class Placing {
  readonly points: readonly TouchPoint[];
  readonly #aligner: Aligner;
  readonly #session: XRSession;
  readonly #mark: Mesh;
  #source: XRHitTestSource | null = null;
  readonly #resting = new RestingSpot();
  #isNudging = false;
  #headInDevice: Pose | null = null;
  #touches: Touch[] | null = null;
  #isOver = false;

  constructor(session: XRSession, scene: Scene, aligner: Aligner, points: readonly TouchPoint[]) {
    this.#session = session;
    this.#aligner = aligner;
    this.points = points;
    this.#mark = surfaceMark(scene);
    void this.#askForHits();
  }

  /** Where the view rested last on a surface, in the device's space. */
  get spot(): Pose | null {
    return this.#resting.spot;
  }

  get hasSurface(): boolean {
    return this.spot !== null;
  }

  /** The view has been held still on a surface, and is. */
  get isOnSurface(): boolean {
    return this.#resting.isResting;
  }

  get isTouching(): boolean {
    return this.#touches !== null;
  }

  /** Points that were touched so far; null: nobody touches. */
  get touched(): number | null {
    return this.#touches?.length ?? null;
  }

  get isNudging(): boolean {
    return this.#isNudging;
  }

  get words(): string {
    const n = this.#touches?.length ?? 0;
    return guidanceRoomStrings.text('arTouchNext', {
      name: this.points[n]?.name ?? '',
      n: n + 1,
      all: this.points.length,
    });
  }

  /** Once per frame. `productInDevice`: what the scene's room is now; `isAside`: the look is on a button. */
  tick(
    frame: XRFrame,
    deviceSpace: XRReferenceSpace,
    headInDevice: Pose,
    { productInDevice, isAside, nowMs }: { productInDevice: Pose; isAside: boolean; nowMs: number },
  ): void {
    this.#headInDevice = headInDevice;
    const [hit] = this.#source ? frame.getHitTestResults(this.#source) : [];
    const under = hit && !isAside ? poseOf(hit.getPose(deviceSpace)) : null;
    this.#resting.see(under, nowMs);
    // Who chooses points sees where the middle of the view is; who chooses a place, the one that was chosen.
    const marked = (this.#touches && under) ?? this.#resting.spot;
    const isShown = marked !== null && this.#aligner.view.get().fit === null;
    this.#mark.setEnabled(isShown);
    if (!isShown) return;
    const inRoom = composePose(invertPose(productInDevice), marked);
    this.#mark.position.set(...inRoom.position);
    this.#mark.rotationQuaternion!.set(...inRoom.rotation);
  }

  begin(): void {
    this.#touches = null;
    this.#isNudging = false;
    this.#aligner.again();
    if (this.#aligner.view.get().by !== 'markers')
      this.#aligner.view.update((now) => ({ ...now, fit: null, by: null, isFresh: false }));
  }

  putOnSurface(): void {
    const [spot, head] = [this.#resting.spot, this.#headInDevice];
    if (!spot || !head) return;
    this.#touches = null;
    this.#aligner.place(facingViewer(spot.position, head), 'hitTest');
  }

  putBefore(): void {
    const head = this.#headInDevice;
    if (!head) return;
    this.#touches = null;
    const ahead = rotateVec3(head.rotation, [0, 0, -1]);
    const level = Math.hypot(ahead[0], ahead[2]) || 1;
    const at = add(head.position, scale([ahead[0] / level, 0, ahead[2] / level], AWAY_M));
    this.#aligner.place(facingViewer([at[0], at[1] - BELOW_EYES_M, at[2]], head), 'manual');
  }

  setNudging(isOn: boolean): void {
    this.#isNudging = isOn;
  }

  /** Set right by hand, as one sees it: to the right, up, nearer, and turned about the vertical. Metres, radians. */
  nudge([right, up, nearer]: Vec3, turnRad: number): void {
    const yaw = yawOf((this.#headInDevice ?? IDENTITY_POSE).rotation);
    const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
    this.#aligner.nudge([c * right + s * nearer, up, c * nearer - s * right], [0, turnRad, 0]);
  }

  beginTouch(): void {
    this.#touches = [];
  }

  endTouch(): void {
    this.#touches = null;
  }

  /** A hand closed there: the next point. The last one aligns; what does not fit is named, and begins anew. */
  touch(atInDevice: Vec3, isBare: boolean): void {
    this.#touch(atInDevice, isBare ? FINGER_M : TIP_M);
  }

  /** Without hands in the view: what one looked at is the next point. */
  touchLooked(): void {
    const { spot } = this.#resting;
    if (spot) this.#touch(spot.position, LOOK_M);
  }

  #touch(atInDevice: Vec3, sigmaM: number): void {
    const point = this.#touches && this.points[this.#touches.length];
    if (!this.#touches || !point) return;
    this.#touches = [...this.#touches, { name: point.name, inProduct: point.inProduct, inDevice: atInDevice }];
    if (this.#touches.length < this.points.length) return;
    const refused = this.#aligner.touch(this.#touches, { sigmaM });
    this.#touches = refused ? [] : null;
  }

  dispose(): void {
    this.#isOver = true;
    this.#source?.cancel();
    this.#mark.dispose(false, true);
  }

  async #askForHits(): Promise<void> {
    try {
      const viewer = await this.#session.requestReferenceSpace('viewer');
      const source = await this.#session.requestHitTestSource?.({ space: viewer });
      if (this.#isOver) source?.cancel();
      else this.#source = source ?? null;
    } catch (cause) {
      // Not granted: there is still the place before one's eyes, and touch.
      console.info('The device tells nothing of surfaces.', cause);
    }
  }
}

function surfaceMark(scene: Scene): Mesh {
  const [outer, inner, parts] = [0.07, 0.058, 40];
  const positions: number[] = [];
  const indices: number[] = [];
  for (let at = 0; at <= parts; at++) {
    const angle = (2 * Math.PI * at) / parts;
    for (const radius of [outer, inner]) positions.push(Math.cos(angle) * radius, 0.001, Math.sin(angle) * radius);
    if (at < parts) indices.push(2 * at, 2 * at + 1, 2 * at + 2, 2 * at + 1, 2 * at + 3, 2 * at + 2);
  }
  const mesh = bareMesh(scene, 'surface', { positions, indices });
  mesh.material = new PlainMaterial(scene, 'surface', ACCENT, 0.95).material;
  mesh.rotationQuaternion = Quaternion.Identity();
  mesh.setEnabled(false);
  return mesh;
}
