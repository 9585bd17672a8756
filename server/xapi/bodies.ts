import type { Request } from 'express';
import { WorkhallError } from '#protocol/errors';
import { problems } from './problems.ts';

/** What bodies may hold in this process together: a burst of large ones is told to come back instead of filling memory. */
const ALL_BODIES_BYTES = 256 * 2 ** 20;
/** Deeper than any statement; deeper ones would end a recursion instead of a request. */
const MAX_NESTING = 200;

let held = 0;

/** The whole body, never more than `limit` bytes of it. */
export async function readBody(request: Request, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw problems.tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      held += chunk.length;
      if (size > limit) throw problems.tooLarge(limit);
      if (held > ALL_BODIES_BYTES) throw problems.busy();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  } catch (thrown) {
    if (thrown instanceof WorkhallError) throw thrown;
    throw problems.badBody('ended before it was whole');
  } finally {
    held -= size;
  }
}

export function parseJson(bytes: Uint8Array | string): unknown {
  try {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (nesting(text) > MAX_NESTING) throw problems.badBody(`is nested deeper than ${MAX_NESTING}`);
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof WorkhallError) throw thrown;
    throw problems.badBody('is not JSON in UTF-8');
  }
}

/** Brackets inside of strings do not count. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 92) at += 1;
      else if (code === 34) isInString = false;
    } else if (code === 34) isInString = true;
    else if (code === 91 || code === 123) deepest = Math.max(deepest, ++depth);
    else if (code === 93 || code === 125) depth -= 1;
  }
  return deepest;
}
