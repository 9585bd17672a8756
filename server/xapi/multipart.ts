import { problems } from './problems.ts';

/** One part of a `multipart/mixed` message; names of headers in small letters. */
export interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

const CRLF = Buffer.from('\r\n');
const MAX_PARTS = 1001;
const MAX_HEADER_BYTES = 16_384;

/** The boundary that a content type names (RFC 2046 5.1.1), or null. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? bare ?? null;
}

/**
 * Splits a whole body by its boundary. The parsers at hand (busboy, formidable) know forms only: a part without a
 * `Content-Disposition`, as xAPI sends them, is dropped there.
 */
export function splitParts(body: Buffer, boundary: string): Part[] {
  const marker = Buffer.from(`\r\n--${boundary}`);
  // The first boundary may stand at the very start, without the line break that belongs to the others.
  const whole = Buffer.concat([CRLF, body]);
  const parts: Part[] = [];
  let at = whole.indexOf(marker);
  if (at < 0) throw problems.badBody('does not contain its boundary');
  for (;;) {
    at += marker.length;
    if (whole.subarray(at, at + 2).equals(Buffer.from('--'))) return parts;
    const lineEnd = whole.indexOf(CRLF, at);
    if (lineEnd < 0 || whole.subarray(at, lineEnd).toString().trim() !== '')
      throw problems.badBody('has a boundary that is not a line');
    const end = whole.indexOf(marker, lineEnd);
    if (end < 0) throw problems.badBody('does not end with its boundary');
    if (parts.length === MAX_PARTS) throw problems.badBody(`has more than ${MAX_PARTS} parts`);
    parts.push(partOf(whole.subarray(lineEnd + 2, Math.max(lineEnd + 2, end))));
    at = end;
  }
}

function partOf(bytes: Buffer): Part {
  const startsEmpty = bytes.subarray(0, 2).equals(CRLF);
  const headEnd = startsEmpty ? 0 : bytes.indexOf('\r\n\r\n');
  if (headEnd < 0 || headEnd > MAX_HEADER_BYTES) throw problems.badBody('has a part without an end of its headers');
  const headers = new Map<string, string>();
  for (const line of bytes.subarray(0, headEnd).toString('latin1').split('\r\n')) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw problems.badBody('has a part with a line that is no header');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: bytes.subarray(startsEmpty ? 2 : headEnd + 4) };
}

/** A part on its way out. */
export function writePart(boundary: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`--${boundary}\r\n${lines.join('')}\r\n`), body, CRLF]);
}

export const lastBoundary = (boundary: string): Buffer => Buffer.from(`--${boundary}--\r\n`);
