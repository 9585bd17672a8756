/**
 * STEP and IGES through OpenCascade (occt-import-js, LGPL-2.1, loaded as a separate wasm file).
 *
 * What it returns: one mesh per body in document order, already placed in the root's frame, millimetres, one run of
 * triangles per B-rep face; shared bodies are tessellated once, so their copies have the same vertices in the same order.
 */
import { createRequire } from 'node:module';
import { importProblem } from './import-problem.ts';
import { MAX_TRIANGLES } from './cad-model.ts';
import type { CadFace, CadMesh } from './cad-model.ts';

const WASM_PAGE_BYTES = 65_536;

/**
 * Deflection is a share of the mean extent of what is read at once, so it differs for a whole model and for single parts; the
 * angle between neighbouring facets of a curved face is the same, about 22 of them round a hole.
 */
export interface Tessellation {
  readonly linearDeflection: number;
  readonly angularDeflection: number;
}
export const WHOLE_MODEL: Tessellation = { linearDeflection: 0.0008, angularDeflection: 0.28 };
export const PER_PART: Tessellation = { linearDeflection: 0.004, angularDeflection: 0.28 };

interface OcctNode {
  readonly name: string;
  readonly meshes: readonly number[];
  readonly children: readonly OcctNode[];
}
interface OcctMesh {
  readonly name: string;
  readonly color?: readonly [number, number, number];
  readonly brep_faces: readonly { first: number; last: number; color: readonly [number, number, number] | null }[];
  readonly attributes: {
    readonly position: { readonly array: readonly number[] };
    readonly normal?: { readonly array: readonly number[] };
  };
  readonly index: { readonly array: readonly number[] };
}
interface OcctResult {
  readonly success: boolean;
  readonly root?: OcctNode;
  readonly meshes?: readonly OcctMesh[];
}
interface Occt {
  ReadStepFile(content: Uint8Array, options: object): OcctResult;
  ReadIgesFile(content: Uint8Array, options: object): OcctResult;
}
interface OcctOptions {
  print(line: string): void;
  printErr(line: string): void;
  instantiateWasm?(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
}

export interface BakedModel {
  readonly root: OcctNode;
  /** Placed in the root's frame. */
  readonly meshes: readonly CadMesh[];
}

/** Where the kernel's wasm lies; compiled once in the main thread and handed to each worker. */
export function occtWasmPath(): string {
  return createRequire(import.meta.url).resolve('occt-import-js/dist/occt-import-js.wasm');
}

/** Refuses growth of any wasm memory in this thread beyond the limit: `resourceLimits` does not cover wasm. */
export function limitWasmMemory(limitBytes: number): { wasHit(): boolean } {
  let wasHit = false;
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * WASM_PAGE_BYTES > limitBytes) {
      wasHit = true;
      throw new RangeError('the import may not use more memory');
    }
    return grow.call(this, pages);
  };
  return { wasHit: () => wasHit };
}

export async function loadOcct(compiled?: WebAssembly.Module): Promise<Occt> {
  const start = createRequire(import.meta.url)('occt-import-js') as (options: OcctOptions) => Promise<Occt>;
  const silent = () => undefined;
  return start({
    print: silent,
    printErr: silent,
    ...(compiled && {
      instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
        const instance = new WebAssembly.Instance(compiled, imports);
        done(instance);
        return instance.exports;
      },
    }),
  });
}

/** @throws WorkhallError `import.file_broken`, `import.nothing_inside`, `import.too_many_triangles`. */
export function readBaked(
  occt: Occt,
  bytes: Uint8Array,
  format: 'step' | 'iges',
  tessellation: Tessellation,
): BakedModel {
  const options = { linearUnit: 'millimeter', linearDeflectionType: 'bounding_box_ratio', ...tessellation };
  const result = read(
    () => (format === 'step' ? occt.ReadStepFile(bytes, options) : occt.ReadIgesFile(bytes, options)),
    format,
  );
  if (!result.success || !result.root || !result.meshes) throw importProblem('file_broken', { format });
  const meshes = result.meshes.map(toCadMesh);
  if (!meshes.some((mesh) => mesh.indices.length > 0)) throw importProblem('nothing_inside', { format });
  const triangles = meshes.reduce((sum, mesh) => sum + mesh.indices.length / 3, 0);
  if (triangles > MAX_TRIANGLES) throw importProblem('too_many_triangles', { triangles, limit: MAX_TRIANGLES });
  return { root: result.root, meshes };
}

/** A C++ exception arrives as a number, a trap as a RuntimeError: either way the kernel could not make sense of the file. */
function read(call: () => OcctResult, format: string): OcctResult {
  try {
    return call();
  } catch (cause) {
    throw importProblem('file_broken', { format, reason: 'the CAD kernel could not make sense of it' }, cause);
  }
}

function toCadMesh(mesh: OcctMesh): CadMesh {
  const color = mesh.color ? toHex(mesh.color) : null;
  const positions = Float64Array.from(mesh.attributes.position.array);
  if (!positions.every(Number.isFinite)) throw importProblem('file_broken', { reason: 'a point is not a number' });
  const normals = mesh.attributes.normal?.array;
  const faces = mesh.brep_faces.map((face): CadFace => {
    const own = face.color ? toHex(face.color) : null;
    const range = { first: face.first, count: face.last - face.first + 1 };
    return own !== null && own !== color ? { ...range, color: own } : range;
  });
  const indices = Uint32Array.from(mesh.index.array);
  return {
    name: mesh.name,
    positions,
    normals: normals?.length === positions.length ? Float32Array.from(normals) : flatNormals(positions, indices),
    indices,
    ...settleColours(faces, color),
  };
}

/** A part whose faces all have one colour has that colour; faces then need not repeat it. */
function settleColours(
  faces: readonly CadFace[],
  color: string | null,
): { faces: readonly CadFace[]; color: string | null } {
  const first = faces[0]?.color;
  if (first === undefined || faces.some((face) => face.color !== first)) return { faces, color };
  return { faces: faces.map(({ first: at, count }) => ({ first: at, count })), color: first };
}

function flatNormals(positions: Float64Array, indices: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const [a, b, c] = [indices[i]! * 3, indices[i + 1]! * 3, indices[i + 2]! * 3];
    const [ux, uy, uz] = [0, 1, 2].map((k) => positions[b + k]! - positions[a + k]!) as [number, number, number];
    const [vx, vy, vz] = [0, 1, 2].map((k) => positions[c + k]! - positions[a + k]!) as [number, number, number];
    const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const corner of [a, b, c]) for (let k = 0; k < 3; k++) normals[corner + k]! += n[k]!;
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!) || 1;
    for (let k = 0; k < 3; k++) normals[i + k]! /= length;
    if (normals[i] === 0 && normals[i + 1] === 0 && normals[i + 2] === 0) normals[i + 2] = 1;
  }
  return normals;
}

/** OpenCascade gives linear RGB; structure and extras hold sRGB `#rrggbb`. */
export function toHex([r, g, b]: readonly [number, number, number]): string {
  const byte = (linear: number) => {
    const value = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${byte(r)}${byte(g)}${byte(b)}`;
}
