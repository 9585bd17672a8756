import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { exactCamera, type Camera } from '#protocol/alignment/camera';
import type { Pose } from '#protocol/spatial/index';
import { endDrawing } from '../../scene/stage/end-drawing.ts';
import { lightHall } from '../../scene/stage/hall-light.ts';
import { drawsInSoftware, type Stage } from '../../scene/stage/stage.ts';
import { SurfaceLibrary } from '../../scene/stage/surface.ts';
import { THEMES } from '../../scene/stage/theme.ts';
import type { Eye } from '../../scene/world/detail.ts';

export const PICTURE = { widthPx: 1280, heightPx: 720, focalPx: 1000 } as const;
/** Every part in its own shape: a camera leaves nothing out. */
const VERTICES = 6_000_000;
const KEY_LIGHT = 1.5;

/** The lens of the rendered picture, known as no real one is. */
export const LENS: Camera = {
  ...exactCamera({
    widthPx: PICTURE.widthPx,
    heightPx: PICTURE.heightPx,
    focalPx: [PICTURE.focalPx, PICTURE.focalPx],
    centrePx: [PICTURE.widthPx / 2, PICTURE.heightPx / 2],
    radial: [0, 0],
  }),
  sigma: { focalShare: 0.0005, centrePx: 0.3, k1: 0.0005 },
};

/** A stage that is looked at through a lens: one size, smooth rims, drawn when asked. What `World` and models need of a `Stage`. */
export class CameraStage implements Pick<
  Stage,
  'eye' | 'invalidate' | 'onTheme' | 'scene' | 'surfaces' | 'vertexBudget'
> {
  readonly canvas = document.createElement('canvas');
  readonly engine: Engine;
  readonly scene: Scene;
  readonly surfaces: SurfaceLibrary;
  readonly vertexBudget = VERTICES;
  readonly #camera: FreeCamera;
  readonly #rotation = Quaternion.Identity();
  /** What has been drawn when the graphics are through with the newest picture. */
  #drawn: WebGLSync | null = null;
  isDirty = true;

  constructor() {
    const { canvas } = this;
    canvas.width = PICTURE.widthPx;
    canvas.height = PICTURE.heightPx;
    canvas.setAttribute('aria-hidden', 'true');
    // In the page, or browsers draw nothing on it; out of everybody's way.
    canvas.style.cssText =
      'position:fixed;left:0;top:0;width:2px;height:2px;opacity:0.01;pointer-events:none;z-index:-1';
    document.body.append(canvas);
    // Prints smooth themselves; the rest is smoothed where that costs nothing.
    this.engine = new Engine(canvas, !drawsInSoftware(), { preserveDrawingBuffer: true, stencil: false }, false);
    this.engine.enableOfflineSupport = false;
    this.engine.setSize(PICTURE.widthPx, PICTURE.heightPx);
    const scene = (this.scene = new Scene(this.engine));
    scene.useRightHandedSystem = true;
    scene.skipPointerMovePicking = true;
    scene.clearColor = new Color4(0.71, 0.74, 0.77, 1);
    scene.detachControl();
    this.#camera = new FreeCamera('lens', Vector3.Zero(), scene);
    this.#camera.rotationQuaternion = this.#rotation;
    this.#camera.fov = 2 * Math.atan(PICTURE.heightPx / 2 / PICTURE.focalPx);
    this.#camera.minZ = 0.05;
    this.#camera.maxZ = 30;
    lightHall(scene);
    this.surfaces = new SurfaceLibrary(scene);
    const { environment } = THEMES.light;
    this.surfaces.setLight(environment, KEY_LIGHT * Math.PI);
  }

  get eye(): Eye {
    const { x, y, z } = this.#camera.position;
    return { position: [x, y, z], pixelsPerRad: PICTURE.focalPx };
  }

  readonly invalidate = (): void => {
    this.isDirty = true;
  };

  onTheme(listener: Parameters<Stage['onTheme']>[0]): void {
    listener(THEMES.light);
  }

  /** The newest picture is still being drawn: what is ordered meanwhile waits behind it, and the page with it. */
  get isDrawing(): boolean {
    const gl = this.#gl;
    if (!this.#drawn || !gl) return false;
    if (gl.getSyncParameter(this.#drawn, gl.SYNC_STATUS) === gl.UNSIGNALED && !gl.isContextLost()) return true;
    gl.deleteSync(this.#drawn);
    this.#drawn = null;
    return false;
  }

  /** One picture from there. */
  draw({ position, rotation }: Pose): void {
    this.isDirty = false;
    this.#camera.position.set(...position);
    this.#rotation.set(...rotation);
    this.engine.beginFrame();
    this.scene.render();
    this.engine.endFrame();
    const gl = this.#gl;
    this.#drawn = gl?.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0) ?? null;
    gl?.flush();
    // Shaders compile in the background and their meshes are left out until then.
    if (!this.scene.isReady(false)) this.isDirty = true;
  }

  /** The same picture once more: a stream carries one when the canvas was touched, and this touches it without drawing. */
  repeat(): void {
    const gl = this.#gl;
    gl?.colorMask(false, false, false, false);
    gl?.clear(gl.COLOR_BUFFER_BIT);
    gl?.colorMask(true, true, true, true);
  }

  /** The one that the engine has. */
  get #gl(): WebGL2RenderingContext | null {
    return this.canvas.getContext('webgl2');
  }

  dispose(): void {
    endDrawing(this.scene);
    this.canvas.remove();
  }
}
