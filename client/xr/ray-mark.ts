import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { bareMesh, PlainMaterial } from './plain-material.ts';

const RAY_WIDTH_M = 0.0022;
const DOT_DMM = 12;
const SIDES = 6;

/** The line from a hand to what it points at, and a dot where it meets it. */
export class RayMark {
  readonly #line: Mesh;
  readonly #dot: Mesh;
  readonly #lineLook: PlainMaterial;
  readonly #dotLook: PlainMaterial;

  constructor(scene: Scene) {
    this.#lineLook = new PlainMaterial(scene, 'ray', '#ffffff');
    this.#dotLook = new PlainMaterial(scene, 'ray dot', '#ffffff');
    this.#line = bareMesh(scene, 'ray', rod());
    this.#line.material = this.#lineLook.material;
    this.#line.rotationQuaternion = Quaternion.Identity();
    this.#dot = bareMesh(scene, 'ray dot', ball());
    this.#dot.material = this.#dotLook.material;
    this.#dot.alphaIndex = this.#line.alphaIndex = 8000;
    this.hide();
  }

  hide(): void {
    this.#line.setEnabled(false);
    this.#dot.setEnabled(false);
  }

  /** `hit`: where the ray ends, or null when it meets nothing within `lengthM` and fades. */
  show(rayInRoom: Pose, lengthM: number, hit: Vec3 | null, color: string, eye: Vec3): void {
    this.#line.setEnabled(true);
    this.#line.position.set(...rayInRoom.position);
    this.#line.rotationQuaternion!.set(...rayInRoom.rotation);
    this.#line.scaling.set(1, 1, Math.max(0.01, lengthM));
    this.#lineLook.setColor(color, 0.9);
    this.#lineLook.setFade(hit ? 0.35 : 0.7, hit ? 1 : 0);
    this.#dot.setEnabled(hit !== null);
    if (!hit) return;
    this.#dotLook.setColor(color);
    this.#dot.position.set(...hit);
    const away = Math.hypot(hit[0] - eye[0], hit[1] - eye[1], hit[2] - eye[2]);
    this.#dot.scaling.setAll((DOT_DMM / 1000) * Math.max(0.3, away) * 0.5);
  }

  dispose(): void {
    this.#line.dispose(false, true);
    this.#dot.dispose(false, true);
  }
}

/** From the origin along -Z, one metre long. */
function rod(): { positions: number[]; indices: number[] } {
  const positions: number[] = [];
  const indices: number[] = [];
  for (let i = 0; i < SIDES; i++) {
    const angle = (i / SIDES) * 2 * Math.PI;
    const [x, y] = [(Math.cos(angle) * RAY_WIDTH_M) / 2, (Math.sin(angle) * RAY_WIDTH_M) / 2];
    positions.push(x, y, 0, x, y, -1);
    const [a, b] = [i * 2, ((i + 1) % SIDES) * 2];
    indices.push(a, b, a + 1, b, b + 1, a + 1);
  }
  return { positions, indices };
}

/** Radius 1. */
function ball(): { positions: number[]; indices: number[] } {
  const positions: number[] = [];
  const indices: number[] = [];
  const [rows, columns] = [6, 10];
  for (let r = 0; r <= rows; r++)
    for (let c = 0; c <= columns; c++) {
      const [polar, around] = [(r / rows) * Math.PI, (c / columns) * 2 * Math.PI];
      positions.push(Math.sin(polar) * Math.cos(around), Math.cos(polar), Math.sin(polar) * Math.sin(around));
      if (r === rows || c === columns) continue;
      const at = r * (columns + 1) + c;
      indices.push(at, at + columns + 1, at + 1, at + 1, at + columns + 1, at + columns + 2);
    }
  return { positions, indices };
}
