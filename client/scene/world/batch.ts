import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { Material, type Material as BabylonMaterial } from '@babylonjs/core/Materials/material.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Pose } from '#protocol/spatial/index';
import { writePoseMatrix } from '../vec.ts';
import { SlotTable } from './instancing-plan.ts';
import type { LoadedShape } from './shape-library.ts';

export interface BatchLook {
  /** Material per piece of the shape, in the shape's order. */
  readonly surfaces: readonly BabylonMaterial[];
  readonly edge: BabylonMaterial;
  /** Whether the file's own materials are shown (then each piece has its own mesh). */
  readonly keepsPieces: boolean;
}

const FIRST_CAPACITY = 8;

/** All instances of one shape with one look: one mesh per piece and one line mesh, drawn as thin instances. */
export class Batch {
  readonly solids: readonly Mesh[];
  readonly #edges: Mesh | null;
  readonly #slots = new SlotTable();
  #matrices = new Float32Array(FIRST_CAPACITY * 16);
  #colors = new Float32Array(FIRST_CAPACITY * 4);
  #isGrown = true;
  #isDirty = false;

  constructor(scene: Scene, name: string, shape: LoadedShape, look: BatchLook) {
    const pieces = look.keepsPieces ? shape.pieces : [{ ...shape.geometry, uvs: null, colors: null }];
    this.solids = pieces.map((piece, index) => {
      const mesh = newMesh(`${name} ${index}`, scene);
      const data = new VertexData();
      data.positions = piece.positions;
      data.normals = piece.normals;
      data.indices = piece.indices;
      if (piece.uvs) data.uvs = piece.uvs;
      if (piece.colors) data.colors = piece.colors;
      data.applyToMesh(mesh);
      mesh.material = look.surfaces[index] ?? look.surfaces[0]!;
      return mesh;
    });
    this.#edges = shape.geometry.edges.length ? lines(`${name} edges`, scene, shape.geometry.edges) : null;
    if (this.#edges) this.#edges.material = look.edge;
  }

  get size(): number {
    return this.#slots.size;
  }

  get #meshes(): readonly Mesh[] {
    return this.#edges ? [...this.solids, this.#edges] : this.solids;
  }

  write(id: string, pose: Pose, color: readonly [number, number, number]): void {
    const known = this.#slots.size;
    const slot = this.#slots.add(id);
    if (this.#slots.size * 16 > this.#matrices.length) this.#grow();
    writePoseMatrix(pose, this.#matrices, slot * 16);
    this.#colors[slot * 4] = color[0];
    this.#colors[slot * 4 + 1] = color[1];
    this.#colors[slot * 4 + 2] = color[2];
    this.#colors[slot * 4 + 3] = 1;
    this.#isDirty = true;
    if (known !== this.#slots.size) this.#isGrown = true;
  }

  remove(id: string): void {
    const last = this.#slots.size - 1;
    const gap = this.#slots.remove(id);
    if (gap) {
      this.#matrices.copyWithin(gap.slot * 16, last * 16, last * 16 + 16);
      this.#colors.copyWithin(gap.slot * 4, last * 4, last * 4 + 4);
    }
    this.#isDirty = this.#isGrown = true;
  }

  /** Sends what changed to the graphics card; once per frame. */
  flush(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    for (const mesh of this.#meshes) {
      if (this.#isGrown) {
        // Without instances Babylon would draw the mesh itself, at the origin.
        mesh.setEnabled(this.#slots.size > 0);
        mesh.thinInstanceSetBuffer('matrix', this.#matrices, 16, false);
        mesh.thinInstanceSetBuffer('color', this.#colors, 4, false);
        mesh.thinInstanceCount = this.#slots.size;
      } else {
        mesh.thinInstanceBufferUpdated('matrix');
        mesh.thinInstanceBufferUpdated('color');
      }
    }
    this.#isGrown = false;
  }

  dispose(): void {
    for (const mesh of this.#meshes) mesh.dispose();
  }

  #grow(): void {
    const matrices = new Float32Array(this.#matrices.length * 2);
    const colors = new Float32Array(this.#colors.length * 2);
    matrices.set(this.#matrices);
    colors.set(this.#colors);
    this.#matrices = matrices;
    this.#colors = colors;
    this.#isGrown = true;
  }
}

function newMesh(name: string, scene: Scene): Mesh {
  const mesh = new Mesh(name, scene);
  mesh.isPickable = false;
  // Triangles wind as in glTF.
  mesh.sideOrientation = Material.CounterClockWiseSideOrientation;
  mesh.alwaysSelectAsActiveMesh = true;
  mesh.doNotSyncBoundingInfo = true;
  mesh.setEnabled(false);
  return mesh;
}

/** A mesh of unconnected line segments; its material draws it as lines. */
export function lines(name: string, scene: Scene, segments: Float32Array): Mesh {
  const mesh = newMesh(name, scene);
  const data = new VertexData();
  data.positions = segments;
  data.indices = Uint32Array.from({ length: segments.length / 3 }, (_, i) => i);
  data.applyToMesh(mesh);
  return mesh;
}
