/// <reference types="webxr" />
import { Constants } from '@babylonjs/core/Engines/constants.js';
import type { Engine } from '@babylonjs/core/Engines/engine.js';
import type { Camera } from '@babylonjs/core/Cameras/camera.js';
import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import { Matrix } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { bareMesh } from './plain-material.ts';
import { metresOf } from './real-depth-values.ts';

/**
 * What is drawn hides nothing that is this much behind the real surface, metres and share of the distance: sensors of telephones and
 * headsets err by 1-2 % and tremble, and a cue lies right on the product.
 */
const SLACK_M = 0.02;
const SLACK_SHARE = 0.02;

Effect.ShadersStore['realDepthVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
varying vec2 vAt;
void main() {
  vAt = 0.5 * position.xy + 0.5;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`;
// `reading`: raw to metres, near and far of projective values (near 0: they are metres, far 0: no end), layer. `eye`: two values of the
// projection, slack. Said here, because Babylon cuts shaders at each semicolon, in comments as well.
Effect.ShadersStore['realDepthFragmentShader'] = /* glsl */ `
precision highp float;
varying vec2 vAt;
#ifdef LAYERED
uniform highp sampler2DArray depth;
#else
uniform highp sampler2D depth;
#endif
uniform mat4 depthFromView;
uniform vec4 reading;
uniform vec4 eye;
void main() {
#ifdef LAYERED
  vec2 at = (depthFromView * vec4(vAt, 0.0, 1.0)).xy;
  float raw = texture(depth, vec3(at, reading.w)).r;
#else
  vec2 at = (depthFromView * vec4(vAt.x, 1.0 - vAt.y, 0.0, 1.0)).xy;
  float raw = texture(depth, at).r;
#endif
  if (at.x < 0.0 || at.y < 0.0 || at.x > 1.0 || at.y > 1.0 || raw <= 0.0) discard;
  float metres = raw * reading.x;
  if (reading.y > 0.0) metres = reading.z > 0.0
    ? reading.y * reading.z / (reading.z - raw * (reading.z - reading.y))
    : reading.y / max(1.0 - raw, 1e-6);
  metres += eye.z + eye.w * metres;
  gl_FragDepthEXT = clamp(0.5 * (eye.y / metres - eye.x) + 0.5, 0.0, 1.0);
  gl_FragColor = vec4(0.0);
}`;

interface Seen {
  readonly texture: BaseTexture;
  readonly depthFromView: Matrix;
  readonly reading: readonly [rawToM: number, nearM: number, farM: number, layer: number];
}

/**
 * Real things hide what lies behind them, where the device senses depth (WebXR Depth Sensing Module): before anything else is drawn,
 * one pass over the picture writes the sensed depth and no colour. So it works for every material and together with parts that are drawn as
 * depth alone; Babylon's own feature patches a plugin into each standard material instead, which shaders of our own do not have.
 */
export class RealDepth {
  static readonly feature = 'depth-sensing';
  /** Telephones give values to the processor, headsets to the graphics card. */
  static readonly wish: XRDepthStateInit = {
    usagePreference: ['cpu-optimized', 'gpu-optimized'],
    dataFormatPreference: ['float32', 'luminance-alpha', 'unsigned-short'],
  };
  readonly #session: XRSession;
  readonly #scene: Scene;
  readonly #binding: XRWebGLBinding | null;
  readonly #mesh: Mesh;
  readonly #material: ShaderMaterial;
  readonly #observer: Observer<Camera>;
  #eyes: (Seen | null)[] = [];
  #isOver = false;
  readonly #values: (RawTexture | null)[] = [];
  #shared: { readonly of: WebGLTexture; readonly texture: BaseTexture } | null = null;

  private constructor(session: XRSession, scene: Scene, gl: WebGL2RenderingContext) {
    this.#session = session;
    this.#scene = scene;
    const isShared = session.depthUsage === 'gpu-optimized';
    this.#binding = isShared ? new XRWebGLBinding(session, gl) : null;
    this.#material = new ShaderMaterial('real depth', scene, 'realDepth', {
      attributes: ['position'],
      uniforms: ['depthFromView', 'reading', 'eye'],
      samplers: ['depth'],
      defines: isShared ? ['#define LAYERED'] : [],
    });
    this.#material.backFaceCulling = false;
    this.#material.disableColorWrite = true;
    this.#mesh = bareMesh(scene, 'real depth', { positions: [-1, -1, 0, 3, -1, 0, -1, 3, 0], indices: [0, 1, 2] });
    this.#mesh.material = this.#material;
    this.#mesh.setEnabled(false);
    this.#observer = scene.onBeforeCameraRenderObservable.add((camera) => this.#before(camera));
  }

  /** Null: the device senses none, or does not say so. Then parts that are known to stand there hide what is behind them. */
  static of(session: XRSession, scene: Scene, gl: WebGL2RenderingContext): RealDepth | null {
    const granted = (session as { enabledFeatures?: readonly string[] }).enabledFeatures ?? [];
    return granted.includes(RealDepth.feature) ? new RealDepth(session, scene, gl) : null;
  }

  /** The newest picture hides something. */
  get isSensing(): boolean {
    return this.#eyes.some((eye) => eye !== null);
  }

  /** Once per frame, within it. */
  tick(frame: XRFrame, space: XRReferenceSpace): void {
    if (this.#isOver) return;
    const views = frame.getViewerPose(space)?.views ?? [];
    try {
      this.#eyes = views.map((view, at) =>
        this.#binding ? this.#shareOf(this.#binding, view) : this.#read(frame, view, at),
      );
    } catch (cause) {
      // Granted and not given after all: the rest of the picture must not fail with it.
      console.info('The device gives no depth.', cause);
      this.#isOver = true;
      this.#eyes = [];
    }
    this.#mesh.setEnabled(this.isSensing);
  }

  dispose(): void {
    this.#scene.onBeforeCameraRenderObservable.remove(this.#observer);
    for (const texture of this.#values) texture?.dispose();
    this.#letGo();
    this.#mesh.dispose(false, true);
  }

  #read(frame: XRFrame, view: XRView, at: number): Seen | null {
    const seen = frame.getDepthInformation?.(view);
    if (!seen) return null;
    const { width, height, rawValueToMeters, normDepthBufferFromNormView } = seen;
    const values = metresOf(seen.data, this.#session.depthDataFormat ?? 'luminance-alpha', rawValueToMeters);
    const known = this.#values[at];
    const { width: w, height: h } = known?.getSize() ?? { width: 0, height: 0 };
    if (known && w === width && h === height) known.update(values);
    else {
      known?.dispose();
      this.#values[at] = RawTexture.CreateRTexture(
        values,
        width,
        height,
        this.#scene,
        false,
        false,
        Constants.TEXTURE_NEAREST_SAMPLINGMODE,
        Constants.TEXTURETYPE_FLOAT,
      );
    }
    return {
      texture: this.#values[at]!,
      depthFromView: Matrix.FromArray(normDepthBufferFromNormView.matrix),
      reading: [1, 0, 0, 0],
    };
  }

  #shareOf(binding: XRWebGLBinding, view: XRView): Seen | null {
    const seen = binding.getDepthInformation(view) as
      (XRWebGLDepthInformation & { depthNear?: number; depthFar?: number }) | null | undefined;
    if (!seen || seen.textureType !== 'texture-array') return null;
    if (this.#shared?.of !== seen.texture) {
      this.#letGo();
      const engine = this.#scene.getEngine() as Engine;
      const wrapped = engine.wrapWebGLTexture(
        seen.texture,
        false,
        Constants.TEXTURE_NEAREST_NEAREST,
        seen.width,
        seen.height,
      );
      wrapped.is2DArray = true;
      this.#shared = { of: seen.texture, texture: new BaseTexture(this.#scene, wrapped) };
    }
    const { depthNear: nearM = 0, depthFar: farM = 0 } = seen;
    return {
      texture: this.#shared!.texture,
      depthFromView: Matrix.FromArray(seen.normDepthBufferFromNormView.matrix),
      reading: [seen.rawValueToMeters, nearM, Number.isFinite(farM) ? farM : 0, seen.imageIndex ?? 0],
    };
  }

  /** The device's own texture stays the device's. */
  #letGo(): void {
    if (this.#shared) this.#shared.texture._texture = null;
    this.#shared?.texture.dispose();
    this.#shared = null;
  }

  #before(camera: Camera): void {
    if (!this.#mesh.isEnabled()) return;
    const eyes = camera.rigParent?.rigCameras ?? [camera];
    const seen = this.#eyes[Math.max(0, eyes.indexOf(camera))] ?? null;
    this.#mesh.isVisible = seen !== null;
    if (!seen) return;
    const projection = camera.getProjectionMatrix().m;
    this.#material.setTexture('depth', seen.texture);
    this.#material.setMatrix('depthFromView', seen.depthFromView);
    this.#material.setArray4('reading', [...seen.reading]);
    this.#material.setArray4('eye', [projection[10]!, projection[14]!, SLACK_M, SLACK_SHARE]);
  }
}
