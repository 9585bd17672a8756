import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Material } from '@babylonjs/core/Materials/material.js';
import type { MarkerMap } from '#protocol/alignment/index';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { boxOf } from '../../scene/world/detail.ts';
import type { CameraStage } from './camera-stage.ts';
import type { Print } from './print.ts';
import { cardOf, printMesh, sheetsOf, type Modules } from './printed.ts';

type Tint = readonly [number, number, number];
const MATT = { metallic: 0, roughness: 0.9, opacity: 1 } as const;
const BOARD_M = 0.012;
const CARD_TILT_RAD = 0.9;

/** What stands at the station beside the product: things that nobody takes in hand. */
export class StationScene {
  readonly #stage: CameraStage;
  readonly #looks = new Map<string, Material>();
  readonly #cards = new Map<string, readonly Mesh[]>();

  constructor(stage: CameraStage) {
    this.#stage = stage;
  }

  /** A bench with its top at y = 0, before a wall. */
  bench(): void {
    const wood = this.#look([0.23, 0.155, 0.085]);
    const grey = this.#look([0.2, 0.23, 0.26]);
    this.#box('top', [-1.1, -0.04, -0.42], [1.1, -0.0006, 0.46], wood);
    this.#box('front', [-1.1, -0.9, -0.4], [1.1, -0.06, 0.38], grey);
    this.#box('floor', [-4, -0.95, -1.2], [4, -0.9, 4], this.#look([0.17, 0.18, 0.19]));
    this.#box('wall', [-4, -0.95, -1.25], [4, 3, -1.2], this.#look([0.27, 0.3, 0.33]));
  }

  /** A shop floor at y = 0. */
  floor(): void {
    this.#box('floor', [-6, -0.05, -4], [6, -0.002, 6], this.#look([0.17, 0.18, 0.19]));
    this.#box('wall', [-6, -0.05, -4.05], [6, 4, -4], this.#look([0.27, 0.3, 0.33]));
  }

  /** The printed sheets of a map; those that do not lie flat are glued to a board. */
  sheets(map: MarkerMap): void {
    const board = this.#look([0.12, 0.15, 0.18]);
    for (const [at, { print, poseInProduct }] of sheetsOf(map).entries()) {
      printMesh(this.#stage.scene, `sheet ${at}`, print, poseInProduct);
      const isFlat = Math.abs(poseInProduct.rotation[0]) > 0.5;
      const [x, y, z] = poseInProduct.position;
      const [w, h] = [print.widthM / 2 + 0.015, print.heightM / 2 + 0.015];
      if (isFlat) continue;
      this.#box(`board ${at}`, [x - w, y - h, z - 0.001 - BOARD_M], [x + w, y + h, z - 0.001], board);
      this.#box(
        `foot ${at}`,
        [x - 0.02, Math.min(0, y - h), z - 0.001 - 2 * BOARD_M],
        [x + 0.02, y, z - 0.001 - BOARD_M],
        board,
      );
    }
  }

  /** A card with a code, leaning towards who stands at the front, and what it is for in letters above it; one of the same name is taken away. */
  card(name: string, code: Modules, edgeM: number, [x, y, z]: Vec3, above: Print | null = null): void {
    for (const mesh of this.#cards.get(name) ?? []) mesh.dispose(false, true);
    const print = cardOf(code, edgeM);
    const [s, c] = [Math.sin(-CARD_TILT_RAD / 2), Math.cos(-CARD_TILT_RAD / 2)];
    const half = (print.heightM / 2) * Math.cos(CARD_TILT_RAD);
    const pose: Pose = { position: [x, y + half + 0.004, z], rotation: [s, 0, 0, c] };
    const meshes = [printMesh(this.#stage.scene, name, print, pose)];
    if (above) {
      const up: Vec3 = [0, (print.heightM + above.heightM) / 2, 0];
      const poseAbove = composePose(pose, { position: up, rotation: [0, 0, 0, 1] });
      meshes.push(printMesh(this.#stage.scene, `name of ${name}`, above, poseAbove));
    }
    this.#cards.set(name, meshes);
    this.#stage.invalidate();
  }

  #look(tint: Tint): Material {
    const key = tint.join();
    const known = this.#looks.get(key) ?? this.#stage.surfaces.create(`station ${key}`, { ...MATT, tint });
    this.#looks.set(key, known);
    return known;
  }

  #box(name: string, min: Vec3, max: Vec3, look: Material): void {
    const mesh = new Mesh(name, this.#stage.scene);
    Object.assign(new VertexData(), boxOf({ min, max })).applyToMesh(mesh);
    mesh.material = look;
    mesh.isPickable = false;
  }
}
