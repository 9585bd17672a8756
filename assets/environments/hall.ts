/**
 * The light of the hall: a bright workshop seen from its middle, as an equirectangular HDR for image-based lighting.
 *
 *   node --conditions=source assets/environments/hall.ts        writes hall.hdr beside this script
 *
 * A box-shaped room, looked at analytically: each pixel is a ray to a wall, and each wall knows what it shows there.
 * Large soft lamps overhead draw long calm highlights on metal; cool windows on the left and a warm wall on the right give
 * form its two temperatures; dark trusses and columns give reflections something to bend. Radiance is in units of a white wall.
 */
import { writeFileSync } from 'node:fs';
import { writeRgbe } from './rgbe.ts';

export const WIDTH = 512;
export const HEIGHT = 256;
/** Samples per pixel and axis. */
const SAMPLES = 4;
/** Mean radiance over the sphere after exposure: a grey card is lit to a mid tone at exposure 1. */
const MEAN_RADIANCE = 0.85;

type Rgb = readonly [number, number, number];
type Point = readonly [number, number, number];

/** Metres: the eye is the origin, 1.7 m above the floor. */
const ROOM = { halfWidth: 11, halfDepth: 15, floor: -1.7, ceiling: 6.8 } as const;

const COLOUR = {
  lamp: [14, 13.7, 13.2],
  daylight: [6.2, 7.4, 9],
  warmWall: [1.05, 0.92, 0.78],
  coolWall: [0.62, 0.68, 0.75],
  endWall: [0.78, 0.79, 0.8],
  floor: [0.4, 0.41, 0.42],
  ceiling: [0.2, 0.215, 0.235],
  steelwork: [0.055, 0.06, 0.068],
} as const satisfies Record<string, Rgb>;

const smooth = (from: number, to: number, value: number) => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
};
/** 1 inside a box of half extents, 0 outside, softened over `edge`. */
const inside = (x: number, y: number, halfX: number, halfY: number, edge: number) =>
  smooth(halfX + edge, halfX - edge, Math.abs(x)) * smooth(halfY + edge, halfY - edge, Math.abs(y));
const mix = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const scaled = (a: Rgb, by: number): Rgb => [a[0] * by, a[1] * by, a[2] * by];
/** Distance to the nearest multiple of `pitch`, counted from `offset`. */
const fromGrid = (value: number, pitch: number, offset = 0) =>
  Math.abs(((((value - offset) % pitch) + pitch * 1.5) % pitch) - pitch / 2);

/** Two rows of large soft panels along the hall. */
function ceiling(x: number, z: number): Rgb {
  const panel = inside(Math.abs(x) - 3.6, fromGrid(z, 6.4, 3.2), 1.55, 2.35, 0.35);
  const hotspot = 0.82 + 0.18 * inside(Math.abs(x) - 3.6, fromGrid(z, 6.4, 3.2), 0.6, 1.4, 0.9);
  const truss = Math.max(inside(fromGrid(z, 6.4), 0, 0.16, 1, 0.06), inside(x, 0, 0.14, 1, 0.06));
  return mix(mix(COLOUR.ceiling, scaled(COLOUR.lamp, hotspot), panel), COLOUR.steelwork, truss * 0.85);
}

/** Tall windows with mullions above a solid base, columns between them. */
function windowWall(z: number, y: number): Rgb {
  const bay = fromGrid(z, 5, 2.5);
  const glass = inside(bay, y - 2.9, 1.95, 2.1, 0.08);
  const mullion = Math.max(
    inside(fromGrid(bay, 1.3, 0.65), 0, 0.05, 1, 0.03),
    inside(fromGrid(y, 1.4, 0.8), 0, 0.05, 1, 0.03),
  );
  const sky = mix(scaled(COLOUR.daylight, 0.55), COLOUR.daylight, smooth(0.5, 5, y));
  const column = inside(fromGrid(z, 5), 0, 0.28, 1, 0.06);
  const wall = scaled(COLOUR.coolWall, 0.6 + 0.4 * smooth(ROOM.floor, 3, y));
  return mix(mix(wall, mix(sky, COLOUR.steelwork, mullion * 0.9), glass), scaled(COLOUR.steelwork, 2.2), column * 0.7);
}

/** Warm plaster, washed from above, with a darker dado and slender columns. */
function warmWall(z: number, y: number): Rgb {
  const wash =
    0.55 + 0.75 * smooth(ROOM.floor, ROOM.ceiling, y) + 0.25 * inside(fromGrid(z, 6, 3), y - 5, 1.6, 1.4, 1.6);
  const dado = smooth(0.1, -0.1, y);
  const column = inside(fromGrid(z, 6), 0, 0.22, 1, 0.05);
  return mix(
    mix(scaled(COLOUR.warmWall, wash), scaled(COLOUR.warmWall, 0.38), dado * 0.7),
    scaled(COLOUR.steelwork, 2.5),
    column * 0.55,
  );
}

/** The near end holds a large upright softbox, as a photographer would set it; the far end a pale gate. */
function endWall(x: number, y: number, isNear: boolean): Rgb {
  const base = scaled(COLOUR.endWall, 0.55 + 0.5 * smooth(ROOM.floor, ROOM.ceiling, y));
  if (isNear) return mix(base, [4.6, 4.5, 4.4], inside(x + 1.5, y - 3.1, 3.2, 1.9, 0.7));
  const gate = inside(x, y - 0.9, 3, 2.6, 0.05);
  const slat = 0.9 + 0.1 * smooth(0.05, 0.12, fromGrid(y, 0.55));
  return mix(base, scaled([1.15, 1.16, 1.18], slat), gate);
}

/** Matt sealed concrete: lit by the lamps above it, with their faint mirror image. */
function floor(x: number, z: number): Rgb {
  let light = 0.25;
  for (const lampX of [-3.6, 3.6])
    for (const lampZ of [-9.6, -3.2, 3.2, 9.6]) {
      const height = ROOM.ceiling - ROOM.floor;
      const square = (x - lampX) ** 2 + (z - lampZ) ** 2 + height * height;
      light += (17 * height * height) / (square * square);
    }
  const joint = Math.max(inside(fromGrid(x, 4, 2), 0, 0.03, 1, 0.03), inside(fromGrid(z, 4, 2), 0, 0.03, 1, 0.03));
  const window = 0.18 * smooth(2, -ROOM.halfWidth, x);
  const mirrored = scaled(ceiling(x * 0.8, z * 0.8), 0.02);
  const lit = mix(scaled(COLOUR.floor, light), COLOUR.daylight, window * 0.06);
  return mix(
    [lit[0] + mirrored[0], lit[1] + mirrored[1], lit[2] + mirrored[2]],
    scaled(COLOUR.floor, 0.5),
    joint * 0.5,
  );
}

/** Radiance seen in a direction (right-handed, Y up). */
export function radiance([dx, dy, dz]: Point): Rgb {
  const toX = ROOM.halfWidth / Math.max(1e-6, Math.abs(dx));
  const toZ = ROOM.halfDepth / Math.max(1e-6, Math.abs(dz));
  const toY = (dy > 0 ? ROOM.ceiling : -ROOM.floor) / Math.max(1e-6, Math.abs(dy));
  const t = Math.min(toX, toY, toZ);
  const [x, y, z] = [dx * t, dy * t, dz * t];
  if (t === toY) return dy > 0 ? ceiling(x, z) : floor(x, z);
  if (t === toX) return dx < 0 ? windowWall(z, y) : warmWall(z, y);
  return endWall(x, y, dz > 0);
}

export function renderHall(width = WIDTH, height = HEIGHT): Float32Array {
  const pixels = new Float32Array(width * height * 3);
  let sum = 0;
  let weights = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 3;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const u = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / width;
        const v = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / height;
        const [azimuth, polar] = [(u - 0.5) * 2 * Math.PI, v * Math.PI];
        const seen = radiance([
          Math.sin(azimuth) * Math.sin(polar),
          Math.cos(polar),
          -Math.cos(azimuth) * Math.sin(polar),
        ]);
        for (let k = 0; k < 3; k++) pixels[at + k]! += seen[k]! / (SAMPLES * SAMPLES);
      }
      const weight = Math.sin(((row + 0.5) / height) * Math.PI);
      sum += weight * (0.2126 * pixels[at]! + 0.7152 * pixels[at + 1]! + 0.0722 * pixels[at + 2]!);
      weights += weight;
    }
  const exposure = MEAN_RADIANCE / (sum / weights);
  return pixels.map((value) => value * exposure);
}

if (import.meta.main) {
  const bytes = writeRgbe(renderHall(), WIDTH, HEIGHT);
  writeFileSync(new URL('./hall.hdr', import.meta.url), bytes);
  console.log(`hall.hdr: ${WIDTH} x ${HEIGHT}, ${Math.round(bytes.byteLength / 1024)} kB`);
}
