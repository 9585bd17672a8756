/** A part is cut off and sent so often, ms: what a page that dies loses at most. */
const PART_MS = 5_000;
const AUDIO = ['audio/webm;codecs=opus', 'audio/mp4'];
const VIDEO = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'];

interface Destination {
  send(n: number, part: Blob): Promise<void>;
  finish(parts: number, type: string): Promise<unknown>;
}

/** Records a call in parts that leave the machine while it goes on. A part that does not get through is sent again. */
export class CallRecorder {
  readonly type: string;
  readonly #recorder: MediaRecorder;
  readonly #destination: Destination;
  #parts = 0;
  #sending: Promise<void> = Promise.resolve();
  #isOver = false;

  /** Null: this browser cannot record. */
  static of(sound: MediaStream, picture: MediaStream | null, destination: Destination): CallRecorder | null {
    if (typeof MediaRecorder === 'undefined') return null;
    const types = picture ? VIDEO : AUDIO;
    const type = types.find((one) => MediaRecorder.isTypeSupported(one));
    if (!type) return null;
    const stream = new MediaStream([...sound.getAudioTracks(), ...(picture?.getVideoTracks() ?? [])]);
    return new CallRecorder(stream, type, destination);
  }

  private constructor(stream: MediaStream, type: string, destination: Destination) {
    this.type = type.split(';')[0]!;
    this.#destination = destination;
    this.#recorder = new MediaRecorder(stream, {
      mimeType: type,
      audioBitsPerSecond: 32_000,
      videoBitsPerSecond: 400_000,
    });
    this.#recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      const n = this.#parts++;
      this.#sending = this.#sending.then(() => this.#send(n, data));
    };
    this.#recorder.start(PART_MS);
  }

  /** Resolves when everything is in the hall. */
  async stop(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#recorder.state !== 'inactive') {
      const stopped = new Promise((resolve) => this.#recorder.addEventListener('stop', resolve, { once: true }));
      this.#recorder.stop();
      await stopped;
    }
    await this.#sending;
    if (this.#parts > 0) await this.#destination.finish(this.#parts, this.type);
  }

  async #send(n: number, part: Blob): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#destination.send(n, part);
      } catch (thrown) {
        if (tries >= 20) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 1_000 * 2 ** tries)));
      }
    }
  }
}
