/// <reference types="webxr" />
import { cameraFromProjection, type Camera } from '#protocol/alignment/camera';
import type { Pose } from '#protocol/spatial/index';
import { poseOf } from './hands/hand.ts';

/** Not in TypeScript's types yet (WebXR Raw Camera Access, editor's draft). */
interface ViewWithCamera extends XRView {
  readonly camera?: { readonly width: number; readonly height: number };
}
interface CameraBinding {
  getCameraImage(camera: NonNullable<ViewWithCamera['camera']>): WebGLTexture | null;
}
type CameraBindingKind = new (session: XRSession, gl: WebGL2RenderingContext) => CameraBinding;

export interface CameraPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** RGBA, first row on top. */
  readonly pixels: ArrayBuffer;
  readonly camera: Camera;
  readonly cameraInDevice: Pose;
}

/** The pictures of a device's own camera while it draws: with its lens, and where it was, in the device's space. */
export class CameraPictures {
  static readonly feature = 'camera-access';
  readonly #gl: WebGL2RenderingContext;
  readonly #binding: CameraBinding;
  readonly #target: WebGLFramebuffer;

  private constructor(session: XRSession, gl: WebGL2RenderingContext, Kind: CameraBindingKind) {
    this.#gl = gl;
    this.#binding = new Kind(session, gl);
    this.#target = gl.createFramebuffer()!;
  }

  /** Null: the device does not give them. */
  static of(session: XRSession, gl: WebGL2RenderingContext): CameraPictures | null {
    const granted = (session as { enabledFeatures?: readonly string[] }).enabledFeatures ?? [];
    const { XRWebGLBinding: Kind } = globalThis as { XRWebGLBinding?: CameraBindingKind };
    return granted.includes(CameraPictures.feature) && Kind ? new CameraPictures(session, gl, Kind) : null;
  }

  /** Only within a frame. Waits for the graphics card: a few times a second, not more. */
  take(frame: XRFrame, deviceSpace: XRReferenceSpace): CameraPicture | null {
    const view = frame.getViewerPose(deviceSpace)?.views.find((one) => 'camera' in one && one.camera) as
      ViewWithCamera | undefined;
    const texture = view?.camera && this.#binding.getCameraImage(view.camera);
    const cameraInDevice = view ? poseOf({ transform: view.transform } as XRPose) : null;
    if (!view?.camera || !texture || !cameraInDevice) return null;
    const gl = this.#gl;
    const { width, height } = view.camera;
    const pixels = new Uint8Array(4 * width * height);
    const before = gl.getParameter(gl.FRAMEBUFFER_BINDING) as WebGLFramebuffer | null;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#target);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    gl.bindFramebuffer(gl.FRAMEBUFFER, before);
    return {
      ...{ widthPx: width, heightPx: height, pixels: topRowFirst(pixels, width).buffer, cameraInDevice },
      camera: cameraFromProjection(view.projectionMatrix, width, height),
    };
  }

  dispose(): void {
    this.#gl.deleteFramebuffer(this.#target);
  }
}

/** WebGL reads from the lowest row up. */
export function topRowFirst(pixels: Uint8Array, widthPx: number): Uint8Array<ArrayBuffer> {
  const row = 4 * widthPx;
  const out = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += row) out.set(pixels.subarray(at, at + row), pixels.length - row - at);
  return out;
}
