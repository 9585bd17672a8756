import readerUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { LookAnswer, LookRequest } from './align-work.ts';
import { findTags } from './find-tags.ts';
import { grayOf, type GrayPicture } from './picture.ts';

/** Looks for markers beside the page, so that a frame never waits for it. */
addEventListener('message', ({ data }: MessageEvent<LookRequest>) => {
  void look(data).then(
    (answer) => postMessage(answer),
    (cause: unknown) =>
      postMessage({ kind: 'failed', number: data.number, message: String(cause) } satisfies LookAnswer),
  );
});

async function look(request: LookRequest): Promise<LookAnswer> {
  const from = performance.now();
  const { widthPx, heightPx, pixels, isGray, number } = request;
  const bytes = new Uint8Array(pixels);
  const picture: GrayPicture = isGray ? { widthPx, heightPx, data: bytes } : grayOf(bytes, widthPx, heightPx);
  const camera = request.camera ?? undefined;
  const { sightings, partlyHidden } = findTags(picture, camera);
  let codes: Extract<LookAnswer, { kind: 'seen' }>['codes'] = [];
  if (request.withCodes) {
    const reader = await import('./find-codes.ts');
    await reader.prepareReader({ url: readerUrl });
    const read = await reader.findCodes(picture, camera);
    codes = read.map(({ format, text, cornersPx, sighting }) => ({ format, text, cornersPx, sighting }));
  }
  return { kind: 'seen', number, tags: sightings, partlyHidden, codes, tookMs: performance.now() - from };
}
