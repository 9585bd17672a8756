/** STL, binary and ASCII. It says neither unit nor up axis; both are assumed (millimetres, Z up) unless the person chose. */
import { importProblem } from './import-problem.ts';
import { STL_HEADER_BYTES, STL_TRIANGLE_BYTES } from './format.ts';
import { MAX_TRIANGLES } from './cad-model.ts';
import type { CadMesh } from './cad-model.ts';
import { toSmoothMesh } from './smooth-regions.ts';

/** Coordinates in the file's own unit. @throws WorkhallError `import.file_broken`, `nothing_inside`, `too_many_triangles`. */
export function readStl(bytes: Uint8Array, fallbackName: string): CadMesh[] {
  const isAscii =
    /^\s*solid\b/.test(latin1(bytes.subarray(0, 256))) && /\b(facet|endsolid)\b/.test(latin1(bytes.subarray(0, 4096)));
  const solids = isAscii
    ? readAscii(latin1(bytes), fallbackName)
    : [{ name: fallbackName, triangles: readBinary(bytes) }];
  const meshes = solids
    .map(({ name, triangles }) => toSmoothMesh(name, triangles))
    .filter((mesh) => mesh.indices.length > 0);
  if (meshes.length === 0) throw importProblem('nothing_inside', { format: 'stl' });
  return meshes;
}

function readBinary(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stated = view.getUint32(80, true);
  const present = Math.floor((bytes.byteLength - STL_HEADER_BYTES) / STL_TRIANGLE_BYTES);
  // A count beyond the data means the file was cut off; the count is never used to reserve memory.
  if (stated > present || stated === 0)
    throw importProblem('file_broken', { trianglesStated: stated, trianglesPresent: present });
  refuseTooMany(stated);
  const triangles = new Float64Array(stated * 9);
  for (let t = 0; t < stated; t++) {
    const at = STL_HEADER_BYTES + t * STL_TRIANGLE_BYTES + 12;
    for (let k = 0; k < 9; k++) triangles[t * 9 + k] = finite(view.getFloat32(at + k * 4, true));
  }
  return triangles;
}

function readAscii(text: string, fallbackName: string): { name: string; triangles: Float64Array }[] {
  const solids: { name: string; triangles: Float64Array }[] = [];
  const starts = [...text.matchAll(/^[ \t]*solid\b[ \t]*([^\r\n]*)/gm)];
  if (!/\bendsolid\b/.test(text.slice(-400)))
    throw importProblem('file_broken', { reason: 'the end of the solid is missing' });
  starts.forEach((start, index) => {
    const body = text.slice(start.index, starts[index + 1]?.index);
    const numbers: number[] = [];
    const vertex = /\bvertex\s+(\S+)\s+(\S+)\s+(\S+)/g;
    for (let match = vertex.exec(body); match; match = vertex.exec(body)) {
      numbers.push(finite(Number(match[1])), finite(Number(match[2])), finite(Number(match[3])));
      refuseTooMany(numbers.length / 9);
    }
    if (numbers.length % 9 !== 0) throw importProblem('file_broken', { reason: 'a triangle has not three corners' });
    solids.push({ name: start[1]?.trim() || fallbackName, triangles: Float64Array.from(numbers) });
  });
  return solids;
}

function finite(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) > 1e9)
    throw importProblem('file_broken', { reason: 'a coordinate is not a usable number' });
  return value;
}

function refuseTooMany(triangles: number): void {
  if (triangles > MAX_TRIANGLES) throw importProblem('too_many_triangles', { triangles, limit: MAX_TRIANGLES });
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
