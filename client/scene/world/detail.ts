import type { Vec3 } from '#protocol/spatial/index';
import type { Bounds } from '../geometry.ts';

/**
 * What a picture may cost, and what is left out when it costs more: a part that is a few pixels large is drawn as its
 * box, without feature edges. A room of 2 000 parts has some 760 000 vertices; a processor that draws in software
 * transforms about two million a second, a graphics card some hundred times as many.
 */
export const VERTICES_IN_SOFTWARE = 120_000;
export const VERTICES_ON_A_CARD = 6_000_000;

/** Below this a part becomes its box, pixels across. It gets its shape back a little later, so that nothing flickers. */
const FAR_BELOW_PX = 24;
const NEAR_ABOVE_PX = 29;

/** Where the picture is taken from. */
export interface Eye {
  readonly position: Vec3;
  /** Pixels that a metre at a distance of one metre covers. */
  readonly pixelsPerRad: number;
}

/** Numbers instead of a vector: this runs for every part in every picture. `x y z`: its middle in the room, metres. */
export function isFar(eye: Eye, x: number, y: number, z: number, diameterM: number, wasFar: boolean): boolean {
  const [ex, ey, ez] = eye.position;
  const distanceM = Math.sqrt((x - ex) ** 2 + (y - ey) ** 2 + (z - ez) ** 2);
  const sizePx = (diameterM * eye.pixelsPerRad) / Math.max(distanceM - diameterM / 2, 1e-3);
  return sizePx < (wasFar ? NEAR_ABOVE_PX : FAR_BELOW_PX);
}

/** The box that stands for a shape from far away: 24 vertices with flat normals, in the shape's own frame, metres. */
export function boxOf({ min, max }: Bounds): { positions: Float32Array; normals: Float32Array; indices: Uint32Array } {
  const positions = new Float32Array(72);
  const normals = new Float32Array(72);
  const indices = new Uint32Array(36);
  for (let face = 0; face < 6; face++) {
    const axis = face >> 1;
    const isMax = (face & 1) === 1;
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
    for (let corner = 0; corner < 4; corner++) {
      const at = (face * 4 + corner) * 3;
      positions[at + axis] = (isMax ? max : min)[axis]!;
      positions[at + u] = (corner === 1 || corner === 2 ? max : min)[u]!;
      positions[at + v] = (corner >= 2 ? max : min)[v]!;
      normals[at + axis] = isMax ? 1 : -1;
    }
    const first = face * 4;
    // Counter-clockwise as seen from outside.
    const order = isMax ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2];
    indices.set(
      order.map((corner) => first + corner),
      face * 6,
    );
  }
  return { positions, normals, indices };
}
