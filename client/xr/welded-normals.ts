/** Positions closer than this are one corner, metres. */
const WELD_M = 1e-5;

/**
 * Normals averaged over all vertices of one corner. A CAD edge has one vertex per face; pushed out along their own
 * normals the faces would come apart, along the mean they stay together.
 */
export function weldedNormals(positions: Float32Array, normals: Float32Array): Float32Array {
  const sums = new Map<string, [number, number, number]>();
  const keys: string[] = [];
  for (let i = 0; i < positions.length; i += 3) {
    const key = `${Math.round(positions[i]! / WELD_M)},${Math.round(positions[i + 1]! / WELD_M)},${Math.round(positions[i + 2]! / WELD_M)}`;
    keys.push(key);
    const sum = sums.get(key);
    if (sum) for (let k = 0; k < 3; k++) sum[k]! += normals[i + k]!;
    else sums.set(key, [normals[i]!, normals[i + 1]!, normals[i + 2]!]);
  }
  const welded = new Float32Array(positions.length);
  keys.forEach((key, vertex) => {
    const sum = sums.get(key)!;
    const size = Math.hypot(...sum);
    // Two faces back to back cancel out; each then keeps its own.
    for (let k = 0; k < 3; k++) welded[vertex * 3 + k] = size > 1e-6 ? sum[k]! / size : normals[vertex * 3 + k]!;
  });
  return welded;
}
