import { deflateSync } from 'node:zlib';
import { pngChunk } from '#protocol/credentials/bake';

/**
 * The badge as PNG, 512 x 512: gear, ring and tick of `badge-picture`, drawn from distances with smooth edges. Without
 * the words: a renderer for fonts would be 5 MB for three lines that the certificate inside says anyway.
 */
const SIZE = 512;
const TEETH = 24;
const STEEL = [0x2b, 0x32, 0x39] as const;
const PAPER = [0xf7, 0xf8, 0xf9] as const;
const ACCENT = [0xe8, 0x59, 0x0c] as const;
/** The tick, in pixels: two strokes with round ends, half their width. */
const TICK = [
  [156, 262, 226, 332],
  [226, 332, 366, 178],
] as const;
const TICK_HALF_PX = 24;

let drawn: Uint8Array | undefined;

export function badgePng(): Uint8Array {
  drawn ??= draw();
  return drawn;
}

function draw(): Uint8Array {
  const rows = new Uint8Array(SIZE * (1 + SIZE * 4));
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) rows.set(pixel(x + 0.5, y + 0.5), y * (1 + SIZE * 4) + 1 + x * 4);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, SIZE);
  view.setUint32(4, SIZE);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA, no interlace
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows)), pngChunk('IEND', new Uint8Array())];
  return Buffer.concat([signature, ...chunks]);
}

function pixel(x: number, y: number): [number, number, number, number] {
  const radius = Math.hypot(x - 256, y - 256);
  const tooth = (((Math.atan2(y - 256, x - 256) / (2 * Math.PI)) * TEETH + TEETH) % 1) - 0.385;
  // Flanks rise over 22 % of the pitch.
  const rise = Math.min(1, Math.max(0, (0.385 - Math.abs(tooth)) / 0.22));
  const alpha = inside(radius - (236 + 16 * rise));
  let color = mixed(STEEL, PAPER, inside(radius - 214));
  color = mixed(color, ACCENT, inside(Math.abs(radius - 200) - 2.5));
  const tick = Math.min(...TICK.map((stroke) => toStroke(x, y, stroke)));
  color = mixed(color, ACCENT, inside(tick - TICK_HALF_PX));
  return [...color, Math.round(alpha * 255)] as [number, number, number, number];
}

/** 1 within, 0 beyond, smooth over one pixel. */
const inside = (distancePx: number): number => Math.min(1, Math.max(0, 0.5 - distancePx));

function toStroke(x: number, y: number, [ax, ay, bx, by]: (typeof TICK)[number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function mixed(under: readonly number[], over: readonly number[], part: number): number[] {
  return under.map((value, index) => Math.round(value + (over[index]! - value) * part));
}
