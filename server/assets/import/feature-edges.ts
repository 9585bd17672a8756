/** The lines a draughtsman would draw: where two faces meet, where the surface ends, where it folds sharply. */
import { weld } from './weld.ts';
import type { Welded } from './weld.ts';
import type { CadFace } from './cad-model.ts';

export const CREASE_RAD = Math.PI / 6;

export interface FeatureEdges {
  readonly positions: Float32Array<ArrayBuffer>;
  /** Pairs of vertices. */
  readonly indices: Uint32Array;
}

export function findFeatureEdges(
  positions: Float32Array,
  indices: Uint32Array,
  faces: readonly CadFace[],
  welded: Welded = weld(positions),
): FeatureEdges {
  const { ids } = welded;
  const faceOf = new Uint32Array(indices.length / 3);
  faces.forEach((face, index) => faceOf.fill(index, face.first, face.first + face.count));
  const cosine = Math.cos(CREASE_RAD);
  const stride = positions.length / 3;
  /** Edge -> triangle that has it so far; -1 once a second triangle was met. */
  const open = new Map<number, number>();
  const lines: number[] = [];
  for (let triangle = 0; triangle < faceOf.length; triangle++)
    for (let side = 0; side < 3; side++) {
      const a = ids[indices[triangle * 3 + side]!]!;
      const b = ids[indices[triangle * 3 + ((side + 1) % 3)]!]!;
      if (a === b) continue;
      const key = a < b ? a * stride + b : b * stride + a;
      const other = open.get(key);
      if (other === undefined) open.set(key, triangle);
      else if (other >= 0) {
        open.set(key, -1);
        if (faceOf[other] !== faceOf[triangle] || cosineBetween(positions, indices, other, triangle) < cosine)
          lines.push(a, b);
      }
    }
  for (const [key, triangle] of open) if (triangle >= 0) lines.push(Math.floor(key / stride), key % stride);
  return compact(positions, lines);
}

function compact(positions: Float32Array, lines: readonly number[]): FeatureEdges {
  const place = new Map<number, number>();
  const indices = Uint32Array.from(lines, (vertex) => {
    const known = place.get(vertex);
    if (known !== undefined) return known;
    place.set(vertex, place.size);
    return place.size - 1;
  });
  const kept = new Float32Array(place.size * 3);
  for (const [vertex, at] of place) kept.set(positions.subarray(vertex * 3, vertex * 3 + 3), at * 3);
  return { positions: kept, indices };
}

/** Cosine of the angle between two triangles' normals; 1 where one of them has no area. */
function cosineBetween(positions: Float32Array, indices: Uint32Array, one: number, other: number): number {
  const a = triangleNormal(positions, indices, one);
  const b = triangleNormal(positions, indices, other);
  const length = Math.hypot(...a) * Math.hypot(...b);
  return length > 0 ? (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / length : 1;
}

export function triangleNormal(
  p: ArrayLike<number>,
  indices: ArrayLike<number>,
  triangle: number,
): [number, number, number] {
  const [a, b, c] = [indices[triangle * 3]! * 3, indices[triangle * 3 + 1]! * 3, indices[triangle * 3 + 2]! * 3];
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}
