import { boundsOfPositions, type ShapeGeometry } from '../../../scene/geometry.ts';

type Ball = readonly [x: number, y: number, z: number, rx: number, ry: number, rz: number];

/**
 * A closed right hand in the frame of its grip, metres: the palm at +X, fingers around the grip's axis (Z, -Z ahead), the
 * thumb along it, and the wrist.
 */
const FINGERS: readonly Ball[] = [-0.032, -0.011, 0.01, 0.03].flatMap((z): Ball[] => [
  [0.014, -0.03, z, 0.02, 0.0115, 0.0105],
  [-0.012, -0.027, z, 0.016, 0.0105, 0.0098],
  [-0.021, -0.011, z, 0.0095, 0.014, 0.0095],
]);
const BALLS: readonly Ball[] = [
  [0.024, -0.002, 0, 0.014, 0.034, 0.043],
  [0.016, 0.02, -0.004, 0.018, 0.016, 0.034],
  [-0.004, 0.027, -0.022, 0.012, 0.0105, 0.026],
  [0.018, 0.004, 0.058, 0.02, 0.026, 0.032],
  ...FINGERS,
];
const ROWS = 8;
const COLUMNS = 12;

/** The mirror image for the other hand. */
export function expertHand(side: 'left' | 'right'): ShapeGeometry {
  const [positions, normals, indices] = [[] as number[], [] as number[], [] as number[]];
  const mirror = side === 'left' ? -1 : 1;
  for (const [x, y, z, rx, ry, rz] of BALLS) {
    const first = positions.length / 3;
    for (let row = 0; row <= ROWS; row++)
      for (let column = 0; column <= COLUMNS; column++) {
        const [polar, around] = [(row / ROWS) * Math.PI, (column / COLUMNS) * 2 * Math.PI];
        const u = [Math.sin(polar) * Math.cos(around), Math.cos(polar), Math.sin(polar) * Math.sin(around)] as const;
        positions.push(mirror * x + u[0] * rx, y + u[1] * ry, z + u[2] * rz);
        const slope = [u[0] / rx, u[1] / ry, u[2] / rz];
        const n = Math.hypot(...slope);
        normals.push(...slope.map((value) => value / n));
        if (row === ROWS || column === COLUMNS) continue;
        const at = first + row * (COLUMNS + 1) + column;
        indices.push(at, at + 1, at + COLUMNS + 1, at + 1, at + COLUMNS + 2, at + COLUMNS + 1);
      }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    indices: Uint32Array.from(indices),
    faces: [],
    edges: new Float32Array(),
    boundsM: boundsOfPositions(positions),
  };
}
