import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { invertPose, rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../palette.ts';
import { normalize, transformPoint } from '../scene/vec.ts';
import { bareMesh, PlainMaterial } from './plain-material.ts';

/** Beyond this from where one looks, something is out of view. */
const SEEN_RAD = 0.5;
/** The arrow stands so far from the middle of the view, and before the eyes, metres. */
const ASIDE_RAD = 0.3;
const AHEAD_M = 0.7;
/** On a narrow display it stands so far out, as a share of half the view. */
const INSIDE = 0.7;

/**
 * Where the arrow stands in the head's own frame, and its turn: an arrow drawn along +Y points the way. Null: the place
 * is in view. `halfViewRad`: half of what the display shows, where that is little.
 */
export function wayTo(
  headInRoom: Pose,
  placeInRoom: Vec3,
  halfViewRad = Infinity,
): { position: Vec3; rotation: Quat } | null {
  const [x, y, z] = normalize(transformPoint(invertPose(headInRoom), placeInRoom));
  const across = Math.hypot(x, y);
  if (Math.atan2(across, -z) < Math.min(SEEN_RAD, halfViewRad)) return null;
  const asideM = Math.tan(Math.min(ASIDE_RAD, INSIDE * halfViewRad)) * AHEAD_M;
  // Straight behind there is no shorter way: to the right.
  const [dx, dy] = across < 1e-6 ? [1, 0] : [x / across, y / across];
  const turn = Math.atan2(-dx, dy);
  return {
    position: [asideM * dx, asideM * dy, -AHEAD_M],
    rotation: [0, 0, Math.sin(turn / 2), Math.cos(turn / 2)],
  };
}

/** An arrow at the rim of the view towards what is out of it. */
export class WayMark {
  readonly #mesh: Mesh;

  constructor(scene: Scene) {
    this.#mesh = bareMesh(scene, 'way', {
      positions: [-0.022, -0.014, 0, 0, 0.03, 0, 0.022, -0.014, 0, 0, -0.004, 0],
      indices: [0, 3, 1, 3, 2, 1],
    });
    this.#mesh.material = new PlainMaterial(scene, 'way', ACCENT, 0.95).material;
    this.#mesh.renderingGroupId = 1;
    this.#mesh.rotationQuaternion = Quaternion.Identity();
    this.#mesh.setEnabled(false);
  }

  get isShown(): boolean {
    return this.#mesh.isEnabled();
  }

  show(headInRoom: Pose, placeInRoom: Vec3 | null, halfViewRad = Infinity): void {
    const way = placeInRoom && wayTo(headInRoom, placeInRoom, halfViewRad);
    this.#mesh.setEnabled(way !== null);
    if (!way) return;
    this.#mesh.position.set(...transformPoint(headInRoom, way.position));
    const [x, y, z, w] = headInRoom.rotation;
    this.#mesh.rotationQuaternion!.set(x, y, z, w);
    const [, , rz, rw] = way.rotation;
    this.#mesh.rotationQuaternion!.multiplyInPlace(new Quaternion(0, 0, rz, rw));
  }

  dispose(): void {
    this.#mesh.dispose(false, true);
  }
}

/** For tests: the direction in the room that the arrow points to. */
export const pointedTo = (headInRoom: Pose, way: { rotation: Quat }): Vec3 =>
  rotateVec3(headInRoom.rotation, rotateVec3(way.rotation, [0, 1, 0]));
