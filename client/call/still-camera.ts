import type { StillSize } from './still-flow.ts';

/** A frame is waited for at most this long, ms. */
const WAIT_MS = 2_000;
const FINE: StillSize = { widthPx: 1920, quality: 0.85, mostBytes: Infinity };
/** A picture that is too large is made coarser so often. */
const MOST_TRIES = 4;

/** Takes single pictures of a camera's stream. */
export class StillCamera {
  #video: HTMLVideoElement | null = null;

  watch(stream: MediaStream | null): void {
    if (this.#video) this.#video.srcObject = null;
    this.#video = null;
    if (!stream) return;
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    video.play().catch((thrown: unknown) => console.debug('camera', thrown));
    this.#video = video;
  }

  /** JPEG of what the camera sees now; null: no frame has come. */
  async take(size: StillSize = FINE): Promise<{ picture: Blob; widthPx: number; heightPx: number } | null> {
    const video = this.#video;
    if (!video || !(await hasFrame(video))) return null;
    let { widthPx, quality } = size;
    for (let tries = 1; ; tries++) {
      const scale = Math.min(1, widthPx / video.videoWidth);
      const canvas = document.createElement('canvas');
      canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
      canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
      canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { width, height } = canvas;
      const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
      if (!picture) return null;
      if (picture.size <= size.mostBytes) return { picture, widthPx: width, heightPx: height };
      if (tries === MOST_TRIES) return null;
      [widthPx, quality] = [widthPx * 0.75, quality * 0.8];
    }
  }
}

async function hasFrame(video: HTMLVideoElement): Promise<boolean> {
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return true;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, WAIT_MS);
    video.addEventListener('loadeddata', () => (clearTimeout(timer), resolve()), { once: true });
  });
  return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
}
