import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { WorkhallError } from '#protocol/errors';
import type { ByteRange } from './asset.store.ts';

const YEAR_S = 31_536_000;
const BODY_HEADERS = new Set([
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-type',
  'etag',
]);

export interface Body {
  /** Identifies the bytes for ever; without quotes. */
  readonly etag: string;
  readonly type: string;
  /** File name of a download; without one the browser may show the content. */
  readonly fileName?: string;
}

/**
 * Headers of bytes that can never change. The sandbox keeps content that someone uploaded from acting as a page of
 * this hall, whatever a browser makes of it.
 */
export function describeBody(response: Response, { etag, type, fileName }: Body): void {
  if (fileName !== undefined) response.attachment(fileName);
  response.setHeader('content-type', type);
  response.setHeader('etag', `"${etag}"`);
  response.setHeader('cache-control', `public, max-age=${YEAR_S}, immutable`);
  response.setHeader('content-security-policy', "default-src 'none'; sandbox");
  response.setHeader('x-content-type-options', 'nosniff');
}

/**
 * True when the browser has these very bytes; the answer is then complete. A reload (`no-cache`) only asks to have them
 * confirmed, and content under its own hash always is; Express would send it all again.
 */
export function answeredFromCache(request: Request, response: Response): boolean {
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known?.some((tag) => tag === '*' || tag === response.getHeader('etag'))) return false;
  response.status(304).end();
  return true;
}

/** The one range asked for, or undefined for the whole. Several ranges are answered with the whole (RFC 9110 §14.2). */
export function rangeOf(request: Request, response: Response, etag: string, size: number): ByteRange | undefined {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== `"${etag}"`) return undefined;
  const ranges = request.range(size, { combine: true });
  if (ranges === -1) {
    response.setHeader('content-range', `bytes */${size}`);
    throw new WorkhallError('assets', 'range_not_satisfiable', `The file has ${size} bytes; the range lies outside.`, {
      facts: { size },
      status: 416,
      next: 'Ask for bytes within the file.',
    });
  }
  const [range] = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges : [];
  return range && { offset: range.start, length: range.end - range.start + 1 };
}

/**
 * Streams at the reader's pace. A failure after the first byte ends the connection, so a cut answer never looks whole;
 * a reader that leaves is no failure.
 */
export async function send(request: Request, response: Response, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  if (request.method === 'HEAD') return void response.end();
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next().catch((error: unknown) => {
    // Nothing was sent yet: the headers of a good answer must not stay on the problem that replaces it.
    for (const name of response.getHeaderNames()) if (BODY_HEADERS.has(name)) response.removeHeader(name);
    throw error;
  });
  const rest = async function* () {
    for (let item = first; !item.done; item = await iterator.next()) yield item.value;
  };
  try {
    await pipeline(Readable.from(rest(), { objectMode: false }), response);
  } catch (error) {
    const isReaderGone = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isReaderGone) throw error;
  } finally {
    await iterator.return?.();
  }
}
