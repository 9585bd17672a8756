import type { Camera } from '#protocol/alignment/camera';
import type { LookAnswer, LookRequest } from './align-work.ts';

export type Seen = Extract<LookAnswer, { kind: 'seen' }>;

export interface Frame {
  readonly widthPx: number;
  readonly heightPx: number;
  /** RGBA as `getImageData` or `readPixels` give it (first row on top), or grey. Handed over: not to be used afterwards. */
  readonly pixels: ArrayBuffer;
  readonly isGray?: boolean;
}

/** As much of a Worker as is used here. */
export interface WorkerLike {
  postMessage(message: LookRequest, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<LookAnswer>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

/**
 * Looks for markers in a worker of its own, one frame at a time: while it looks, newer frames are left out, so that an answer is
 * never older than one look. `dispose` ends the worker.
 */
export class MarkerEye {
  private readonly worker: WorkerLike;
  private asked = 0;
  private waiting: { number: number; resolve: (seen: Seen | null) => void; reject: (cause: Error) => void } | null =
    null;

  constructor(worker: WorkerLike = startWorker()) {
    this.worker = worker;
    worker.addEventListener('message', ({ data }) => this.answered(data));
    worker.addEventListener('error', ({ message }) =>
      this.settle()?.reject(new Error(`The marker worker stopped: ${message}`)),
    );
  }

  get isLooking(): boolean {
    return this.waiting !== null;
  }

  /** What the frame shows; null at once when an earlier frame is still being looked at. */
  look(frame: Frame, options: { camera?: Camera; withCodes?: boolean } = {}): Promise<Seen | null> {
    if (this.waiting) return Promise.resolve(null);
    const number = ++this.asked;
    const { widthPx, heightPx, pixels, isGray = false } = frame;
    return new Promise((resolve, reject) => {
      this.waiting = { number, resolve, reject };
      const request: LookRequest = {
        kind: 'look',
        number,
        widthPx,
        heightPx,
        pixels,
        isGray,
        camera: options.camera ?? null,
        withCodes: options.withCodes ?? false,
      };
      this.worker.postMessage(request, [pixels]);
    });
  }

  dispose(): void {
    this.worker.terminate();
    this.settle()?.resolve(null);
  }

  private answered(answer: LookAnswer): void {
    if (answer.number !== this.waiting?.number) return;
    const { resolve, reject } = this.settle()!;
    if (answer.kind === 'seen') resolve(answer);
    else reject(new Error(answer.message));
  }

  private settle(): typeof this.waiting {
    const one = this.waiting;
    this.waiting = null;
    return one;
  }
}

function startWorker(): WorkerLike {
  return new Worker(new URL('./align.worker.ts', import.meta.url), { type: 'module', name: 'markers' });
}
