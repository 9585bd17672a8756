import { Effect } from '@babylonjs/core/Materials/effect.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { RenderTargetTexture } from '@babylonjs/core/Materials/Textures/renderTargetTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { PartId } from '#protocol/ids';
import type { Stage } from './stage/stage.ts';
import type { World } from './world/world.ts';

Effect.ShadersStore['outlineMaskVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
uniform mat4 world;
uniform mat4 viewProjection;
void main() { gl_Position = viewProjection * world * vec4(position, 1.0); }`;
Effect.ShadersStore['outlineMaskFragmentShader'] = /* glsl */ `
precision highp float;
uniform vec4 tint;
void main() { gl_FragColor = tint; }`;
Effect.ShadersStore['outlineVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
varying vec2 vUV;
void main() { vUV = position.xy * 0.5 + 0.5; gl_Position = vec4(position.xy, 0.0, 1.0); }`;
// Where the mask is empty but something masked lies within the width, the line is drawn in that thing's colour.
// size: width and height of the mask, line width; pixels.
Effect.ShadersStore['outlineFragmentShader'] = /* glsl */ `
precision highp float;
varying vec2 vUV;
uniform sampler2D mask;
uniform vec3 size;
void main() {
  vec4 here = texture2D(mask, vUV);
  vec4 found = vec4(0.0);
  float cover = 0.0;
  for (int i = 0; i < 16; i++) {
    float angle = float(i) * 0.3926991;
    vec2 way = vec2(cos(angle), sin(angle)) / size.xy;
    vec4 far = texture2D(mask, vUV + way * size.z);
    vec4 near = texture2D(mask, vUV + way * size.z * 0.5);
    if (far.a > found.a) found = far;
    if (near.a > found.a) found = near;
    cover += step(0.01, far.a) + step(0.01, near.a);
  }
  float line = smoothstep(0.0, 5.0, cover) * (1.0 - step(0.01, here.a));
  gl_FragColor = vec4(found.rgb, line * found.a);
}`;

/** A layer that the eye does not see: only the mask is drawn from it. */
const MASK_LAYER = 0x10000000;
const WIDTH_PX = 2.5;

export interface Outlined {
  readonly color: string;
  /** 0-1. */
  readonly strength: number;
}

/** Lines of constant pixel width around chosen parts, seen through whatever stands in front. Desktop only. */
export class Outline {
  readonly #stage: Stage;
  readonly #world: Pick<World, 'isShown' | 'poseInRoom' | 'shapeOf'>;
  readonly #mask: RenderTargetTexture;
  readonly #eye: TargetCamera;
  readonly #screen: Mesh;
  readonly #twins = new Map<PartId, { meshes: Mesh[]; look: Outlined; shape: unknown }>();
  readonly #materials = new Map<string, ShaderMaterial>();
  #wanted: ReadonlyMap<PartId, Outlined> = new Map();

  constructor(stage: Stage, world: Pick<World, 'isShown' | 'poseInRoom' | 'shapeOf'>) {
    this.#stage = stage;
    this.#world = world;
    const { scene, engine } = stage;
    this.#eye = new TargetCamera('mask eye', Vector3.Zero(), scene, false);
    this.#eye.rotationQuaternion = Quaternion.Identity();
    this.#eye.layerMask = MASK_LAYER;
    const size = { width: engine.getRenderWidth(), height: engine.getRenderHeight() };
    this.#mask = new RenderTargetTexture('outline mask', size, scene, { generateMipMaps: false });
    // Otherwise a line that leaves the picture on one side comes back on the other.
    this.#mask.wrapU = this.#mask.wrapV = Texture.CLAMP_ADDRESSMODE;
    this.#mask.clearColor = new Color4(0, 0, 0, 0);
    this.#mask.activeCamera = this.#eye;
    this.#mask.renderList = [];
    this.#screen = new Mesh('outline', scene);
    const corners = new VertexData();
    corners.positions = [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0];
    corners.indices = [0, 1, 2, 0, 2, 3];
    corners.applyToMesh(this.#screen);
    this.#screen.alwaysSelectAsActiveMesh = true;
    this.#screen.isPickable = false;
    this.#screen.renderingGroupId = 1;
    this.#screen.setEnabled(false);
    const material = new ShaderMaterial('outline', scene, 'outline', {
      attributes: ['position'],
      uniforms: ['size'],
      samplers: ['mask'],
      needAlphaBlending: true,
    });
    material.backFaceCulling = false;
    material.disableDepthWrite = true;
    material.depthFunction = 519;
    material.setTexture('mask', this.#mask);
    this.#screen.material = material;
    scene.onBeforeRenderObservable.add(() => this.#follow());
  }

  show(parts: ReadonlyMap<PartId, Outlined>): void {
    this.#wanted = parts;
    for (const [id, twin] of this.#twins) {
      const wanted = parts.get(id);
      if (wanted && wanted.color === twin.look.color && wanted.strength === twin.look.strength) continue;
      for (const mesh of twin.meshes) mesh.dispose();
      this.#twins.delete(id);
    }
    this.#stage.invalidate();
  }

  set isVisible(isVisible: boolean) {
    this.#screen.isVisible = isVisible;
  }

  dispose(): void {
    this.#mask.dispose();
    this.#screen.dispose(false, true);
  }

  #follow(): void {
    const { scene, engine, camera } = this.#stage;
    const isOn = this.#wanted.size > 0 && this.#screen.isVisible && !this.#stage.isImmersive;
    if (this.#screen.isEnabled() !== isOn) {
      this.#screen.setEnabled(isOn);
      const at = scene.customRenderTargets.indexOf(this.#mask);
      if (isOn && at < 0) scene.customRenderTargets.push(this.#mask);
      if (!isOn && at >= 0) scene.customRenderTargets.splice(at, 1);
    }
    if (!isOn) return;
    const [width, height] = [engine.getRenderWidth(), engine.getRenderHeight()];
    const known = this.#mask.getSize();
    if (known.width !== width || known.height !== height) this.#mask.resize({ width, height });
    this.#eye.position.copyFrom(camera.position);
    this.#eye.rotationQuaternion!.copyFrom(camera.rotationQuaternion!);
    Object.assign(this.#eye, { fov: camera.fov, minZ: camera.minZ, maxZ: camera.maxZ });
    const material = this.#screen.material as ShaderMaterial;
    material.setVector3('size', new Vector3(width, height, WIDTH_PX * this.#stage.pixelRatio));
    const list: Mesh[] = [];
    for (const [id, look] of this.#wanted) list.push(...this.#twin(id, look));
    this.#mask.renderList = list;
  }

  /** Meshes that stand for the part in the mask, brought to where it is now. */
  #twin(id: PartId, look: Outlined): Mesh[] {
    const shape = this.#world.isShown(id) ? this.#world.shapeOf(id) : null;
    let twin = this.#twins.get(id);
    if (twin && twin.shape !== shape) {
      for (const mesh of twin.meshes) mesh.dispose();
      this.#twins.delete(id);
      twin = undefined;
    }
    if (!shape) return [];
    if (!twin) {
      const mesh = new Mesh(`mask ${id}`, this.#stage.scene);
      const data = new VertexData();
      data.positions = shape.geometry.positions;
      data.indices = shape.geometry.indices;
      data.applyToMesh(mesh);
      mesh.layerMask = MASK_LAYER;
      mesh.isPickable = false;
      mesh.alwaysSelectAsActiveMesh = true;
      mesh.sideOrientation = Material.CounterClockWiseSideOrientation;
      mesh.material = this.#tint(look);
      mesh.rotationQuaternion = Quaternion.Identity();
      twin = { meshes: [mesh], look, shape };
      this.#twins.set(id, twin);
    }
    const pose = this.#world.poseInRoom(id);
    for (const mesh of twin.meshes) {
      mesh.position.set(...pose.position);
      mesh.rotationQuaternion!.set(...pose.rotation);
    }
    return twin.meshes;
  }

  #tint({ color, strength }: Outlined): ShaderMaterial {
    const key = `${color} ${strength}`;
    const known = this.#materials.get(key);
    if (known) return known;
    const material = new ShaderMaterial(`mask ${key}`, this.#stage.scene, 'outlineMask', {
      attributes: ['position'],
      uniforms: ['world', 'viewProjection', 'tint'],
    });
    const { r, g, b } = Color3.FromHexString(color);
    material.setVector4('tint', new Vector4(r, g, b, strength));
    material.backFaceCulling = false;
    this.#materials.set(key, material);
    return material;
  }
}
