import { getMessageBytes, Protocol } from '@colyseus/core';
import { encodeBlock } from '#protocol/journal/index';

/** Bytes of entries in one message. */
const ENTRIES_MESSAGE_BYTES = 256 * 1024;

/** A whole message as it goes into the socket, made once for many. */
export const packMessage = (type: string, bytes: Uint8Array): Uint8Array =>
  getMessageBytes.raw(Protocol.ROOM_DATA_BYTES, type, undefined, bytes);

/** Splits blocks into bodies of `entries` messages that stay well under the frame limit. */
export function* packEntries(from: number, blocks: readonly Uint8Array[]): Generator<Uint8Array> {
  let start = 0;
  let bytes = 0;
  for (let i = 0; i <= blocks.length; i++) {
    const size = blocks[i]?.length ?? 0;
    if (i < blocks.length && (bytes === 0 || bytes + size <= ENTRIES_MESSAGE_BYTES)) {
      bytes += size;
      continue;
    }
    if (i > start) yield encodeBlock({ from: from + start, blocks: blocks.slice(start, i) }).bytes;
    start = i;
    bytes = size;
  }
}
