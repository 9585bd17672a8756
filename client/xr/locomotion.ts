import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../palette.ts';
import { cross, normalize, sub } from '../scene/vec.ts';
import type { Hand, Side } from './hands/hand.ts';
import { bareMesh, PlainMaterial } from './plain-material.ts';
import { movedTo, turnedAbout } from './rig.ts';
import type { Sounds } from './sounds.ts';
import { floorUnderRay, throwArc } from './teleport-arc.ts';

const AIM_AT = 0.65;
const REST_AT = 0.35;
const SNAP_TURN_RAD = Math.PI / 6;
const RIBBON_POINTS = 130;
const RIBBON_WIDTH_M = 0.012;
const DISC_RADIUS_M = 0.22;
/** Nobody lands inside the bench. */
const BENCH_GAP_M = 0.15;

export interface Places {
  readonly rig: Pose;
  readonly head: Pose;
  readonly floorM: number;
  /** The bench as a circle on the floor, or null. */
  readonly bench: { readonly centre: Vec3; readonly radiusM: number } | null;
}

/** Stick forward aims a jump, letting go jumps; stick aside turns by 30 degrees. A bare hand pinches at the floor. */
export class Locomotion {
  readonly #arc: Mesh;
  readonly #disc: Mesh;
  readonly #look: PlainMaterial;
  readonly #sounds: Sounds;
  readonly #points = new Float32Array(RIBBON_POINTS * 2 * 3);
  readonly #hasTurned: Record<Side, boolean> = { left: false, right: false };
  #aiming: { side: Side; isBare: boolean } | null = null;
  #landing: Vec3 | null = null;

  constructor(scene: Scene, sounds: Sounds) {
    this.#sounds = sounds;
    this.#look = new PlainMaterial(scene, 'jump', ACCENT, 0.9);
    const indices: number[] = [];
    for (let i = 0; i + 1 < RIBBON_POINTS; i++)
      indices.push(i * 2, i * 2 + 1, i * 2 + 2, i * 2 + 2, i * 2 + 1, i * 2 + 3);
    this.#arc = bareMesh(scene, 'jump arc', { positions: this.#points, indices });
    this.#disc = bareMesh(scene, 'jump disc', disc());
    for (const mesh of [this.#arc, this.#disc]) {
      mesh.material = this.#look.material;
      mesh.setEnabled(false);
    }
  }

  isAiming(side: Side): boolean {
    return this.#aiming?.side === side;
  }

  /** One hand in one frame. Returns the new rig when the person moved. */
  tick(hand: Hand, isFree: boolean, places: Places): Pose | null {
    const aiming = this.#aiming;
    if (aiming?.side === hand.side) return this.#aim(hand, aiming.isBare, places);
    if (!isFree || !hand.isTracked || aiming) return null;
    if (hand.isBare) {
      if (hand.hasPressed && hand.rayInRoom && floorUnderRay(hand.rayInRoom, places.floorM))
        this.#aiming = { side: hand.side, isBare: true };
      return null;
    }
    if (hand.stick.y < -AIM_AT && Math.abs(hand.stick.x) < AIM_AT) {
      this.#aiming = { side: hand.side, isBare: false };
      return null;
    }
    return this.#turn(hand, places);
  }

  dispose(): void {
    this.#arc.dispose();
    this.#disc.dispose(false, true);
  }

  #turn(hand: Hand, { rig, head }: Places): Pose | null {
    const x = hand.stick.x;
    if (Math.abs(x) < REST_AT) this.#hasTurned[hand.side] = false;
    if (Math.abs(x) < AIM_AT || this.#hasTurned[hand.side]) return null;
    this.#hasTurned[hand.side] = true;
    hand.pulse(0.2, 12);
    return turnedAbout(rig, head.position, -Math.sign(x) * SNAP_TURN_RAD);
  }

  #aim(hand: Hand, isBare: boolean, places: Places): Pose | null {
    const isOn = hand.isTracked && (isBare ? hand.isClosed : Math.hypot(hand.stick.x, hand.stick.y) > REST_AT);
    if (isOn && hand.rayInRoom) {
      const { points, landing } = isBare
        ? straight(hand.rayInRoom, places.floorM)
        : throwArc(hand.rayInRoom, places.floorM);
      this.#landing = landing && clearOfBench(landing, places.bench);
      this.#draw(points);
      return null;
    }
    this.#aiming = null;
    this.#arc.setEnabled(false);
    this.#disc.setEnabled(false);
    const landing = this.#landing;
    this.#landing = null;
    if (!landing || !hand.isTracked) return null;
    hand.pulse(0.4, 25);
    this.#sounds.tick('press');
    return movedTo(places.rig, places.head.position, landing);
  }

  #draw(points: readonly Vec3[]): void {
    const last = points.at(-1)!;
    const aside = normalize(cross(sub(last, points[0]!), [0, 1, 0]));
    for (let i = 0; i < RIBBON_POINTS; i++) {
      const p = points[Math.min(i, points.length - 1)]!;
      for (let k = 0; k < 3; k++) {
        this.#points[i * 6 + k] = p[k]! - (aside[k]! * RIBBON_WIDTH_M) / 2;
        this.#points[i * 6 + 3 + k] = p[k]! + (aside[k]! * RIBBON_WIDTH_M) / 2;
      }
    }
    this.#arc.updateVerticesData(VertexBuffer.PositionKind, this.#points);
    this.#arc.setEnabled(true);
    this.#look.setColor(this.#landing ? ACCENT : '#868e96', this.#landing ? 0.9 : 0.5);
    this.#disc.setEnabled(this.#landing !== null);
    if (this.#landing) this.#disc.position.set(this.#landing[0], this.#landing[1] + 0.004, this.#landing[2]);
  }
}

const straight = (ray: Pose, floorM: number) => {
  const landing = floorUnderRay(ray, floorM);
  return { points: landing ? [ray.position, landing] : [ray.position, ray.position], landing };
};

/** The place itself, or the nearest one that is not inside the bench. */
export function clearOfBench(point: Vec3, bench: Places['bench']): Vec3 {
  if (!bench) return point;
  const [dx, dz] = [point[0] - bench.centre[0], point[2] - bench.centre[2]];
  const away = Math.hypot(dx, dz);
  const least = bench.radiusM + BENCH_GAP_M;
  if (away >= least) return point;
  const [x, z] = away < 1e-6 ? [0, 1] : [dx / away, dz / away];
  return [bench.centre[0] + x * least, point[1], bench.centre[2] + z * least];
}

/** A ring with a dot in the middle, flat on the floor. */
function disc(): { positions: number[]; indices: number[] } {
  const positions: number[] = [];
  const indices: number[] = [];
  const sides = 48;
  const ring = (inner: number, outer: number) => {
    const first = positions.length / 3;
    for (let i = 0; i < sides; i++) {
      const [c, s] = [Math.cos((i / sides) * 2 * Math.PI), Math.sin((i / sides) * 2 * Math.PI)];
      positions.push(c * inner, 0, s * inner, c * outer, 0, s * outer);
      const [a, b] = [first + i * 2, first + ((i + 1) % sides) * 2];
      indices.push(a, a + 1, b, b, a + 1, b + 1);
    }
  };
  ring(DISC_RADIUS_M * 0.86, DISC_RADIUS_M);
  ring(0, DISC_RADIUS_M * 0.16);
  return { positions, indices };
}
