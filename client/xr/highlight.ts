import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { PartId } from '#protocol/ids';
import type { Stage } from '../scene/stage/stage.ts';
import type { World } from '../scene/world/world.ts';
import { weldedNormals } from './welded-normals.ts';

// The part once more, a little thicker, only its far side: what stands out around it is the outline. The thickness
// grows with the distance, so the line keeps its angle: 5 dmm.
Effect.ShadersStore['xrOutlineVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec3 normal;
uniform mat4 world;
uniform mat4 viewProjection;
uniform float width;
void main() {
  vec4 room = world * vec4(position, 1.0);
  float depth = (viewProjection * room).w;
  room.xyz += normalize(mat3(world) * normal) * width * depth;
  gl_Position = viewProjection * room;
}`;
Effect.ShadersStore['xrOutlineFragmentShader'] = /* glsl */ `
precision highp float;
uniform vec4 tint;
void main() {
  gl_FragColor = tint;
}`;
const WIDTH = 0.005;

export interface Mark {
  readonly color: string;
}

interface Shell {
  readonly mesh: Mesh;
  readonly shape: object;
  color: string;
}

/** Outlines in the headset: what a hand is about to take, what is chosen, what others hold. */
export class Highlight {
  readonly #shells = new Map<PartId, Shell>();
  readonly #materials = new Map<string, ShaderMaterial>();

  constructor(
    private readonly stage: Stage,
    private readonly world: Pick<World, 'isShown' | 'shapeOf' | 'poseInRoom'>,
  ) {}

  /** Once per frame: exactly these parts have an outline, where they are now. */
  show(marks: ReadonlyMap<PartId, Mark>): void {
    for (const [id, shell] of this.#shells) {
      const shape = marks.has(id) && this.world.isShown(id) ? this.world.shapeOf(id) : null;
      if (shape === shell.shape) continue;
      shell.mesh.dispose();
      this.#shells.delete(id);
    }
    for (const [id, { color }] of marks) {
      const shell = this.#shells.get(id) ?? this.#make(id, color);
      if (!shell) continue;
      if (shell.color !== color) {
        shell.color = color;
        shell.mesh.material = this.#material(color);
      }
      const { position, rotation } = this.world.poseInRoom(id);
      shell.mesh.position.set(...position);
      shell.mesh.rotationQuaternion!.set(...rotation);
    }
  }

  dispose(): void {
    for (const { mesh } of this.#shells.values()) mesh.dispose();
    for (const material of this.#materials.values()) material.dispose();
    this.#shells.clear();
    this.#materials.clear();
  }

  #make(id: PartId, color: string): Shell | null {
    const shape = this.world.isShown(id) ? this.world.shapeOf(id) : null;
    if (!shape) return null;
    const { positions, indices, normals } = shape.geometry;
    const mesh = new Mesh(`outline ${id}`, this.stage.scene);
    const data = new VertexData();
    data.positions = positions;
    data.indices = indices;
    data.normals = weldedNormals(positions, normals);
    data.applyToMesh(mesh);
    mesh.isPickable = false;
    mesh.alwaysSelectAsActiveMesh = true;
    mesh.sideOrientation = Material.CounterClockWiseSideOrientation;
    mesh.rotationQuaternion = Quaternion.Identity();
    mesh.material = this.#material(color);
    const shell = { mesh, shape, color };
    this.#shells.set(id, shell);
    return shell;
  }

  #material(color: string): ShaderMaterial {
    const known = this.#materials.get(color);
    if (known) return known;
    const material = new ShaderMaterial(`xr outline ${color}`, this.stage.scene, 'xrOutline', {
      attributes: ['position', 'normal'],
      uniforms: ['world', 'viewProjection', 'width', 'tint'],
    });
    const { r, g, b } = Color3.FromHexString(color);
    material.setVector4('tint', new Vector4(r, g, b, 1));
    material.setFloat('width', WIDTH);
    material.cullBackFaces = false;
    this.#materials.set(color, material);
    return material;
  }
}
