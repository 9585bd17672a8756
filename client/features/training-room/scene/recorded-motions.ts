import { framesOfFile, type MotionFrame } from '#protocol/procedures/index';

/** The ways of things that were recorded in files of the procedure: each is read once, and drawn when it is here. */
export class RecordedMotions {
  readonly #known = new Map<string, readonly MotionFrame[] | null>();
  readonly #read: (cid: string) => Promise<Uint8Array>;
  readonly #onRead: () => void;

  constructor(read: (cid: string) => Promise<Uint8Array>, onRead: () => void) {
    this.#read = read;
    this.#onRead = onRead;
  }

  /** Null while it is on its way, and for a file that is no motion. */
  framesOf(cid: string): readonly MotionFrame[] | null {
    const known = this.#known.get(cid);
    if (known !== undefined) return known;
    this.#known.set(cid, null);
    this.#read(cid)
      .then((bytes) => {
        this.#known.set(cid, framesOfFile(bytes));
        this.#onRead();
      })
      // The step can be done without it; the next visit tries again.
      .catch((thrown: unknown) => console.warn(`The motion ${cid} could not be read.`, thrown));
    return null;
  }
}
