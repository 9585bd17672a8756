import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { HAND_JOINTS, JOINT_COUNT, PARENT_OF, type HandShape } from '#protocol/presence/index';
import type { Vec3 } from '#protocol/spatial/index';

/** Fingers follow what is heard of them with this time constant, ms: smooth at ten shapes a second. */
const FOLLOW_MS = 60;
/** Nearer to where they should be than this they rest, metres. */
const RESTS_M = 0.0004;

/** Thickness of a hand at each joint, metres (radius). */
const RADIUS_M: readonly number[] = HAND_JOINTS.map((name) => {
  if (name === 'wrist') return 0.019;
  if (name === 'thumb-metacarpal') return 0.015;
  if (name.endsWith('metacarpal')) return 0.014;
  if (name.endsWith('tip')) return 0.0068;
  if (name.endsWith('distal')) return name.startsWith('thumb') ? 0.01 : 0.0078;
  return name.endsWith('proximal') ? 0.0115 : 0.0088;
});
/** What fills the palm: joints beside each other, from finger to finger. */
const WEB: readonly (readonly [number, number])[] = ['metacarpal', 'phalanx-proximal'].flatMap((place) =>
  (['index', 'middle', 'ring'] as const).map((finger, i): [number, number] => [
    HAND_JOINTS.indexOf(`${finger}-finger-${place}`),
    HAND_JOINTS.indexOf(`${(['middle', 'ring', 'pinky'] as const)[i]}-finger-${place}`),
  ]),
);
const BONES: readonly (readonly [number, number])[] = [
  ...HAND_JOINTS.flatMap((_, joint): [number, number][] => (joint === 0 ? [] : [[PARENT_OF[joint]!, joint]])),
  [HAND_JOINTS.indexOf('thumb-metacarpal'), HAND_JOINTS.indexOf('index-finger-phalanx-proximal')],
  ...WEB,
];

const MIDDLE_METACARPAL = HAND_JOINTS.indexOf('middle-finger-metacarpal');
/** The cuff's middle behind the wrist, metres. */
const CUFF_BEHIND_M = 0.022;

// Per frame and hand: no garbage at 90 Hz.
const FROM = new Vector3();
const TO = new Vector3();
const MIDDLE = new Vector3();
const SIZE = new Vector3();
const TURN = new Quaternion();
const UP = Vector3.Up();
const PLACE = new Matrix();

/** A bare hand of another person: a ball at each joint, a bone between them, in two draw calls, and the cuff. */
export class FingerHand {
  readonly meshes: readonly [Mesh, Mesh];
  readonly #balls: Float32Array;
  readonly #bones: Float32Array;
  readonly #now: Float32Array;
  readonly #cuff: Mesh;
  readonly #cuffAt: { readonly position: Vector3; readonly rotation: Vector3 };
  #wanted: HandShape | null = null;
  #isFirst = true;
  #lastMs = 0;

  /** `cuff`: the end of the sleeve; it stands behind the wrist while the hand is bare. */
  constructor(name: string, parent: TransformNode, material: ShaderMaterial, cuff: Mesh) {
    const scene = parent.getScene();
    const ball = CreateSphere(`${name} joints`, { diameter: 2, segments: 6 }, scene);
    const bone = CreateCylinder(`${name} bones`, { diameter: 2, height: 1, tessellation: 10, cap: 0 }, scene);
    this.#now = new Float32Array(JOINT_COUNT * 3);
    this.#balls = new Float32Array(JOINT_COUNT * 16);
    this.#bones = new Float32Array(BONES.length * 16);
    this.meshes = [ball, bone];
    this.#cuff = cuff;
    this.#cuffAt = { position: cuff.position.clone(), rotation: cuff.rotation.clone() };
    for (const mesh of this.meshes) {
      mesh.material = material;
      mesh.parent = parent;
      mesh.isPickable = false;
      // Instances stand away from the mesh's own bounds.
      mesh.alwaysSelectAsActiveMesh = true;
      mesh.setEnabled(false);
    }
    ball.thinInstanceSetBuffer('matrix', this.#balls, 16, false);
    bone.thinInstanceSetBuffer('matrix', this.#bones, 16, false);
  }

  get isShown(): boolean {
    return this.#wanted !== null;
  }

  /** Places of the joints that are wanted, in the frame of the hand; null: the hand is not bare any more. */
  set(shape: HandShape | null): void {
    this.#isFirst ||= this.#wanted === null;
    this.#wanted = shape;
    for (const mesh of this.meshes) mesh.setEnabled(shape !== null);
    if (shape) return;
    this.#cuff.rotationQuaternion = null;
    this.#cuff.position.copyFrom(this.#cuffAt.position);
    this.#cuff.rotation.copyFrom(this.#cuffAt.rotation);
  }

  /** Where a joint is drawn now, in the frame of the hand. */
  jointInHand(joint: number): Vec3 {
    return [this.#now[joint * 3]!, this.#now[joint * 3 + 1]!, this.#now[joint * 3 + 2]!];
  }

  /** Moves the fingers on; true while they move. */
  show(nowMs: number): boolean {
    if (!this.#wanted) return false;
    const share = this.#isFirst ? 1 : 1 - Math.exp(-Math.max(0, nowMs - this.#lastMs) / FOLLOW_MS);
    this.#isFirst = false;
    this.#lastMs = nowMs;
    let furthestM = 0;
    for (let i = 0; i < JOINT_COUNT * 3; i++) {
      const way = this.#wanted[Math.floor(i / 3)]![i % 3]! - this.#now[i]!;
      furthestM = Math.max(furthestM, Math.abs(way));
      this.#now[i]! += way * share;
    }
    if (furthestM === 0) return false;
    this.#place();
    return furthestM > RESTS_M;
  }

  #place(): void {
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      SIZE.setAll(RADIUS_M[joint]!);
      Matrix.ComposeToRef(SIZE, Quaternion.Identity(), this.#read(joint, FROM), PLACE);
      PLACE.copyToArray(this.#balls, joint * 16);
    }
    BONES.forEach(([from, to], index) => {
      this.#read(from, FROM);
      this.#read(to, TO);
      TO.addToRef(FROM, MIDDLE).scaleInPlace(0.5);
      TO.subtractInPlace(FROM);
      const length = Math.max(TO.length(), 1e-6);
      const radius = (RADIUS_M[from]! + RADIUS_M[to]!) / 2;
      Quaternion.FromUnitVectorsToRef(UP, TO.scaleInPlace(1 / length), TURN);
      Matrix.ComposeToRef(SIZE.set(radius, length, radius), TURN, MIDDLE, PLACE);
      PLACE.copyToArray(this.#bones, index * 16);
    });
    for (const mesh of this.meshes) mesh.thinInstanceBufferUpdated('matrix');
    this.#read(0, FROM);
    this.#read(MIDDLE_METACARPAL, TO).subtractInPlace(FROM).normalize();
    this.#cuff.position.copyFrom(TO).scaleInPlace(-CUFF_BEHIND_M).addInPlace(FROM);
    this.#cuff.rotationQuaternion ??= new Quaternion();
    // Its wide end is the one away from the hand.
    Quaternion.FromUnitVectorsToRef(UP, TO, this.#cuff.rotationQuaternion);
  }

  #read(joint: number, into: Vector3): Vector3 {
    return into.set(this.#now[joint * 3]!, this.#now[joint * 3 + 1]!, this.#now[joint * 3 + 2]!);
  }
}
