/** Gives a bare triangle mesh (STL, OBJ) what a B-rep has: faces to pin a comment to, and normals that end at creases. */
import { CREASE_RAD, triangleNormal } from './feature-edges.ts';
import { weld } from './weld.ts';
import type { CadFace, CadMesh } from './cad-model.ts';

/** `triangles`: nine coordinates each. Triangles are put in the order of their regions; those without area are left out. */
export function toSmoothMesh(name: string, triangles: Float64Array): CadMesh {
  const corners = Float32Array.from(triangles);
  const { ids } = weld(corners);
  const solid: number[] = [];
  for (let t = 0; t < triangles.length / 9; t++) {
    const [a, b, c] = [ids[t * 3]!, ids[t * 3 + 1]!, ids[t * 3 + 2]!];
    if (a !== b && b !== c && c !== a) solid.push(t);
  }
  const region = growRegions(triangles, ids, solid);
  const order = solid.map((_, at) => at).sort((a, b) => region[a]! - region[b]! || a - b);

  const positions: number[] = [];
  const normals: number[] = [];
  const indices = new Uint32Array(order.length * 3);
  const faces: CadFace[] = [];
  let place = new Map<number, number>();
  order.forEach((at, index) => {
    const triangle = solid[at]!;
    if (index === 0 || region[at] !== region[order[index - 1]!]) {
      faces.push({ first: index, count: 0 });
      place = new Map();
    }
    const face = faces.pop()!;
    faces.push({ first: face.first, count: face.count + 1 });
    const normal = triangleNormal(triangles, [triangle * 3, triangle * 3 + 1, triangle * 3 + 2], 0);
    for (let corner = 0; corner < 3; corner++) {
      const id = ids[triangle * 3 + corner]!;
      let vertex = place.get(id);
      if (vertex === undefined) {
        vertex = positions.length / 3;
        place.set(id, vertex);
        for (let k = 0; k < 3; k++) positions.push(triangles[id * 3 + k]!);
        normals.push(0, 0, 0);
      }
      // The cross product's length weighs the normals by area.
      for (let k = 0; k < 3; k++) normals[vertex * 3 + k]! += normal[k]!;
      indices[index * 3 + corner] = vertex;
    }
  });
  return { name, positions: Float64Array.from(positions), normals: toUnit(normals), indices, faces, color: null };
}

/** Region of each kept triangle: neighbours join while the fold between them stays below the crease angle. */
function growRegions(triangles: Float64Array, ids: Uint32Array, solid: readonly number[]): Uint32Array {
  const cosine = Math.cos(CREASE_RAD);
  const stride = ids.length;
  const normals = solid.map((t) => triangleNormal(triangles, [t * 3, t * 3 + 1, t * 3 + 2], 0));
  const lengths = normals.map((n) => Math.hypot(...n));
  const region = Uint32Array.from(solid, (_, at) => at);
  const find = (at: number): number => {
    while (region[at] !== at) at = region[at] = region[region[at]!]!;
    return at;
  };
  const open = new Map<number, number>();
  solid.forEach((t, at) => {
    for (let side = 0; side < 3; side++) {
      const [a, b] = [ids[t * 3 + side]!, ids[t * 3 + ((side + 1) % 3)]!];
      const key = a < b ? a * stride + b : b * stride + a;
      const other = open.get(key);
      if (other === undefined) open.set(key, at);
      else {
        const [m, n] = [normals[at]!, normals[other]!];
        const dot = m[0] * n[0] + m[1] * n[1] + m[2] * n[2];
        if (dot >= cosine * lengths[at]! * lengths[other]!) region[find(at)] = find(other);
      }
    }
  });
  return region.map((_, at) => find(at));
}

function toUnit(normals: readonly number[]): Float32Array {
  const unit = Float32Array.from(normals);
  for (let i = 0; i < unit.length; i += 3) {
    const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!);
    for (let k = 0; k < 3; k++) unit[i + k] = length > 0 ? normals[i + k]! / length : k === 2 ? 1 : 0;
  }
  return unit;
}
