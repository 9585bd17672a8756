/** Wavefront OBJ: positions and faces, one part per object or group. Material files are other files, so they are not opened. */
import { importProblem } from './import-problem.ts';
import { MAX_TRIANGLES } from './cad-model.ts';
import type { CadMesh } from './cad-model.ts';
import { toSmoothMesh } from './smooth-regions.ts';

export interface ObjModel {
  readonly meshes: CadMesh[];
  readonly hasMaterials: boolean;
}

/** Coordinates in the file's own unit. @throws WorkhallError `import.file_broken`, `nothing_inside`, `too_many_triangles`. */
export function readObj(bytes: Uint8Array, fallbackName: string): ObjModel {
  const points: number[] = [];
  const groups = new Map<string, number[]>();
  let current: number[] = [];
  let total = 0;
  let hasMaterials = false;
  const open = (name: string) => {
    current = groups.get(name) ?? [];
    groups.set(name, current);
  };
  open(fallbackName);
  // A backslash at the end of a line continues it.
  const text = new TextDecoder().decode(bytes).replace(/\\\r?\n/g, ' ');
  for (const match of text.matchAll(/^[ \t]*(v|f|o|g|mtllib)[ \t]+([^\r\n]*)/gm)) {
    const [, what, rest = ''] = match;
    const words = rest.trim().split(/\s+/);
    if (what === 'v') points.push(finite(words[0]), finite(words[1]), finite(words[2]));
    else if (what === 'o' || what === 'g') open(rest.trim() || fallbackName);
    else if (what === 'mtllib') hasMaterials = true;
    else {
      const corners = words.map((word) => cornerOf(word, points.length / 3));
      for (let i = 1; i + 1 < corners.length; i++)
        for (const corner of [corners[0]!, corners[i]!, corners[i + 1]!])
          current.push(points[corner * 3]!, points[corner * 3 + 1]!, points[corner * 3 + 2]!);
      total += Math.max(0, corners.length - 2);
      if (total > MAX_TRIANGLES) throw importProblem('too_many_triangles', { triangles: total, limit: MAX_TRIANGLES });
    }
  }
  const meshes = [...groups]
    .map(([name, numbers]) => toSmoothMesh(name, Float64Array.from(numbers)))
    .filter((mesh) => mesh.indices.length > 0);
  if (meshes.length === 0) throw importProblem('nothing_inside', { format: 'obj' });
  return { meshes, hasMaterials };
}

/** `v`, `v/vt`, `v//vn`, `v/vt/vn`; from 1, or back from the last vertex when negative. */
function cornerOf(word: string, count: number): number {
  const stated = Number(word.split('/')[0]);
  const index = stated < 0 ? count + stated : stated - 1;
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw importProblem('file_broken', {
      reason: 'a face names a vertex that is not there',
      vertex: word.slice(0, 40),
    });
  return index;
}

function finite(word: string | undefined): number {
  const value = Number(word);
  if (word === undefined || !Number.isFinite(value) || Math.abs(value) > 1e9)
    throw importProblem('file_broken', { reason: 'a coordinate is not a usable number' });
  return value;
}
