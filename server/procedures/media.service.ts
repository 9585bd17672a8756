import { Injectable } from '@nestjs/common';
import { CidText } from '#protocol/ids';
import { AssetStore, sniffType, SNIFF_BYTES, type SafeType } from '../assets/index.ts';
import { problems } from './problems.ts';

export type MediaKind = 'audio' | 'video';
/** Some minutes of video as phones record it. */
export const MAX_MEDIA_BYTES = 256 * 1024 * 1024;

/** Containers that browsers play; a recorded voice comes as WebM, one from a telephone as MP4. */
const PLAYABLE: Readonly<Record<MediaKind, readonly SafeType[]>> = {
  audio: ['audio/mpeg', 'audio/ogg', 'audio/wav', 'video/webm', 'video/mp4'],
  video: ['video/webm', 'video/mp4'],
};

/** Sounds and videos of procedures. They stream into the store, and are what their first bytes say they are. */
@Injectable()
export class ProcedureMedia {
  constructor(private readonly assets: AssetStore) {}

  /** Throws `procedures.not_playable` and `procedures.media_too_large`; nothing of the file is kept then. */
  async store(kind: MediaKind, content: AsyncIterable<Uint8Array>): Promise<{ cid: CidText; bytes: number }> {
    const { cid, size } = await this.assets.putFile(checked(kind, content));
    return { cid: CidText.parse(cid.toString()), bytes: size };
  }
}

async function* checked(kind: MediaKind, content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array(0);
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > MAX_MEDIA_BYTES) throw problems.mediaTooLarge(MAX_MEDIA_BYTES);
    if (start === null) yield chunk;
    else {
      start = Buffer.concat([start, chunk]);
      if (start.length < SNIFF_BYTES) continue;
      requirePlayable(kind, start);
      yield start;
      start = null;
    }
  }
  if (start === null) return;
  requirePlayable(kind, start);
  yield start;
}

function requirePlayable(kind: MediaKind, start: Uint8Array): void {
  if (!PLAYABLE[kind].includes(sniffType(start))) throw problems.notPlayable(kind);
}
