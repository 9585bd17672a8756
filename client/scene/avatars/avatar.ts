import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Curve3 } from '@babylonjs/core/Maths/math.path.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { CreateCapsule } from '@babylonjs/core/Meshes/Builders/capsuleBuilder.js';
import { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { Body, HandsPose } from '#protocol/presence/index';
import type { Stage } from '../stage/stage.ts';
import { createPlain, fillPlain } from '../stage/plain.ts';
import { fade } from '../stage/surface.ts';
import { FingerHand } from './finger-hand.ts';
import { createNameTag, TAG_ASPECT, type Tag } from './name-tag.ts';
import { InterpolationBuffer } from './interpolation.ts';

/** Nearer to my eye than this an avatar fades away, metres. */
const FADE_NEAR_M = 0.35;
const FADE_FAR_M = 0.7;
/** Who is lost from sight fades in this time, ms, to this share. */
const FADE_MS = 800;
const FADED = 0.25;
/** Who stays out of sight that long, ms, and is this far away, metres, is not drawn at all until there is news. */
const GONE_AFTER_MS = 4000;
const GONE_BEYOND_M = 12;

/** A friendly bust: helmet-smooth head with a visor, shoulders, two simple hands, name above. No legs, no face. */
export class Avatar {
  readonly #buffer = new InterpolationBuffer();
  #lostAtMs: number | null = null;
  readonly #root: TransformNode;
  readonly #head: TransformNode;
  readonly #chest: TransformNode;
  readonly #hands: readonly [TransformNode, TransformNode];
  /** The hand as it is shown without fingers, and the capsule that stands for them. */
  readonly #mittens: readonly [readonly Mesh[], readonly Mesh[]];
  readonly #fingers: readonly [Mesh, Mesh];
  readonly #fingerHands: readonly [FingerHand, FingerHand];
  readonly #tag: Mesh;
  readonly #ray: Mesh;
  readonly #ring: Mesh;
  readonly #meshes: Mesh[] = [];
  readonly #stage: Stage;
  readonly #surfaces: ShaderMaterial[] = [];
  readonly #plains: { material: ShaderMaterial; color: string; opacity: number }[] = [];

  constructor(stage: Stage, tag: Tag) {
    const { scene } = stage;
    this.#stage = stage;
    this.#root = new TransformNode(`avatar ${tag.name}`, scene);
    const color = Color3.FromHexString(tag.color).toLinearSpace();
    const body = this.#matt('body', color, 0.55);
    const pale = this.#matt('pale', Color3.Lerp(color, new Color3(0.9, 0.9, 0.88), 0.72), 0.6);
    const dark = this.#matt('visor', new Color3(0.02, 0.025, 0.03), 0.2);
    this.#head = node('head', scene, this.#root);
    const skull = this.#keep(
      CreateSphere('skull', { diameterX: 0.19, diameterY: 0.235, diameterZ: 0.21, segments: 20 }, scene),
      pale,
      this.#head,
    );
    skull.position.set(0, -0.005, 0.05);
    const cap = this.#keep(
      CreateSphere('helmet', { diameterX: 0.208, diameterY: 0.25, diameterZ: 0.232, segments: 20, slice: 0.46 }, scene),
      body,
      this.#head,
    );
    cap.position.set(0, 0.008, 0.052);
    const brim = this.#keep(
      CreateCylinder('brim', { diameter: 0.24, height: 0.007, tessellation: 32 }, scene),
      body,
      this.#head,
    );
    brim.position.set(0, 0.024, 0.036);
    const visor = this.#keep(
      CreateCapsule('visor', { radius: 0.026, height: 0.135, tessellation: 16 }, scene),
      dark,
      this.#head,
    );
    visor.rotation.z = Math.PI / 2;
    visor.position.set(0, -0.008, -0.036);
    this.#chest = node('chest', scene, this.#root);
    const outline = [
      [0.001, -0.172],
      [0.105, -0.169],
      [0.15, -0.138],
      [0.173, -0.07],
      [0.166, -0.012],
      [0.112, 0.032],
      [0.058, 0.048],
      [0.045, 0.066],
      [0.045, 0.1],
    ].map(([x, y]) => new Vector3(x, y, 0));
    const profile = Curve3.CreateCatmullRomSpline(outline, 5).getPoints();
    const bust = this.#keep(
      CreateLathe('bust', { shape: profile, tessellation: 40, closed: true }, scene),
      body,
      this.#chest,
    );
    bust.scaling.z = 0.6;
    const hands = [0, 1].map((side) => {
      const hand = node(side ? 'right hand' : 'left hand', scene, this.#root);
      const palm = this.#keep(
        CreateSphere('palm', { diameterX: 0.075, diameterY: 0.038, diameterZ: 0.09, segments: 14 }, scene),
        pale,
        hand,
      );
      palm.position.z = 0.02;
      const cuff = this.#keep(
        CreateCylinder('cuff', { diameterTop: 0.06, diameterBottom: 0.066, height: 0.035, tessellation: 20 }, scene),
        body,
        hand,
      );
      cuff.rotation.x = Math.PI / 2;
      cuff.position.z = 0.075;
      const thumb = this.#keep(
        CreateCapsule('thumb', { radius: 0.011, height: 0.055, tessellation: 10 }, scene),
        pale,
        hand,
      );
      thumb.position.set(side ? -0.038 : 0.038, 0.008, 0.0);
      thumb.rotation.set(1.1, side ? 0.5 : -0.5, 0);
      const fingers = this.#keep(
        CreateCapsule('fingers', { radius: 0.017, height: 0.085, tessellation: 12 }, scene),
        pale,
        hand,
      );
      fingers.scaling.x = 1.9;
      fingers.rotation.x = Math.PI / 2;
      fingers.position.z = -0.045;
      const fingerHand = new FingerHand(side ? 'right hand' : 'left hand', hand, pale, cuff);
      this.#meshes.push(...fingerHand.meshes);
      return { hand, fingers, fingerHand, mitten: [palm, thumb, fingers] };
    });
    this.#hands = [hands[0]!.hand, hands[1]!.hand];
    this.#fingers = [hands[0]!.fingers, hands[1]!.fingers];
    this.#mittens = [hands[0]!.mitten, hands[1]!.mitten];
    this.#fingerHands = [hands[0]!.fingerHand, hands[1]!.fingerHand];
    this.#tag = createNameTag(scene, tag);
    this.#plains.push({ material: this.#tag.material as ShaderMaterial, color: '#ffffff', opacity: 1 });
    this.#tag.parent = this.#root;
    this.#tag.renderingGroupId = 0;
    this.#meshes.push(this.#tag);
    this.#ray = this.#keep(
      CreateCylinder('ray', { diameter: 0.0016, height: 1, tessellation: 8 }, scene),
      this.#glow(tag.color, 0.6),
      this.#root,
    );
    this.#ring = this.#keep(
      CreateCylinder(
        'speaking',
        { diameterTop: 0.29, diameterBottom: 0.29, height: 0.006, tessellation: 40, cap: 0 },
        scene,
      ),
      this.#glow(tag.color, 0.9),
      this.#head,
    );
    this.#ring.position.set(0, 0.16, 0.05);
    this.#root.setEnabled(false);
  }

  push(body: Body, atMs: number): void {
    this.#buffer.push(body, atMs, performance.now());
    this.#lostAtMs = null;
  }

  /** Their bare hands with all joints, or what stands for hands when there are none. */
  pushHands({ left, right }: HandsPose): void {
    [left, right].forEach((shape, side) => {
      this.#fingerHands[side]!.set(shape ?? null);
      for (const mesh of this.#mittens[side]!) mesh.setEnabled(shape === undefined);
    });
  }

  /** Where a hand is drawn, or null while it is not; for finding it. */
  handInRoom(side: 0 | 1): Vec3 | null {
    const hand = this.#hands[side];
    return hand.isEnabled() ? [hand.position.x, hand.position.y, hand.position.z] : null;
  }

  /** Where a joint of a bare hand is drawn, in the frame of the hand; null while it has none. For tests. */
  jointInHand(side: 0 | 1, joint: number): Vec3 | null {
    const hand = this.#fingerHands[side];
    return hand.isShown ? hand.jointInHand(joint) : null;
  }

  /** Nothing is heard of the person: they stay where they were seen last, faded, until there is news. */
  lose(): void {
    this.#lostAtMs ??= performance.now();
  }

  /** Newest pose of the head, for tests and for finding a person. */
  headInRoom(nowMs: number): Pose | null {
    return this.#buffer.at(nowMs)?.headInRoom ?? null;
  }

  /** Whether the newest news came from a headset. */
  get isHeadset(): boolean {
    return this.#buffer.newest?.isHeadset ?? false;
  }

  /** What of this person one can click: head and name, each with its middle and its size in metres. */
  spots(): { point: Vec3; widthM: number; heightM: number }[] {
    if (!this.#root.isEnabled()) return [];
    const size = this.#head.scaling.x;
    const { x, y, z } = this.#head.position;
    const { position: tag, scaling } = this.#tag;
    return [
      { point: [x, y, z], widthM: 0.24 * size, heightM: 0.3 * size },
      { point: [tag.x, tag.y, tag.z], widthM: scaling.x * TAG_ASPECT * 0.6, heightM: scaling.x },
    ];
  }

  /** `eye` is mine; `sizeOfOthers` makes desktop people small beside a small product. Returns true while moving. */
  show(nowMs: number, eye: Vector3, sizeOfOthers: number): boolean {
    const body = this.#buffer.at(nowMs);
    if (!body) {
      this.#root.setEnabled(false);
      return false;
    }
    this.#root.setEnabled(true);
    const size = body.isHeadset ? 1 : sizeOfOthers;
    setPose(this.#head, body.headInRoom);
    this.#head.scaling.setAll(size);
    const turn = yawOf(body.headInRoom);
    const [x, y, z] = body.headInRoom.position;
    // The neck stands a little behind the eyes, and the chest turns only half as far as the head looks.
    this.#chest.position.set(x + Math.sin(turn) * 0.06 * size, y - 0.245 * size, z + Math.cos(turn) * 0.06 * size);
    this.#chest.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), turn);
    this.#chest.scaling.setAll(size);
    this.#showHand(0, body.leftInRoom, body.isLeftClosed ?? false);
    this.#showHand(1, body.rightInRoom, body.isRightClosed ?? false);
    const areFingersMoving = this.#fingerHands.map((hand) => hand.show(nowMs)).includes(true);
    const distance = Math.hypot(x - eye.x, y - eye.y, z - eye.z);
    const tagHeight = Math.max(0.05 * size, Math.min(0.5, distance * 0.03));
    this.#tag.position.set(x, y + 0.2 * size + tagHeight * 0.7, z);
    this.#tag.scaling.setAll(tagHeight);
    this.#tag.rotation.set(0, Math.atan2(eye.x - x, eye.z - z), 0);
    this.#ring.setEnabled(body.isSpeaking ?? false);
    this.#showRay(body, size);
    const near = Math.max(0, Math.min(1, (distance / size - FADE_NEAR_M) / (FADE_FAR_M - FADE_NEAR_M)));
    const lost = this.#lostAtMs === null ? 0 : Math.min(1, (nowMs - this.#lostAtMs) / FADE_MS);
    const goneMs = this.#lostAtMs === null || distance < GONE_BEYOND_M ? 0 : nowMs - this.#lostAtMs - GONE_AFTER_MS;
    const gone = Math.max(0, Math.min(1, goneMs / FADE_MS));
    const fresh = (1 - (1 - FADED) * lost) * (1 - gone);
    if (gone === 1) this.#root.setEnabled(false);
    for (const { material, color, opacity } of this.#plains) fillPlain(material, color, opacity * near * fresh);
    for (const surface of this.#surfaces) fade(surface, near * fresh);
    const isFading = lost > 0 && (lost < 1 || (distance >= GONE_BEYOND_M && gone < 1));
    return areFingersMoving || this.#buffer.isMoving(nowMs) || isFading;
  }

  set isVisible(isVisible: boolean) {
    for (const mesh of this.#meshes) mesh.isVisible = isVisible;
  }

  dispose(): void {
    for (const surface of this.#surfaces) this.#stage.surfaces.forget(surface);
    this.#root.dispose(false, true);
  }

  #showHand(side: 0 | 1, pose: Pose | undefined, isClosed: boolean): void {
    const hand = this.#hands[side];
    hand.setEnabled(pose !== undefined);
    if (!pose) return;
    setPose(hand, pose);
    this.#fingers[side].scaling.y = isClosed ? 0.55 : 1;
    this.#fingers[side].position.z = isClosed ? -0.025 : -0.045;
  }

  /** A desktop person has no hands: a pointing ray runs from beside the head. Its end is where the right hand would be. */
  #showRay(body: Body, size: number): void {
    const to = !body.isHeadset && body.isPointing ? body.rightInRoom?.position : undefined;
    this.#ray.setEnabled(to !== undefined);
    if (!to) return;
    this.#hands[1].setEnabled(false);
    const from = new Vector3(...body.headInRoom.position).addInPlaceFromFloats(0, -0.1 * size, 0);
    const end = new Vector3(...to);
    const way = end.subtract(from);
    const length = way.length();
    this.#ray.position.copyFrom(from.add(end).scaleInPlace(0.5));
    this.#ray.scaling.set(1, length, 1);
    this.#ray.rotationQuaternion = Quaternion.FromUnitVectorsToRef(
      Vector3.Up(),
      way.scaleInPlace(1 / Math.max(length, 1e-6)),
      new Quaternion(),
    );
  }

  #matt(name: string, { r, g, b }: Color3, roughness: number): ShaderMaterial {
    const made = this.#stage.surfaces.create(`avatar ${name}`, { metallic: 0, roughness, opacity: 1, tint: [r, g, b] });
    this.#surfaces.push(made);
    return made;
  }

  #glow(color: string, opacity: number): ShaderMaterial {
    const material = createPlain(this.#stage.scene, 'avatar glow', color, opacity);
    this.#plains.push({ material, color, opacity });
    return material;
  }

  #keep(mesh: Mesh, material: ShaderMaterial, parent: TransformNode): Mesh {
    mesh.material = material;
    mesh.parent = parent;
    mesh.isPickable = false;
    this.#meshes.push(mesh);
    return mesh;
  }
}

function node(name: string, scene: Scene, parent: TransformNode): TransformNode {
  const made = new TransformNode(name, scene);
  made.parent = parent;
  made.rotationQuaternion = Quaternion.Identity();
  return made;
}

function setPose(target: TransformNode, { position, rotation }: Pose): void {
  target.position.set(...position);
  target.rotationQuaternion!.set(...rotation);
}

/** Heading of a pose that looks along -Z, radians about +Y; steady when looking straight up or down. */
export function yawOf({ rotation: [x, y, z, w] }: Pose): number {
  const backX = 2 * (x * z + y * w);
  const backZ = 1 - 2 * (x * x + y * y);
  if (Math.hypot(backX, backZ) > 0.2) return Math.atan2(backX, backZ);
  const rightX = 1 - 2 * (y * y + z * z);
  const rightZ = 2 * (x * z - y * w);
  return Math.atan2(-rightZ, rightX);
}
