import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import type { Material as BabylonMaterial } from '@babylonjs/core/Materials/material.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Shape } from '#protocol/design/index';
import { Store } from '../../net/store.ts';
import { boundsOfPositions, type ShapeGeometry } from '../geometry.ts';
import { tessellate } from '../parametric-mesh.ts';
import { shapeKey } from './instancing-plan.ts';

/** Part of an imported shape with a material of its own. */
export interface ShapePiece {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
  readonly uvs: Float32Array | null;
  /** Linear RGBA per vertex, where faces have colours of their own. */
  readonly colors: Float32Array | null;
  readonly material: BabylonMaterial | null;
}

export interface LoadedShape {
  /** All pieces as one, for picking and for material presets. */
  readonly geometry: ShapeGeometry;
  readonly pieces: readonly ShapePiece[];
}

const PARALLEL_DOWNLOADS = 6;
/** Work on arrived models in one go, ms; then the page gets its turn. */
const FRAME_BUDGET_MS = 10;

/** Every distinct shape once: parametric ones are made at once, imported ones come over HTTP by their CID. */
export class ShapeLibrary {
  readonly loading = new Store<{ readonly total: number; readonly loaded: number }>({ total: 0, loaded: 0 });
  readonly #scene: Scene;
  readonly #hallUrl: string;
  readonly #shapes = new Map<string, LoadedShape | 'loading' | 'failed'>();
  readonly #waiting: { key: string; cid: string }[] = [];
  readonly #onReady: (key: string) => void;
  #running = 0;
  #spentMs = 0;
  #isDisposed = false;

  constructor(scene: Scene, hallUrl: string, onReady: (key: string) => void) {
    this.#scene = scene;
    this.#hallUrl = hallUrl;
    this.#onReady = onReady;
  }

  /** The shape, or null while it is on its way; `onReady` tells when it has come. */
  get(shape: Shape): LoadedShape | null {
    const key = shapeKey(shape);
    const known = this.#shapes.get(key);
    if (known) return typeof known === 'string' ? null : known;
    if (shape.kind !== 'asset') {
      const geometry = tessellate(shape);
      const made: LoadedShape = { geometry, pieces: [{ ...geometry, uvs: null, colors: null, material: null }] };
      this.#shapes.set(key, made);
      return made;
    }
    this.#shapes.set(key, 'loading');
    this.#waiting.push({ key, cid: shape.cid });
    this.loading.update(({ total, loaded }) => ({ total: total + 1, loaded }));
    queueMicrotask(() => this.#next());
    return null;
  }

  /** Forgets shapes that no part uses any more (a dimension that was dragged leaves many). */
  forgetParametric(key: string): void {
    this.#shapes.delete(key);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting.length = 0;
  }

  #next(): void {
    while (this.#running < PARALLEL_DOWNLOADS && this.#waiting.length) {
      this.#running++;
      void this.#load(this.#waiting.shift()!).finally(() => {
        this.#running--;
        this.loading.update(({ total, loaded }) => ({ total, loaded: loaded + 1 }));
        this.#next();
      });
    }
  }

  async #load({ key, cid }: { key: string; cid: string }): Promise<void> {
    try {
      const response = await fetch(`${this.#hallUrl}/api/assets/${cid}`);
      if (!response.ok) throw new Error(`the hall answered ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (this.#spentMs > FRAME_BUDGET_MS) {
        await new Promise((resume) => setTimeout(resume));
        this.#spentMs = 0;
      }
      const startMs = performance.now();
      const { readGlb } = await import('./glb-reader.ts');
      const container = await readGlb(bytes, this.#scene);
      if (this.#isDisposed) return container.dispose();
      this.#shapes.set(key, readContainer(container, facesIn(bytes)));
      this.#onReady(key);
      this.#spentMs += performance.now() - startMs;
    } catch (cause) {
      // The part stays as its place in the tree; the next visit tries again.
      this.#shapes.set(key, 'failed');
      console.warn(`The model ${cid} could not be shown.`, cause);
    }
  }
}

/** Takes the numbers out of Babylon's meshes (which may be quantised and placed by nodes) and lets the meshes go. */
function readContainer(container: AssetContainer, faces: ShapeGeometry['faces']): LoadedShape {
  const pieces: ShapePiece[] = [];
  const edges: number[] = [];
  for (const mesh of container.meshes) {
    const local = mesh.getVerticesData(VertexBuffer.PositionKind);
    if (!local?.length) continue;
    const world = mesh.computeWorldMatrix(true);
    const positions = transformed(local, (v, out) => Vector3.TransformCoordinatesToRef(v, world, out));
    const indices = Uint32Array.from(mesh.getIndices() ?? Array.from({ length: positions.length / 3 }, (_, i) => i));
    if (isLines(mesh)) {
      for (const index of indices)
        edges.push(positions[index * 3]!, positions[index * 3 + 1]!, positions[index * 3 + 2]!);
      continue;
    }
    const localNormals = mesh.getVerticesData(VertexBuffer.NormalKind);
    const normals = localNormals
      ? transformed(localNormals, (v, out) => Vector3.TransformNormalToRef(v, world, out).normalize())
      : new Float32Array(positions.length);
    const uvs = mesh.getVerticesData(VertexBuffer.UVKind);
    const colors = mesh.getVerticesData(VertexBuffer.ColorKind);
    pieces.push({
      ...{ positions, normals, indices, material: mesh.material },
      uvs: uvs ? Float32Array.from(uvs) : null,
      colors: colors ? Float32Array.from(colors) : null,
    });
  }
  for (const material of container.materials) {
    material.backFaceCulling = false;
    material.zOffset = 1;
    material.zOffsetUnits = 1;
    container.scene.addMaterial(material);
  }
  for (const mesh of container.meshes) mesh.dispose(false, false);
  return { geometry: { ...merge(pieces), faces, edges: Float32Array.from(edges) }, pieces };
}

const LINE_MODES = new Set([4, 5, 6]);
const isLines = (mesh: AbstractMesh): boolean =>
  /^edges/.test(mesh.name) || (mesh.material !== null && LINE_MODES.has(mesh.material.fillMode));

const JSON_CHUNK = 0x4e4f534a;

/** Face ranges from `extras.faces` of the GLB's first mesh that has them (glTF 2.0, 4.4: the JSON chunk comes first). */
function facesIn(glb: Uint8Array): ShapeGeometry['faces'] {
  const view = new DataView(glb.buffer, glb.byteOffset, glb.byteLength);
  if (glb.byteLength < 20 || view.getUint32(16, true) !== JSON_CHUNK) return [];
  const text = new TextDecoder().decode(glb.subarray(20, 20 + view.getUint32(12, true)));
  const { meshes = [] } = JSON.parse(text) as { meshes?: { extras?: { faces?: [number, number][] } }[] };
  return meshes.find(({ extras }) => extras?.faces)?.extras?.faces ?? [];
}

function transformed(values: ArrayLike<number>, turn: (v: Vector3, out: Vector3) => unknown): Float32Array {
  const result = new Float32Array(values.length);
  const v = new Vector3();
  const out = new Vector3();
  for (let i = 0; i < values.length; i += 3) {
    v.set(values[i]!, values[i + 1]!, values[i + 2]!);
    turn(v, out);
    result[i] = out.x;
    result[i + 1] = out.y;
    result[i + 2] = out.z;
  }
  return result;
}

function merge(pieces: readonly ShapePiece[]): Pick<ShapeGeometry, 'positions' | 'normals' | 'indices' | 'boundsM'> {
  const vertices = pieces.reduce((sum, piece) => sum + piece.positions.length, 0);
  const positions = new Float32Array(vertices);
  const normals = new Float32Array(vertices);
  const indices = new Uint32Array(pieces.reduce((sum, piece) => sum + piece.indices.length, 0));
  let vertexAt = 0;
  let indexAt = 0;
  for (const piece of pieces) {
    positions.set(piece.positions, vertexAt);
    normals.set(piece.normals, vertexAt);
    piece.indices.forEach((index, i) => (indices[indexAt + i] = index + vertexAt / 3));
    vertexAt += piece.positions.length;
    indexAt += piece.indices.length;
  }
  return { positions, normals, indices, boundsM: boundsOfPositions(positions) };
}
