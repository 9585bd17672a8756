import { Store } from '#net/store';

/** Long enough to show that nothing drips or turns; a few megabytes, which a poor line can carry. */
export const CLIP = { mostMs: 15_000, mostBytes: 24 * 1024 * 1024, bitsPerSecond: 2_500_000 } as const;
/** How often what was recorded is handed out, ms. */
const PART_MS = 250;
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];

/** A short clip of a camera, without sound. It ends by `stop`, by itself when it is long or large enough, and with its camera. */
export class ClipRecorder {
  /** So far; `ms` by the clock. */
  readonly taken = new Store<{ readonly ms: number; readonly bytes: number }>({ ms: 0, bytes: 0 });
  /** The file; null when nothing was recorded. */
  readonly done: Promise<Blob | null>;
  readonly #recorder: MediaRecorder;

  /** Null: this browser cannot record. */
  static of(camera: MediaStream, limits: { mostMs: number; mostBytes: number } = CLIP): ClipRecorder | null {
    if (typeof MediaRecorder === 'undefined') return null;
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    return type ? new ClipRecorder(new MediaStream(camera.getVideoTracks()), type, limits) : null;
  }

  private constructor(picture: MediaStream, type: string, limits: { mostMs: number; mostBytes: number }) {
    const recorder = new MediaRecorder(picture, { mimeType: type, videoBitsPerSecond: CLIP.bitsPerSecond });
    this.#recorder = recorder;
    const parts: Blob[] = [];
    let bytes = 0;
    const startedMs = performance.now();
    const tell = () => {
      const ms = performance.now() - startedMs;
      this.taken.set({ ms, bytes });
      if (ms >= limits.mostMs || bytes >= limits.mostBytes) this.stop();
    };
    // By the clock as well: of a picture that stands still no parts come.
    const clock = setInterval(tell, PART_MS);
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) parts.push(data);
      bytes += data.size;
      tell();
    };
    this.done = new Promise((resolve) => {
      recorder.onstop = () => {
        clearInterval(clock);
        resolve(bytes > 0 ? new Blob(parts, { type: type.split(';')[0]! }) : null);
      };
    });
    recorder.start(PART_MS);
  }

  stop(): void {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
  }
}
