/** One distinct shape, ready to be drawn and picked. Part coordinates, metres; triangles wind counter-clockwise outside. */
export interface ShapeGeometry {
  /** x y z per vertex. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
  /** Per B-rep face `[firstTriangle, triangleCount]`; empty where the shape has no faces. */
  readonly faces: readonly (readonly [first: number, count: number])[];
  /** Feature edges as pairs of end points: x y z, x y z. */
  readonly edges: Float32Array;
  readonly boundsM: Bounds;
}

export interface Bounds {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}

export const EMPTY_BOUNDS: Bounds = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };

export function boundsOfPositions(positions: ArrayLike<number>): Bounds {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 3)
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[i + axis]!;
      if (value < min[axis]!) min[axis] = value;
      if (value > max[axis]!) max[axis] = value;
    }
  return { min, max };
}

export function joinBounds(a: Bounds, b: Bounds): Bounds {
  return {
    min: [Math.min(a.min[0], b.min[0]), Math.min(a.min[1], b.min[1]), Math.min(a.min[2], b.min[2])],
    max: [Math.max(a.max[0], b.max[0]), Math.max(a.max[1], b.max[1]), Math.max(a.max[2], b.max[2])],
  };
}

export const isEmptyBounds = (bounds: Bounds): boolean => !(bounds.min[0] <= bounds.max[0]);

/** Face that a triangle belongs to, or null. Ranges are in ascending order. */
export function faceOfTriangle(faces: ShapeGeometry['faces'], triangle: number): number | null {
  let low = 0;
  let high = faces.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, count] = faces[middle]!;
    if (triangle < first) high = middle - 1;
    else if (triangle >= first + count) low = middle + 1;
    else return middle;
  }
  return null;
}
