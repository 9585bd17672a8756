/**
 * Baking (Open Badges 3.0, section 5.3): the signed certificate travels inside of its picture, PNG or SVG, and comes out
 * of it again wherever the file went.
 */
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const KEYWORD = 'openbadgecredential';
const SVG_NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';
/** Where a PNG has its first chunk after the header: 8 bytes of signature, IHDR with 13 bytes of data. */
const AFTER_HEADER = 8 + 12 + 13;

/** Puts the certificate into an `iTXt` chunk right after the header; one that was there goes out. */
export function bakePng(png: Uint8Array, certificate: object): Uint8Array {
  if (!isPng(png)) throw new TypeError('this is not a PNG');
  const chunk = iTxt(JSON.stringify(certificate));
  const rest = chunksOf(png)
    .filter((found) => found.at >= AFTER_HEADER && textOf(found) === null)
    .map(({ whole }) => whole);
  return concat([png.subarray(0, AFTER_HEADER), chunk, ...rest]);
}

/** Puts the certificate right after the `<svg …>` tag; one that was there goes out. */
export function bakeSvg(svg: string, certificate: object): string {
  const clean = svg.replace(/<openbadges:credential[\s\S]*?<\/openbadges:credential>/, '');
  const tag = /<svg\b[^>]*>/.exec(clean);
  if (!tag) throw new TypeError('this is not an SVG');
  const named = tag[0].includes('xmlns:openbadges')
    ? tag[0]
    : tag[0].replace(/^<svg/, `<svg xmlns:openbadges="${SVG_NAMESPACE}"`);
  // `]]>` would end the section; in JSON it can only stand inside of a string, where `>` may be written as an escape.
  const json = JSON.stringify(certificate).replaceAll(']]>', ']]\\u003e');
  const baked = `<openbadges:credential><![CDATA[${json}]]></openbadges:credential>`;
  const end = tag.index + tag[0].length;
  return clean.slice(0, tag.index) + named + baked + clean.slice(end);
}

/** The text of a certificate out of a PNG, an SVG, or a JSON file; null where there is none. */
export function unbake(file: Uint8Array): string | null {
  if (isPng(file))
    return (
      chunksOf(file)
        .map(textOf)
        .find((text) => text !== null) ?? null
    );
  const text = new TextDecoder().decode(file).trim();
  if (text.startsWith('{')) return text;
  const cdata = /<openbadges:credential[^>]*>\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*<\/openbadges:credential>/.exec(text);
  return cdata?.[1]?.trim() ?? null;
}

const isPng = (file: Uint8Array): boolean => PNG_SIGNATURE.every((byte, index) => file[index] === byte);

interface Chunk {
  readonly at: number;
  readonly type: string;
  readonly data: Uint8Array;
  /** With length and checksum. */
  readonly whole: Uint8Array;
}

/** Stops without complaint where the file is cut off. */
function chunksOf(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: Chunk[] = [];
  for (let at: number = PNG_SIGNATURE.length; at + 12 <= png.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > png.length) break;
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ at, type, data: png.subarray(at + 8, end - 4), whole: png.subarray(at, end) });
    at = end;
  }
  return chunks;
}

/** Keyword, 0, compression flag, method, language, 0, translated keyword, 0, text (PNG 11.3.3.4). */
function textOf({ type, data }: Chunk): string | null {
  if (type !== 'iTXt') return null;
  const keywordEnd = data.indexOf(0);
  if (new TextDecoder().decode(data.subarray(0, keywordEnd)) !== KEYWORD || data[keywordEnd + 1] !== 0) return null;
  const languageEnd = data.indexOf(0, keywordEnd + 3);
  const translatedEnd = data.indexOf(0, languageEnd + 1);
  if (languageEnd < 0 || translatedEnd < 0) return null;
  return new TextDecoder().decode(data.subarray(translatedEnd + 1));
}

function iTxt(text: string): Uint8Array {
  return pngChunk('iTXt', new TextEncoder().encode(`${KEYWORD}\0\0\0\0\0${text}`));
}

/** One chunk of a PNG: length, type, data, CRC-32 over type and data. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? 0xedb88320 ^ (word >>> 1) : word >>> 1;
  return word;
});

function crc32(bytes: Uint8Array): number {
  let word = 0xffffffff;
  for (const byte of bytes) word = CRC_TABLE[(word ^ byte) & 0xff]! ^ (word >>> 8);
  return (word ^ 0xffffffff) >>> 0;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
