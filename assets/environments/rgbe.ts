/** Radiance RGBE (.hdr): 8-bit mantissas with a shared exponent, run-length coded by scanline (Ward, Real Pixels, 1991). */
const MIN_RUN = 4;
const MAX_RUN = 127;
const MAX_LITERAL = 128;

/** `pixels`: linear RGB triplets, rows from top to bottom. `width` must lie between 8 and 32767 for the coded form. */
export function writeRgbe(pixels: Float32Array, width: number, height: number): Uint8Array {
  const header = new TextEncoder().encode(
    `#?RADIANCE\n# Workhall hall.ts\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`,
  );
  const body: number[] = [];
  for (let y = 0; y < height; y++) {
    const planes = [0, 1, 2, 3].map(() => new Uint8Array(width));
    for (let x = 0; x < width; x++)
      toRgbe(pixels, (y * width + x) * 3).forEach((byte, plane) => (planes[plane]![x] = byte));
    body.push(2, 2, width >> 8, width & 255);
    for (const plane of planes) runLengths(plane, body);
  }
  const file = new Uint8Array(header.length + body.length);
  file.set(header);
  file.set(body, header.length);
  return file;
}

function toRgbe(pixels: Float32Array, at: number): [number, number, number, number] {
  const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
  const most = Math.max(r, g, b);
  if (most < 1e-32) return [0, 0, 0, 0];
  const exponent = Math.floor(Math.log2(most)) + 1;
  const scale = 256 / 2 ** exponent;
  const byte = (value: number) => Math.min(255, Math.floor(value * scale));
  return [byte(r), byte(g), byte(b), exponent + 128];
}

function runLengths(plane: Uint8Array, out: number[]): void {
  for (let at = 0; at < plane.length;) {
    const run = runAt(plane, at);
    if (run >= MIN_RUN) {
      out.push(128 + run, plane[at]!);
      at += run;
      continue;
    }
    let end = at + 1;
    while (end < plane.length && end - at < MAX_LITERAL && runAt(plane, end) < MIN_RUN) end++;
    out.push(end - at, ...plane.subarray(at, end));
    at = end;
  }
}

function runAt(plane: Uint8Array, at: number): number {
  let run = 1;
  while (at + run < plane.length && run < MAX_RUN && plane[at + run] === plane[at]) run++;
  return run;
}
