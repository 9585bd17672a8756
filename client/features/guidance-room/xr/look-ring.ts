import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../../../palette.ts';
import { distance } from '../../../scene/vec.ts';
import { facing } from '../../../xr/facing.ts';
import { bareMesh, PlainMaterial } from '../../../xr/plain-material.ts';

/** Outer and inner radius, dmm; a thick stroke, because thin ones drown on see-through displays. */
const OUTER = 0.016;
const INNER = 0.01;
const PARTS = 48;

/** The ring that fills while one looks at a button: what will happen, and how soon. */
export class LookRing {
  readonly #track: Mesh;
  readonly #sectors: Mesh[];

  constructor(scene: Scene) {
    this.#track = ring(scene, 'look track', 0, 1, '#d5dbe2', 0.5);
    this.#sectors = Array.from({ length: PARTS }, (_, at) =>
      ring(scene, 'look', at / PARTS, (at + 1) / PARTS, ACCENT, 1),
    );
    this.hide();
  }

  show(at: Vec3, eye: Vec3, share: number): void {
    const turn = facing(at, eye);
    const size = Math.max(0.3, distance(at, eye));
    for (const [index, mesh] of [this.#track, ...this.#sectors].entries()) {
      mesh.setEnabled(index === 0 || (index - 0.5) / PARTS < share);
      mesh.position.set(...at);
      mesh.rotationQuaternion!.set(...turn);
      mesh.scaling.setAll(size);
    }
  }

  hide(): void {
    for (const mesh of [this.#track, ...this.#sectors]) mesh.setEnabled(false);
  }

  dispose(): void {
    for (const mesh of [this.#track, ...this.#sectors]) mesh.dispose(false, true);
  }
}

/** A piece of a ring, clockwise from the top. */
function ring(scene: Scene, name: string, from: number, to: number, color: string, alpha: number): Mesh {
  const steps = Math.max(1, Math.round((to - from) * PARTS));
  const positions: number[] = [];
  const indices: number[] = [];
  for (let at = 0; at <= steps; at++) {
    const angle = 2 * Math.PI * (from + ((to - from) * at) / steps);
    const [x, y] = [Math.sin(angle), Math.cos(angle)];
    positions.push(x * OUTER, y * OUTER, 0, x * INNER, y * INNER, 0);
    if (at < steps) indices.push(2 * at, 2 * at + 1, 2 * at + 2, 2 * at + 1, 2 * at + 3, 2 * at + 2);
  }
  const mesh = bareMesh(scene, name, { positions, indices });
  mesh.material = new PlainMaterial(scene, name, color, alpha).material;
  mesh.renderingGroupId = 1;
  mesh.rotationQuaternion = Quaternion.Identity();
  return mesh;
}
