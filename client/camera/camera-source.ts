import type { Camera } from '#protocol/alignment/camera';
import type { Readable } from '#net/index';

/**
 * Where a guidance room sees through: the camera of a phone, a laptop or glasses, or a rendered work station in its place, so
 * that anybody can try a job without hardware. Panels, alignment and calls know this and nothing more.
 */
export interface CameraSource {
  readonly kind: 'device' | 'rendered';
  /** One video track: shown behind the overlay, read for markers and codes, sent to the expert. */
  readonly stream: MediaStream;
  /** Lens and size of the picture as it is now; null until the first frame. A guess carries its doubt in `sigma`. */
  readonly camera: Readable<Camera | null>;
  /** Cameras to choose from; empty where there is one. */
  readonly choices: Readable<readonly { readonly id: string; readonly label: string }[]>;
  choose(id: string): Promise<void>;
  /** The light beside the lens, where the device has one that a page may switch. */
  readonly torch: Readable<boolean | null>;
  setTorch(isOn: boolean): Promise<void>;
  /** Keeps what a calibration found, on this device; null where the lens is known from the beginning. */
  readonly calibrated: ((camera: Camera) => void) | null;
  /** Ends the tracks; the camera's light goes out. */
  stop(): void;
}
