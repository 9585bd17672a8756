import '@babylonjs/core/Shaders/ShadersInclude/instancesDeclaration.js';
import '@babylonjs/core/Shaders/ShadersInclude/instancesVertex.js';
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { RenderTargetTexture } from '@babylonjs/core/Materials/Textures/renderTargetTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector2, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { BlurPostProcess } from '@babylonjs/core/PostProcesses/blurPostProcess.js';
import type { Bounds } from '../geometry.ts';
import type { Stage } from './stage.ts';

Effect.ShadersStore['hallFloorVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec3 vRoom;
void main() {
  vec4 room = world * vec4(position, 1.0);
  vRoom = room.xyz;
  gl_Position = viewProjection * room;
}`;

// region: centre x, centre z, half size, fade distance, metres. grid: fine step (m), share of the fine lines 0-1,
// strength. look: shadow strength, opacity. (Babylon's shader reader stumbles over comments beside uniforms.)
// Lines keep one pixel at any distance: their width is measured in derivatives, and steps finer than the picture fade.
Effect.ShadersStore['hallFloorFragmentShader'] = /* glsl */ `
precision highp float;
varying vec3 vRoom;
uniform vec3 eye;
uniform vec3 floorColor;
uniform vec3 gridColor;
uniform vec4 region;
uniform vec3 grid;
uniform vec2 look;
uniform sampler2D shadow;
float lines(vec2 p, float stepM) {
  vec2 cell = p / stepM;
  vec2 width = fwidth(cell);
  vec2 near = abs(fract(cell - 0.5) - 0.5) / max(width, vec2(1e-6));
  vec2 line = (1.0 - min(near, 1.0)) * (1.0 - smoothstep(0.12, 0.45, width));
  return max(line.x, line.y);
}
void main() {
  vec2 p = vRoom.xz;
  float away = length(p - region.xy) / region.w;
  float fade = 1.0 - smoothstep(0.25, 1.0, away);
  float fine = lines(p, grid.x) * grid.y;
  float coarse = lines(p, grid.x * 10.0);
  float line = max(fine * 0.55, coarse) * grid.z * fade;
  vec2 uv = (p - region.xy) / region.z * 0.5 + 0.5;
  float inside = step(0.0, uv.x) * step(uv.x, 1.0) * step(0.0, uv.y) * step(uv.y, 1.0);
  float dark = texture2D(shadow, uv).r * inside * look.x;
  vec3 color = mix(floorColor, gridColor, line) * (1.0 - dark);
  float above = gl_FrontFacing ? 1.0 : 0.25;
  float alpha = max(fade * 0.9, dark) * look.y * (eye.y > vRoom.y ? 1.0 : 0.2);
  gl_FragColor = vec4(color, alpha);
}`;

// Looks at the parts from below without a camera: the room's x and z are the picture, the height is the depth.
// region: centre x, centre z, half size, floor height; metres.
Effect.ShadersStore['contactShadowVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
#include<instancesDeclaration>
uniform vec4 region;
uniform float reach;
varying float vHeight;
void main() {
  #include<instancesVertex>
  vec4 room = finalWorld * vec4(position, 1.0);
  vHeight = max(0.0, room.y - region.w) / reach;
  gl_Position = vec4((room.xz - region.xy) / region.z, clamp(vHeight, 0.0, 1.0) * 2.0 - 1.0, 1.0);
}`;
Effect.ShadersStore['contactShadowFragmentShader'] = /* glsl */ `
precision highp float;
varying float vHeight;
void main() {
  float dark = exp(-3.2 * vHeight) * (1.0 - smoothstep(0.7, 1.0, vHeight));
  gl_FragColor = vec4(vec3(dark), 1.0);
}`;

const SHADOW_PX = 512;
/** The shadow follows at this pace while things move, ms. */
const SHADOW_EVERY_MS = 150;

/** Matt floor with a fading metric grid and the parts' contact shadow. */
export class Floor {
  /** Finest grid step that is drawn, metres: the overlay prints it. */
  stepM = 0.1;
  readonly #stage: Stage;
  readonly #mesh: Mesh;
  readonly #material: ShaderMaterial;
  readonly #shadow: RenderTargetTexture;
  readonly #shadowMaterial: ShaderMaterial;
  #bounds: Bounds = { min: [-0.5, 0, -0.5], max: [0.5, 0.5, 0.5] };
  #heightM = 0;
  #isShadowStale = true;
  #shadowDrawnMs = 0;
  #shadowTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #blurs: BlurPostProcess[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    const { scene, engine } = stage;
    this.#mesh = new Mesh('floor', scene);
    const corners = tiles();
    corners.applyToMesh(this.#mesh);
    this.#mesh.scaling.setAll(300);
    this.#mesh.alwaysSelectAsActiveMesh = true;
    this.#mesh.isPickable = false;
    this.#mesh.alphaIndex = -1;
    const material = (this.#material = new ShaderMaterial('floor', scene, 'hallFloor', {
      attributes: ['position'],
      uniforms: ['world', 'viewProjection', 'eye', 'floorColor', 'gridColor', 'region', 'grid', 'look'],
      samplers: ['shadow'],
      needAlphaBlending: true,
    }));
    material.backFaceCulling = false;
    material.disableDepthWrite = true;
    this.#mesh.material = material;
    const shadow = (this.#shadow = new RenderTargetTexture('contact shadow', SHADOW_PX, scene, {
      generateMipMaps: false,
      samplingMode: Texture.BILINEAR_SAMPLINGMODE,
      type: Constants.TEXTURETYPE_UNSIGNED_BYTE,
    }));
    shadow.wrapU = shadow.wrapV = Texture.CLAMP_ADDRESSMODE;
    shadow.clearColor = new Color4(0, 0, 0, 1);
    shadow.renderList = [];
    shadow.refreshRate = RenderTargetTexture.REFRESHRATE_RENDER_ONCE;
    shadow.ignoreCameraViewport = true;
    for (const [name, x, y, kernel] of [
      ['wide x', 1, 0, 26],
      ['wide y', 0, 1, 26],
    ] as const)
      this.#blurs.push(
        new BlurPostProcess(name, new Vector2(x, y), kernel, 1, null, Texture.BILINEAR_SAMPLINGMODE, engine),
      );
    for (const blur of this.#blurs) shadow.addPostProcess(blur);
    scene.customRenderTargets.push(shadow);
    this.#shadowMaterial = new ShaderMaterial('contact shadow', scene, 'contactShadow', {
      attributes: ['position'],
      uniforms: ['world', 'region', 'reach'],
    });
    this.#shadowMaterial.backFaceCulling = false;
    material.setTexture('shadow', shadow);
    stage.onTheme(({ floor, grid }) => {
      material.setColor3('floorColor', Color3.FromHexString(floor));
      material.setColor3('gridColor', Color3.FromHexString(grid));
    });
    scene.onBeforeRenderObservable.add(() => {
      this.#drawShadow();
      this.#follow();
    });
  }

  get heightM(): number {
    return this.#heightM;
  }

  set isVisible(isVisible: boolean) {
    this.#mesh.setEnabled(isVisible);
  }

  /** The floor's look, with grid and shadow, for another plate at the same height such as a work bench. */
  get surface(): ShaderMaterial {
    return this.#material;
  }

  /** Pictures of the product show its shadow without the grid. */
  hasGrid = true;

  /** What stands on the floor now; the shadow is drawn once more. */
  fit(bounds: Bounds, floorM: number): void {
    this.#bounds = bounds;
    this.#heightM = floorM;
    this.refreshShadow();
  }

  /** Meshes that throw a shadow; call again when the list changes. */
  castFrom(meshes: readonly Mesh[]): void {
    this.#shadow.renderList = [...meshes];
    this.#shadow.setMaterialForRendering(this.#shadow.renderList, this.#shadowMaterial);
    this.refreshShadow();
  }

  refreshShadow(): void {
    const { min, max } = this.#bounds;
    const size = Math.max(max[0] - min[0], max[2] - min[2], 0.02);
    const half = size * 0.95;
    const region = new Vector4((min[0] + max[0]) / 2, (min[2] + max[2]) / 2, half, this.#heightM);
    this.#shadowMaterial.setVector4('region', region);
    this.#shadowMaterial.setFloat('reach', Math.max(size * 0.55, 0.02));
    this.#isShadowStale = true;
    this.#stage.invalidate();
  }

  /** The shadow is drawn once its shaders are there; a frame too early would leave it empty. */
  #drawShadow(): void {
    if (!this.#isShadowStale) return;
    const waitMs = this.#shadowDrawnMs + SHADOW_EVERY_MS - performance.now();
    if (waitMs > 0) {
      clearTimeout(this.#shadowTimer);
      this.#shadowTimer = setTimeout(this.#stage.invalidate, waitMs);
      return;
    }
    this.#stage.invalidate();
    if (!this.#shadow.isReadyForRendering() || !this.#blurs.every((blur) => blur.isReady())) return;
    this.#isShadowStale = false;
    this.#shadowDrawnMs = performance.now();
    this.#shadow.resetRefreshCounter();
  }

  #follow(): void {
    const { camera, colors, scene } = this.#stage;
    const { min, max } = this.#bounds;
    const eye = scene.activeCamera?.globalPosition ?? camera.position;
    const centre = [(min[0] + max[0]) / 2, (min[2] + max[2]) / 2] as const;
    const size = Math.max(max[0] - min[0], max[2] - min[2], 0.02);
    const away = Math.hypot(eye.x - centre[0], eye.y - this.#heightM, eye.z - centre[1]);
    const scaled = Math.log10(Math.max(away, 0.01) * 0.12);
    const step = Math.floor(scaled);
    this.stepM = 10 ** step;
    const material = this.#material;
    this.#mesh.position.y = this.#heightM - size * 0.0006;
    material.setVector3('eye', new Vector3(eye.x, eye.y, eye.z));
    material.setVector3(
      'grid',
      new Vector3(this.stepM, 1 - (scaled - step) * 0.85, this.hasGrid ? colors.gridStrength : 0),
    );
    material.setVector4('region', new Vector4(centre[0], centre[1], size * 0.95, Math.max(size * 3.2, away * 2.2)));
    material.setVector2('look', new Vector2(colors.shadowStrength, 1));
  }

  dispose(): void {
    clearTimeout(this.#shadowTimer);
    this.#shadow.dispose();
    this.#mesh.dispose(false, true);
    this.#shadowMaterial.dispose();
  }
}

/** Where the floor is cut along x and z, as a share of its half size: ever smaller tiles towards the middle. */
const CUTS = [-1, -0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1, 1];

/**
 * The floor in tiles. As one square of 600 m its depth is off by a centimetre where a product stands (rasterisers
 * interpolate in single precision), and it covers the product's lowest faces.
 */
function tiles(): VertexData {
  const data = new VertexData();
  const count = CUTS.length;
  data.positions = CUTS.flatMap((x) => CUTS.flatMap((z) => [x, 0, z]));
  const indices: number[] = [];
  for (let x = 0; x + 1 < count; x++)
    for (let z = 0; z + 1 < count; z++) {
      const corner = x * count + z;
      indices.push(corner, corner + 1, corner + count + 1, corner, corner + count + 1, corner + count);
    }
  data.indices = indices;
  return data;
}
