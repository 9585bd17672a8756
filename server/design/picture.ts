/** Largest side of a picture, pixels. */
export const MAX_PICTURE_SIDE = 4096;
export const MAX_PICTURE_BYTES = 2 * 1024 * 1024;

export interface PictureHeader {
  readonly type: 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Reads type and size in pixels from the first 30 bytes, whatever the sender called it; null when it is neither PNG nor WebP. */
export function sniffPicture(bytes: Uint8Array): PictureHeader | null {
  if (bytes.length < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (PNG.every((byte, index) => bytes[index] === byte)) {
    if (text(bytes, 12, 16) !== 'IHDR') return null;
    return sized('image/png', view.getUint32(16), view.getUint32(20));
  }
  if (text(bytes, 0, 4) !== 'RIFF' || text(bytes, 8, 12) !== 'WEBP') return null;
  switch (text(bytes, 12, 16)) {
    case 'VP8 ': // lossy: 14 bits each after the start code
      return sized('image/webp', view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case 'VP8L': {
      // lossless: 14 bits each, minus one
      const packed = view.getUint32(21, true);
      return sized('image/webp', (packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X': // extended: 24 bits each, minus one
      return sized('image/webp', (view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1);
    default:
      return null;
  }
}

function sized(type: PictureHeader['type'], width: number, height: number): PictureHeader | null {
  const isSane = width > 0 && height > 0 && width <= MAX_PICTURE_SIDE && height <= MAX_PICTURE_SIDE;
  return isSane ? { type, width, height } : null;
}

const text = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
