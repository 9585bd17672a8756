import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector2, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Vec3 } from '#protocol/spatial/index';
import type { Floor } from '../scene/stage/floor.ts';
import type { Stage } from '../scene/stage/stage.ts';
import { bareMesh, PlainMaterial } from './plain-material.ts';

const GROUND_FADE_M = 9;
const TOP_THICKNESS_M = 0.028;
/** The bench is this much wider than the design. */
export const BENCH_RIM_M = 0.12;
export const BENCH_MIN_RADIUS_M = 0.32;

export interface Bench {
  readonly centreInRoom: Vec3;
  readonly radiusM: number;
  readonly heightM: number;
}

/** What the person stands in: in VR a floor at their feet and a bench under a small design; in AR only the bench's rim. */
export class Surroundings {
  readonly #stage: Stage;
  readonly #floor: Floor;
  readonly #made: { dispose(): void }[] = [];
  #ground: { mesh: Mesh; material: ShaderMaterial } | null = null;

  constructor(stage: Stage, floor: Floor, bench: Bench | null, isAr: boolean) {
    this.#stage = stage;
    this.#floor = floor;
    if (isAr) floor.isVisible = false;
    if (isAr && bench) this.#makeRim(bench);
    if (isAr || !bench) return;
    floor.isVisible = false;
    this.#makeBench(bench);
    this.#makeGround(bench);
  }

  tick(eye: Vec3): void {
    this.#ground?.material.setVector3('eye', new Vector3(...eye));
  }

  dispose(): void {
    for (const one of this.#made) one.dispose();
    this.#floor.isVisible = true;
  }

  #makeBench({ centreInRoom: [x, top, z], radiusM: r, heightM }: Bench): void {
    const { scene, colors } = this.#stage;
    const foot = top - heightM;
    const neck = top - TOP_THICKNESS_M;
    const profile = [
      [0, top - 0.002],
      [r - 0.006, top - 0.002],
      [r, top - 0.008],
      [r, neck + 0.006],
      [r - 0.008, neck],
      [0.1, neck - 0.02],
      [0.06, neck - 0.1],
      [0.055, foot + 0.12],
      [0.1, foot + 0.035],
      [Math.max(0.2, r * 0.62), foot + 0.02],
      [Math.max(0.2, r * 0.62), foot],
    ].map(([radius, height]) => new Vector3(radius, height, 0));
    const body = CreateLathe('bench', { shape: profile, tessellation: 64, closed: true, sideOrientation: 2 }, scene);
    body.position.set(x, 0, z);
    const paint = new PBRMaterial('bench', scene);
    paint.albedoColor = Color3.FromHexString(colors.floor).toLinearSpace().scale(0.92);
    paint.metallic = 0;
    paint.roughness = 0.85;
    paint.backFaceCulling = false;
    paint.twoSidedLighting = true;
    body.material = paint;
    body.isPickable = false;
    const plate = bareMesh(scene, 'bench top', round(r - 0.004));
    plate.position.set(x, top - 0.0008, z);
    plate.material = this.#floor.surface;
    plate.alphaIndex = -1;
    this.#made.push({ dispose: () => body.dispose(false, true) }, { dispose: () => plate.dispose(false, false) });
  }

  #makeGround({ centreInRoom: [x, top, z], heightM, radiusM }: Bench): void {
    const { scene, colors } = this.#stage;
    const mesh = bareMesh(scene, 'ground', round(1));
    mesh.scaling.setAll(60);
    mesh.position.set(x, top - heightM, z);
    mesh.alphaIndex = -2;
    const material = new ShaderMaterial('ground', scene, 'hallFloor', {
      attributes: ['position'],
      uniforms: ['world', 'viewProjection', 'eye', 'floorColor', 'gridColor', 'region', 'grid', 'look'],
      samplers: ['shadow'],
      needAlphaBlending: true,
    });
    material.backFaceCulling = false;
    material.disableDepthWrite = true;
    // A soft round shadow under the bench: bright in the middle of the picture means dark on the floor.
    const shadow = benchShadow(this.#stage);
    material.setTexture('shadow', shadow);
    material.setColor3('floorColor', Color3.FromHexString(colors.floor));
    material.setColor3('gridColor', Color3.FromHexString(colors.grid));
    material.setVector4('region', new Vector4(x, z, radiusM * 1.7, GROUND_FADE_M));
    material.setVector3('grid', new Vector3(0.1, 0.55, colors.gridStrength));
    material.setVector2('look', new Vector2(colors.shadowStrength * 0.8, 1));
    mesh.material = material;
    this.#ground = { mesh, material };
    this.#made.push({ dispose: () => mesh.dispose(false, true) }, shadow);
  }

  /** On see-through displays black is nothing: one light line shows where the design stands. */
  #makeRim({ centreInRoom: [x, top, z], radiusM }: Bench): void {
    const { scene } = this.#stage;
    const look = new PlainMaterial(scene, 'rim', '#dfe3e8', 0.9);
    const rim = bareMesh(scene, 'rim', ring(radiusM - 0.004, radiusM));
    rim.material = look.material;
    rim.position.set(x, top, z);
    this.#made.push({ dispose: () => rim.dispose(false, true) });
  }
}

function benchShadow(stage: Stage): RawTexture {
  const size = 64;
  const bytes = new Uint8Array(size * size * 4);
  for (let i = 0; i < size * size; i++) {
    const away = Math.hypot(((i % size) + 0.5) / size - 0.5, (Math.floor(i / size) + 0.5) / size - 0.5) * 2;
    const t = Math.max(0, Math.min(1, (0.95 - away) / 0.75));
    bytes.fill(Math.round(150 * t * t * (3 - 2 * t)), i * 4, i * 4 + 3);
    bytes[i * 4 + 3] = 255;
  }
  return RawTexture.CreateRGBATexture(bytes, size, size, stage.scene, false, false, 2);
}

function round(radiusM: number): { positions: number[]; indices: number[] } {
  const [positions, indices] = [[0, 0, 0], [] as number[]];
  const sides = 64;
  for (let i = 0; i < sides; i++) {
    positions.push(Math.cos((i / sides) * 2 * Math.PI) * radiusM, 0, Math.sin((i / sides) * 2 * Math.PI) * radiusM);
    indices.push(0, ((i + 1) % sides) + 1, i + 1);
  }
  return { positions, indices };
}

function ring(inner: number, outer: number): { positions: number[]; indices: number[] } {
  const [positions, indices] = [[] as number[], [] as number[]];
  const sides = 96;
  for (let i = 0; i < sides; i++) {
    const [c, s] = [Math.cos((i / sides) * 2 * Math.PI), Math.sin((i / sides) * 2 * Math.PI)];
    positions.push(c * inner, 0, s * inner, c * outer, 0, s * outer);
    const [a, b] = [i * 2, ((i + 1) % sides) * 2];
    indices.push(a, a + 1, b, b, a + 1, b + 1);
  }
  return { positions, indices };
}
