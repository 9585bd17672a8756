import {
  NativeMesh,
  NativePlane,
  XRDevice,
  XRReferenceSpace,
  XRReferenceSpaceType,
  XRRigidTransform,
  XRSemanticLabels,
  XRView,
  XRWebGLBinding,
} from 'iwer';
import { EMULATED_DEVICES, type EmulatedDevice } from './emulated-devices.ts';

export { isEmulatedDevice } from './emulated-devices.ts';

/**
 * A headset without a headset: IWER's runtime in place of the browser's, for tests and for `npm run dev`. Loaded only
 * when the page is opened with `?xr=emulate`. Poses are metres in the emulated room, floor at 0.
 */
export function installEmulator(kind: EmulatedDevice = 'headset'): XRDevice {
  offsetSpacesWork();
  const { config, fovy } = EMULATED_DEVICES[kind];
  const device = new XRDevice(config, { stereoEnabled: false, fovy });
  device.installRuntime({ forceInstall: true });
  if (config.supportedFeatures.includes('dom-overlay')) overlaysShow();
  device.position.set(0, 1.6, 0);
  // What a place made of IWER's own things needs (@iwer/sem, which tests bring).
  const parts = { NativeMesh, NativePlane, XRRigidTransform, XRSemanticLabels };
  const emulated: Emulated = { device, parts, cameraShows: null };
  if ((config.supportedFeatures as readonly string[]).includes('camera-access')) camerasSee(emulated);
  Object.assign(window, { __workhallXr: emulated });
  return device;
}

export interface Emulated {
  readonly device: XRDevice;
  readonly parts: object;
  /** What the device's camera sees from where it is: RGBA, first row on top. Null: nothing yet. */
  cameraShows: { readonly widthPx: number; readonly heightPx: number; readonly pixels: Uint8Array } | null;
}

/**
 * IWER knows no raw camera (WebXR Raw Camera Access, editor's draft): views get one of the size of what it sees, and the binding hands it
 * over as a texture, whose first row is the lowest, as browsers do.
 */
function camerasSee(emulated: Emulated): void {
  Object.defineProperty(XRView.prototype, 'camera', {
    configurable: true,
    get: () => emulated.cameraShows && { width: emulated.cameraShows.widthPx, height: emulated.cameraShows.heightPx },
  });
  class SeeingBinding extends XRWebGLBinding {
    readonly #gl: WebGL2RenderingContext;
    readonly #texture: WebGLTexture;

    constructor(...[session, gl]: ConstructorParameters<typeof XRWebGLBinding>) {
      super(session, gl);
      this.#gl = gl as WebGL2RenderingContext;
      this.#texture = this.#gl.createTexture();
    }

    getCameraImage(): WebGLTexture | null {
      const gl = this.#gl;
      const seen = emulated.cameraShows;
      if (!seen) return null;
      const [bound, flips] = [gl.getParameter(gl.TEXTURE_BINDING_2D), gl.getParameter(gl.UNPACK_FLIP_Y_WEBGL)] as const;
      gl.bindTexture(gl.TEXTURE_2D, this.#texture);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
      const { widthPx, heightPx, pixels } = seen;
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, widthPx, heightPx, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, flips as boolean);
      gl.bindTexture(gl.TEXTURE_2D, bound as WebGLTexture | null);
      return this.#texture;
    }
  }
  Object.assign(globalThis, { XRWebGLBinding: SeeingBinding });
}

/**
 * IWER 2.5 hands the whole transform on where the matrix is expected, and the offset is lost (WebXR 7.2,
 * getOffsetReferenceSpace). Without it nobody could be moved through the room.
 */
function offsetSpacesWork(): void {
  XRReferenceSpace.prototype.getOffsetReferenceSpace = function (this: XRReferenceSpace, originOffset: unknown) {
    return new XRReferenceSpace(XRReferenceSpaceType.LocalFloor, this, (originOffset as XRRigidTransform).matrix);
  };
}

/**
 * IWER grants `dom-overlay` and shows nothing of it. The element that a page hands over stands over the picture, as on a
 * telephone (WebXR DOM Overlays 2.2), and the session says so.
 */
function overlaysShow(): void {
  const system = navigator.xr!;
  const request = system.requestSession.bind(system);
  system.requestSession = async (mode, init) => {
    const session = await request(mode, init);
    const root = (init as { domOverlay?: { root: HTMLElement } } | undefined)?.domOverlay?.root;
    if (root) {
      Object.assign(session, { domOverlayState: { type: 'screen' } });
      const { zIndex } = root.style;
      root.style.zIndex = '1000';
      session.addEventListener('end', () => (root.style.zIndex = zIndex));
    }
    return session;
  };
}
