import { Store } from '../net/store.ts';

export type MicrophoneTrouble = 'insecure' | 'noPermission' | 'noMicrophone';

/** Against the loudspeakers of the same device, the fan beside it, and people who sit far away. */
const PROCESSING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true } as const;

/** The person's microphone. Nothing is asked of the browser before `open`. */
export class Microphone {
  /** Microphones of this device; their names are known once one was allowed. */
  readonly devices = new Store<readonly MediaDeviceInfo[]>([]);
  readonly #onLost: () => void;
  readonly #again = () => void this.#list();
  #stream: MediaStream | null = null;

  /** `onLost`: unplugged, or taken away by the browser. */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
    this.media?.addEventListener('devicechange', this.#again);
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  get track(): MediaStreamTrack | null {
    return this.#stream?.getAudioTracks()[0] ?? null;
  }

  /** The id of the device in use. */
  get device(): string | null {
    return this.track?.getSettings().deviceId ?? null;
  }

  /** Null when it is open. Again with another device changes to it. */
  async open(device: string | null): Promise<MicrophoneTrouble | null> {
    if (!this.media) return 'insecure';
    try {
      const stream = await this.media.getUserMedia({
        audio: { ...PROCESSING, ...(device ? { deviceId: { ideal: device } } : {}) },
      });
      this.close();
      this.#stream = stream;
      const track = this.track;
      if (track) track.onended = () => this.track === track && this.#lose();
    } catch (thrown) {
      return troubleOf(thrown);
    }
    await this.#list();
    return null;
  }

  close(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  dispose(): void {
    this.close();
    this.media?.removeEventListener('devicechange', this.#again);
  }

  /** Browsers offer it on secure pages only: https, or this machine itself. */
  private get media(): MediaDevices | undefined {
    return globalThis.navigator?.mediaDevices;
  }

  #lose(): void {
    this.#stream = null;
    this.#onLost();
  }

  async #list(): Promise<void> {
    const all = (await this.media?.enumerateDevices().catch(() => [])) ?? [];
    this.devices.set(all.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== ''));
  }
}

function troubleOf(thrown: unknown): MicrophoneTrouble {
  const name = thrown instanceof Error ? thrown.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'noPermission' : 'noMicrophone';
}
