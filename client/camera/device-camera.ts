import { cameraFromFieldOfView, type Camera } from '#protocol/alignment/camera';
import { WorkhallError } from '#protocol/errors';
import { Store } from '#net/store';
import type { CameraSource } from './camera-source.ts';
import { keepLens, keptLens } from './kept-lens.ts';

/** Markers are found to a hundredth of a pixel: more pixels cost time and gain little. */
const WANTED: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const CHOSEN_STORED_AS = 'workhall.camera';

/** What browsers know of a lamp beside the lens; the types of TypeScript do not name it. */
interface Lamp {
  readonly torch?: boolean;
}

/**
 * The camera of a phone, a laptop or glasses: the one at the back first. Rejects with a WorkhallError that says what to do
 * when there is none, when it is forbidden, or when the page did not come over a secure line.
 */
export async function openDeviceCamera(): Promise<CameraSource> {
  if (!('mediaDevices' in navigator))
    throw new WorkhallError('camera', 'insecure', 'The browser gives cameras only to pages over HTTPS.', {
      next: 'Open the hall by its https address, or by localhost. The steps work without a camera.',
    });
  const source = new DeviceCamera();
  await source.open(localStorage.getItem(CHOSEN_STORED_AS));
  return source;
}

class DeviceCamera implements CameraSource {
  readonly kind = 'device';
  /** One stream for good: tracks come and go in it. */
  readonly stream = new MediaStream();
  readonly camera = new Store<Camera | null>(null);
  readonly choices = new Store<readonly { readonly id: string; readonly label: string }[]>([]);
  readonly torch = new Store<boolean | null>(null);
  readonly #sizer = document.createElement('video');

  constructor() {
    this.#sizer.muted = true;
    this.#sizer.playsInline = true;
    // A phone that is turned gives another picture.
    for (const news of ['loadedmetadata', 'resize']) this.#sizer.addEventListener(news, () => this.#readLens());
  }

  async open(wanted: string | null): Promise<void> {
    const given = await asked(wanted ? { ...WANTED, deviceId: { exact: wanted } } : facing())
      // The chosen one is gone, or has no such side: any will do.
      .catch((thrown: unknown) => (isMissing(thrown) ? asked(WANTED) : Promise.reject(thrown)))
      .catch((thrown: unknown) => Promise.reject(problemOf(thrown)));
    const [track] = given.getVideoTracks();
    if (!track) throw problemOf(new DOMException('', 'NotFoundError'));
    for (const old of this.stream.getTracks()) {
      old.stop();
      this.stream.removeTrack(old);
    }
    this.stream.addTrack(track);
    const lamp = (track.getCapabilities?.() ?? {}) as Lamp;
    this.torch.set(lamp.torch ? false : null);
    this.#sizer.srcObject = this.stream;
    await this.#sizer.play().catch(() => undefined); // without a picture yet: `resize` comes with it
    const all = await navigator.mediaDevices.enumerateDevices();
    const cameras = all.filter(({ kind }) => kind === 'videoinput');
    this.choices.set(
      cameras.length > 1
        ? cameras.map(({ deviceId, label }, at) => ({ id: deviceId, label: label || `${at + 1}` }))
        : [],
    );
  }

  async choose(id: string): Promise<void> {
    localStorage.setItem(CHOSEN_STORED_AS, id);
    await this.open(id);
  }

  async setTorch(isOn: boolean): Promise<void> {
    if (this.torch.get() === null) return;
    await this.stream.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: isOn } as MediaTrackConstraintSet] });
    this.torch.set(isOn);
  }

  readonly calibrated = (camera: Camera): void => {
    keepLens(this.#device, camera);
    this.#readLens();
  };

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
    this.#sizer.srcObject = null;
  }

  get #device(): string {
    return this.stream.getVideoTracks()[0]?.getSettings().deviceId ?? '';
  }

  #readLens(): void {
    const { videoWidth, videoHeight } = this.#sizer;
    if (videoWidth === 0) return;
    this.camera.set(keptLens(this.#device, videoWidth, videoHeight) ?? cameraFromFieldOfView(videoWidth, videoHeight));
  }
}

const facing = (): MediaTrackConstraints => ({ ...WANTED, facingMode: { ideal: 'environment' } });
const asked = (video: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ video, audio: false });

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof DOMException && ['OverconstrainedError', 'NotFoundError'].includes(thrown.name);

function problemOf(cause: unknown): WorkhallError {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError')
    return new WorkhallError('camera', 'forbidden', 'The browser does not let this page use the camera.', {
      next: 'Allow the camera beside the address, then try again. The steps work without a camera.',
      cause,
    });
  if (isMissing(cause))
    return new WorkhallError('camera', 'none', 'This device has no camera.', {
      next: 'Connect one, then try again. The steps work without a camera.',
      cause,
    });
  return new WorkhallError('camera', 'busy', 'The camera does not start.', {
    next: 'Close other programs that use it, then try again. The steps work without a camera.',
    cause,
  });
}
