/** A picture of a video as pixels, and as a file. One canvas for all of them: a new one each time is garbage at 10 Hz. */
export class Frames {
  readonly #video: HTMLVideoElement;
  readonly #canvas = document.createElement('canvas');
  readonly #pen: CanvasRenderingContext2D;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    this.#pen = this.#canvas.getContext('2d', { willReadFrequently: true })!;
  }

  /** RGBA of the picture as it is now; null before the first. */
  take(): { widthPx: number; heightPx: number; pixels: ArrayBuffer } | null {
    if (!this.#draw()) return null;
    const { width, height } = this.#canvas;
    return { widthPx: width, heightPx: height, pixels: this.#pen.getImageData(0, 0, width, height).data.buffer };
  }

  /** A JPEG of the picture as it is now; null before the first. */
  async photo(): Promise<Blob | null> {
    if (!this.#draw()) return null;
    return new Promise((resolve) => this.#canvas.toBlob(resolve, 'image/jpeg', 0.88));
  }

  #draw(): boolean {
    const { videoWidth: width, videoHeight: height, readyState } = this.#video;
    if (width === 0 || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#pen.drawImage(this.#video, 0, 0, width, height);
    return true;
  }
}
