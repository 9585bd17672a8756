/// <reference types="webxr" />
import type { Observer } from '@babylonjs/core/Misc/observable.js';
import { WebXRCamera } from '@babylonjs/core/XR/webXRCamera.js';
import { WebXRSessionManager } from '@babylonjs/core/XR/webXRSessionManager.js';
import { WorkhallError } from '#protocol/errors';
import type { Pose } from '#protocol/spatial/index';
import type { XrMode } from '../scene/room-view.types.ts';
import type { Stage } from '../scene/stage/stage.ts';
import { poseOf } from './hands/hand.ts';
import { RealDepth } from './real-depth.ts';
import { roomInLocal } from './rig.ts';

export interface XrMoment {
  readonly frame: XRFrame;
  /** The room's own frame: every pose asked for in it is a pose in the room. */
  readonly space: XRReferenceSpace;
}

/** What a place asks of the device beyond a floor and hands; each is used where it is granted. */
export interface XrWishes {
  readonly features: readonly string[];
  /** On telephones the page's own panels stand over the picture. */
  readonly overlayRoot?: HTMLElement | null;
}

/**
 * The headset draws the stage: session, eyes and floor space. Leaner than Babylon's default experience, which brings its
 * own pointers, menus and teleport (and asks the internet for models).
 */
export class HeadsetSession {
  readonly xr: XRSession;
  readonly mode: XrMode;
  readonly #stage: Stage;
  readonly #manager: WebXRSessionManager;
  readonly #camera: WebXRCamera;
  readonly #autoClear: boolean;
  readonly #observers: Observer<never>[] = [];
  #rig: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };

  private constructor(stage: Stage, mode: XrMode, manager: WebXRSessionManager, camera: WebXRCamera) {
    this.#stage = stage;
    this.mode = mode;
    this.#manager = manager;
    this.#camera = camera;
    this.xr = manager.session;
    this.#autoClear = stage.scene.autoClear;
  }

  /** Must be called from a click. Rejects with a WorkhallError when the device says no. */
  static async open(
    stage: Stage,
    mode: XrMode,
    onEnd: () => void,
    { features, overlayRoot = null }: XrWishes = { features: [] },
  ): Promise<HeadsetSession> {
    const manager = new WebXRSessionManager(stage.scene);
    const camera = new WebXRCamera('headset', stage.scene, manager);
    camera.minZ = 0.03;
    camera.maxZ = 100;
    camera.compensateOnFirstFrame = false;
    stage.isImmersive = true;
    try {
      await manager.initializeAsync();
      await manager.initializeSessionAsync(mode, {
        requiredFeatures: ['local-floor'],
        optionalFeatures: ['hand-tracking', ...features, ...(overlayRoot ? ['dom-overlay'] : [])],
        ...(overlayRoot ? { domOverlay: { root: overlayRoot } } : {}),
        ...(features.includes(RealDepth.feature) ? { depthSensing: RealDepth.wish } : {}),
      });
      await manager.setReferenceSpaceTypeAsync('local-floor');
      const target = manager.getWebXRRenderTarget();
      const baseLayer = await target.initializeXRLayerAsync(manager.session);
      manager.updateRenderState({ depthNear: camera.minZ, depthFar: camera.maxZ, baseLayer });
    } catch (cause) {
      stage.isImmersive = false;
      camera.dispose();
      if (manager.inXRSession) await manager.exitXRAsync();
      throw new WorkhallError('xr', 'not_opened', 'The headset did not open the session.', {
        next: 'Check that the headset is connected and awake, then try again.',
        cause,
      });
    }
    const opened = new HeadsetSession(stage, mode, manager, camera);
    manager.onXRSessionEnded.addOnce(() => {
      opened.#restore();
      onEnd();
    });
    stage.scene.activeCamera = camera;
    // Through the glasses one sees the real place wherever nothing is drawn.
    if (mode === 'immersive-ar') stage.scene.autoClear = false;
    manager.runXRRenderLoop();
    return opened;
  }

  /** Where the headset's floor space stands in the room. Setting it moves the person. */
  get rig(): Pose {
    return this.#rig;
  }

  set rig(rigInRoom: Pose) {
    this.#rig = rigInRoom;
    const { position: p, rotation: q } = roomInLocal(rigInRoom);
    const offset = new XRRigidTransform({ x: p[0], y: p[1], z: p[2] }, { x: q[0], y: q[1], z: q[2], w: q[3] });
    this.#manager.referenceSpace = this.#manager.baseReferenceSpace.getOffsetReferenceSpace(offset);
  }

  /** The device's own floor space, wherever the room lies in it. */
  get deviceSpace(): XRReferenceSpace {
    return this.#manager.baseReferenceSpace;
  }

  /** The page's panels stand over the picture. */
  get hasPageOver(): boolean {
    return 'domOverlayState' in this.xr && this.xr.domOverlayState !== null;
  }

  /** Called in each frame of the headset before it is drawn. */
  onFrame(listener: (moment: XrMoment) => void): void {
    const observer = this.#manager.onXRFrameObservable.add((frame) =>
      listener({ frame, space: this.#manager.referenceSpace }),
    );
    this.#observers.push(observer as Observer<never>);
  }

  /** Where the eyes are; null while the headset is not tracked. */
  headIn({ frame, space }: XrMoment): Pose | null {
    return poseOf(frame.getViewerPose(space));
  }

  /**
   * The fewest pictures a second that still look steady: who works for a shift needs battery and a cool device more than a game's
   * rate. Devices that offer no choice stay as they are.
   */
  async spare(leastHz = 60): Promise<void> {
    const rates = [...(this.xr.supportedFrameRates ?? [])].filter((hz) => hz >= leastHz);
    const [lowest] = rates.sort((a, b) => a - b);
    // Asked for and not given is no trouble: it draws more often than it must.
    if (lowest !== undefined && lowest !== this.xr.frameRate)
      await this.xr.updateTargetFrameRate?.(lowest)?.catch((cause: unknown) => console.info('The rate stays.', cause));
  }

  async end(): Promise<void> {
    await this.#manager.exitXRAsync();
  }

  #restore(): void {
    const { scene, engine, camera } = this.#stage;
    for (const observer of this.#observers) this.#manager.onXRFrameObservable.remove(observer as never);
    for (const eye of this.#camera.rigCameras) {
      eye.outputRenderTarget = null;
      // Babylon lends the scene's own targets to each eye, and an eye disposes what it holds: the floor's shadow too.
      eye.customRenderTargets.length = 0;
    }
    scene.activeCamera = camera;
    scene.autoClear = this.#autoClear;
    this.#stage.isImmersive = false;
    // The manager goes on with the canvas after its listeners; what is left follows in the next turn.
    setTimeout(() => {
      this.#camera.dispose();
      this.#manager.dispose();
      if (engine.isDisposed) return;
      engine.resize();
      this.#stage.invalidate();
    });
  }
}
