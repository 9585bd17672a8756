import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { Material, type Material as BabylonMaterial } from '@babylonjs/core/Materials/material.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Pose } from '#protocol/spatial/index';
import { writePoseMatrix } from '../vec.ts';
import { boxOf, isFar, type Eye } from './detail.ts';
import { SlotTable } from './instancing-plan.ts';
import type { LoadedShape } from './shape-library.ts';

export interface BatchLook {
  /** Material per piece of the shape, in the shape's order. */
  readonly surfaces: readonly BabylonMaterial[];
  readonly edge: BabylonMaterial;
  /** Whether the file's own materials are shown (then each piece has its own mesh). */
  readonly keepsPieces: boolean;
}

interface Instances {
  readonly matrices: Float32Array;
  readonly colors: Float32Array;
  readonly count: number;
}

const FIRST_CAPACITY = 8;

/**
 * All instances of one shape with one look, drawn as thin instances: one mesh per piece and one line mesh for those that
 * are seen well, one box for those that are a few pixels large.
 */
export class Batch {
  readonly solids: readonly Mesh[];
  readonly #edges: Mesh | null;
  readonly #far: Mesh;
  readonly #diameterM: number;
  readonly #middleM: readonly [number, number, number];
  readonly #vertices: number;
  readonly #slots = new SlotTable();
  #matrices = new Float32Array(FIRST_CAPACITY * 16);
  #colors = new Float32Array(FIRST_CAPACITY * 4);
  /** By slot: 1 for an instance drawn as its box. */
  #isFar = new Uint8Array(FIRST_CAPACITY);
  #farCount = 0;
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
    const { min, max } = shape.geometry.boundsM;
    this.#far = newMesh(`${name} far`, scene);
    Object.assign(new VertexData(), boxOf(shape.geometry.boundsM)).applyToMesh(this.#far);
    this.#far.material = look.surfaces[0]!;
    this.#diameterM = Math.hypot(max[0] - min[0], max[1] - min[1], max[2] - min[2]);
    this.#middleM = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
    this.#vertices = (shape.geometry.positions.length + shape.geometry.edges.length) / 3;
  }

  /** Vertices to draw when every instance has its full shape. */
  get cost(): number {
    return this.#slots.size * this.#vertices;
  }

  /** Meshes that throw the contact shadow. */
  get casters(): readonly Mesh[] {
    return [...this.solids, this.#far];
  }

  /** Decides for each instance whether its box will do from this eye; null gives all their shape. */
  chooseDetail(eye: Eye | null): void {
    let farCount = 0;
    let isChanged = false;
    const m = this.#matrices;
    const [x, y, z] = this.#middleM;
    for (let slot = 0; slot < this.#slots.size; slot++) {
      const at = slot * 16;
      const far =
        eye !== null &&
        isFar(
          eye,
          m[at]! * x + m[at + 4]! * y + m[at + 8]! * z + m[at + 12]!,
          m[at + 1]! * x + m[at + 5]! * y + m[at + 9]! * z + m[at + 13]!,
          m[at + 2]! * x + m[at + 6]! * y + m[at + 10]! * z + m[at + 14]!,
          this.#diameterM,
          this.#isFar[slot] === 1,
        );
      if (far) farCount++;
      if ((this.#isFar[slot] === 1) === far) continue;
      this.#isFar[slot] = far ? 1 : 0;
      isChanged = true;
    }
    if (!isChanged && farCount === this.#farCount) return;
    this.#farCount = farCount;
    this.#isDirty = this.#isGrown = true;
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
    if (known !== this.#slots.size) {
      this.#isFar[slot] = 0;
      this.#isGrown = true;
    }
  }

  remove(id: string): void {
    const last = this.#slots.size - 1;
    const freed = this.#slots.slotOf(id);
    if (freed !== undefined) this.#farCount -= this.#isFar[freed]!;
    const gap = this.#slots.remove(id);
    if (gap) {
      this.#matrices.copyWithin(gap.slot * 16, last * 16, last * 16 + 16);
      this.#colors.copyWithin(gap.slot * 4, last * 4, last * 4 + 4);
      this.#isFar[gap.slot] = this.#isFar[last]!;
    }
    this.#isDirty = this.#isGrown = true;
  }

  /** Sends what changed to the graphics card; once per frame. */
  flush(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    if (this.#farCount > 0) {
      this.#draw(this.#meshes, this.#gather(0));
      this.#draw([this.#far], this.#gather(1));
    } else if (this.#isGrown) {
      this.#draw(this.#meshes, { matrices: this.#matrices, colors: this.#colors, count: this.#slots.size });
      this.#far.setEnabled(false);
    } else
      for (const mesh of this.#meshes) {
        mesh.thinInstanceBufferUpdated('matrix');
        mesh.thinInstanceBufferUpdated('color');
      }
    this.#isGrown = false;
  }

  #draw(meshes: readonly Mesh[], { matrices, colors, count }: Instances): void {
    for (const mesh of meshes) {
      // Without instances Babylon would draw the mesh itself, at the origin.
      mesh.setEnabled(count > 0);
      if (count === 0) continue;
      mesh.thinInstanceSetBuffer('matrix', matrices, 16, false);
      mesh.thinInstanceSetBuffer('color', colors, 4, false);
      mesh.thinInstanceCount = count;
    }
  }

  /** The instances that are far (1) or near (0), packed. */
  #gather(wanted: 0 | 1): Instances {
    const count = wanted === 1 ? this.#farCount : this.#slots.size - this.#farCount;
    const matrices = new Float32Array(count * 16);
    const colors = new Float32Array(count * 4);
    for (let slot = 0, to = 0; slot < this.#slots.size; slot++) {
      if (this.#isFar[slot] !== wanted) continue;
      matrices.set(this.#matrices.subarray(slot * 16, slot * 16 + 16), to * 16);
      colors.set(this.#colors.subarray(slot * 4, slot * 4 + 4), to * 4);
      to++;
    }
    return { matrices, colors, count };
  }

  dispose(): void {
    for (const mesh of [...this.#meshes, this.#far]) mesh.dispose();
  }

  #grow(): void {
    const matrices = new Float32Array(this.#matrices.length * 2);
    const colors = new Float32Array(this.#colors.length * 2);
    matrices.set(this.#matrices);
    colors.set(this.#colors);
    this.#matrices = matrices;
    this.#colors = colors;
    const isFarBySlot = new Uint8Array(this.#isFar.length * 2);
    isFarBySlot.set(this.#isFar);
    this.#isFar = isFarBySlot;
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
