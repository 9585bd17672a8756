import { Engine } from '@babylonjs/core/Engines/engine.js';
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { ImageProcessingConfiguration } from '@babylonjs/core/Materials/imageProcessingConfiguration.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { endDrawing } from './end-drawing.ts';
import { lightHall } from './hall-light.ts';
import { Sharpness } from './sharpness.ts';
import { SurfaceLibrary, TO_KEY } from './surface.ts';
import { VERTICES_IN_SOFTWARE, VERTICES_ON_A_CARD, type Eye } from '../world/detail.ts';
import { THEMES, type Theme, type ThemeColors } from './theme.ts';

/** Sharper than twice the CSS pixel nobody sees, and it costs four times the work. */
const MAX_PIXEL_RATIO = 2;
export const FOV_RAD = 0.7;

/** Called once per animation frame before drawing. Returns true while it needs the next frame too. */
export type Ticker = (nowMs: number, elapsedMs: number) => boolean | void;

/** While models arrive, a slow machine draws only so often, ms: its time goes to the models. */
const BUSY_FRAME_EVERY_MS = 350;
const SLOW_INTERVAL_MS = 120;

/** A page may order how many pixels are drawn per CSS pixel: tests draw coarsely while nobody looks. */
interface PageOrders {
  readonly workhallPixels?: number;
}

/** Engine, scene, eye and light; draws only when something asked for it, and always while in a headset. */
export class Stage {
  readonly engine: Engine;
  readonly scene: Scene;
  readonly camera: TargetCamera;
  readonly key: DirectionalLight;
  readonly surfaces: SurfaceLibrary;
  readonly canvas: HTMLCanvasElement;
  /** Vertices that this machine draws without anybody waiting. */
  readonly vertexBudget: number;
  theme: Theme;
  /** Set while a headset session draws: every frame counts then. */
  isImmersive = false;
  /** Set while models arrive. */
  isBusy = false;
  /** A frame budget: on a desktop or telephone it draws no sooner after the picture before, ms. */
  leastFrameMs = 0;
  /** Number of frames drawn since the start, for tests and figures. */
  framesDrawn = 0;
  readonly #tickers = new Set<Ticker>();
  readonly #themeListeners = new Set<(colors: ThemeColors) => void>();
  readonly #observer: ResizeObserver;
  #framesWanted = 3;
  #lastMs = performance.now();
  readonly #sharpness = new Sharpness();
  #share = 1;
  #ordered: number | undefined;
  #lastDrawnMs = 0;
  #intervalMs = 16;
  /** Pixels of the full picture per CSS pixel. */
  readonly #pixelRatio: number;

  constructor(canvas: HTMLCanvasElement, theme: Theme) {
    this.canvas = canvas;
    this.theme = theme;
    // Smoothing takes a software renderer three times as long: there the first picture counts more than its rims.
    const isSoftware = drawsInSoftware();
    this.vertexBudget = isSoftware ? VERTICES_IN_SOFTWARE : VERTICES_ON_A_CARD;
    const isSmooth = !isSoftware || new URLSearchParams(location.search).has('smooth');
    this.engine = new Engine(
      canvas,
      isSmooth,
      { stencil: false, powerPreference: 'high-performance', xrCompatible: true },
      false,
    );
    this.engine.enableOfflineSupport = false;
    this.#pixelRatio = Math.min(devicePixelRatio || 1, MAX_PIXEL_RATIO);
    this.engine.setHardwareScalingLevel(1 / this.#pixelRatio);
    const scene = (this.scene = new Scene(this.engine));
    scene.useRightHandedSystem = true;
    scene.skipPointerMovePicking = true;
    scene.skipFrustumClipping = true;
    scene.detachControl();
    this.camera = new TargetCamera('eye', Vector3.Zero(), scene);
    this.camera.rotationQuaternion = Quaternion.Identity();
    this.camera.fov = FOV_RAD;
    this.camera.minZ = 0.01;
    this.camera.maxZ = 200;
    scene.activeCamera = this.camera;
    lightHall(scene);
    this.surfaces = new SurfaceLibrary(scene);
    this.key = new DirectionalLight('key', TO_KEY.negate(), scene);
    this.key.specular = new Color3(0.6, 0.6, 0.58);
    const image = scene.imageProcessingConfiguration;
    image.toneMappingEnabled = true;
    image.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_KHR_PBR_NEUTRAL;
    image.exposure = 1;
    this.setTheme(theme);
    this.engine.resize();
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    this.engine.runRenderLoop(this.#frame);
  }

  get colors(): ThemeColors {
    return THEMES[this.theme];
  }

  /** Pixels of the picture per CSS pixel, as it is drawn now. */
  get pixelRatio(): number {
    return this.#ordered ?? this.#pixelRatio * this.#share;
  }

  /** Size of the canvas in CSS pixels. */
  get sizePx(): readonly [number, number] {
    return [Math.max(1, this.canvas.clientWidth), Math.max(1, this.canvas.clientHeight)];
  }

  /** Where the picture is taken from, on the desktop and in a headset. */
  get eye(): Eye {
    const camera = this.scene.activeCamera ?? this.camera;
    const { x, y, z } = camera.globalPosition;
    return { position: [x, y, z], pixelsPerRad: this.engine.getRenderHeight() / (camera.fov || FOV_RAD) };
  }

  /** Asks for the picture to be drawn again. */
  readonly invalidate = (): void => {
    this.#framesWanted = Math.max(this.#framesWanted, 2);
  };

  onTick(ticker: Ticker): () => void {
    this.#tickers.add(ticker);
    return () => void this.#tickers.delete(ticker);
  }

  onTheme(listener: (colors: ThemeColors) => void): void {
    this.#themeListeners.add(listener);
    listener(this.colors);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    const { horizon, environment, key } = this.colors;
    const background = Color3.FromHexString(horizon);
    this.scene.clearColor = new Color4(background.r, background.g, background.b, 1);
    this.scene.environmentIntensity = environment;
    this.key.intensity = key;
    this.surfaces.setLight(environment, key * Math.PI);
    for (const listener of this.#themeListeners) listener(this.colors);
    this.invalidate();
  }

  dispose(): void {
    this.#observer.disconnect();
    endDrawing(this.scene);
  }

  readonly #frame = (): void => {
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    for (const ticker of this.#tickers) if (ticker(nowMs, elapsedMs) === true) this.invalidate();
    this.#obey(window as PageOrders);
    const sinceMs = nowMs - this.#lastDrawnMs;
    if (!this.isImmersive && sinceMs < this.leastFrameMs) return;
    const isMoving = this.#framesWanted > 0;
    if (!this.isImmersive && !isMoving && !this.#sharpness.isSharpDue(sinceMs)) return;
    if (this.isBusy && !this.isImmersive && this.#intervalMs > SLOW_INTERVAL_MS && sinceMs < BUSY_FRAME_EVERY_MS)
      return;
    // Consecutive frames only: a pause says nothing about the machine.
    if (elapsedMs > sinceMs - 2) {
      this.#intervalMs += (Math.min(sinceMs, 1000) - this.#intervalMs) * 0.3;
      if (!this.isImmersive && !this.isBusy) this.#sharpness.moved(this.#intervalMs);
    }
    this.#lastDrawnMs = nowMs;
    if (isMoving) this.#framesWanted--;
    if (!this.isImmersive) this.#resolve(this.#sharpness.next(isMoving));
    this.scene.render();
    this.framesDrawn++;
    if (this.#ordered !== undefined) this.canvas.dataset['drawnAt'] = String(this.#ordered);
    // Shaders compile in the background and their meshes are left out until then.
    if (this.#framesWanted === 0 && !this.isImmersive && !this.scene.isReady(false)) this.#framesWanted = 1;
  };

  #obey({ workhallPixels }: PageOrders): void {
    // A headset session makes the canvas as large as the window when it begins, and lays it out anew.
    if (workhallPixels !== undefined && this.isImmersive)
      this.engine.setSize(Math.round(innerWidth * workhallPixels), Math.round(innerHeight * workhallPixels));
    if (workhallPixels === this.#ordered) return;
    this.#ordered = workhallPixels;
    this.engine.setHardwareScalingLevel(1 / this.pixelRatio);
    this.invalidate();
  }

  /** Right before the picture is drawn: another size empties the canvas. */
  #resolve(share: number): void {
    if (share === this.#share) return;
    this.#share = share;
    this.engine.setHardwareScalingLevel(1 / this.pixelRatio);
  }

  #resize(): void {
    if (this.isImmersive) return;
    this.engine.resize();
    this.invalidate();
  }
}

export function drawsInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
