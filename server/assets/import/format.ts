/** Recognises a file by its first bytes; its name is never trusted. */
import type { ImportFormat } from '#protocol/assets/import-status';
import { importProblem } from './import-problem.ts';

const HEAD_BYTES = 4096;
const GLB_MAGIC = 0x46546c67;
/** Binary STL: 80 bytes of anything, a count, then 50 bytes a triangle. */
export const STL_HEADER_BYTES = 84;
export const STL_TRIANGLE_BYTES = 50;

/** Containers a person may take for a model; named in the refusal so that the next step is clear. */
const FOREIGN: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['zip (3MF, stpZ, FCStd, USDZ)', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip', [0x1f, 0x8b]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
  ['Office or SolidWorks container', [0xd0, 0xcf, 0x11, 0xe0]],
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['FBX', [0x4b, 0x61, 0x79, 0x64, 0x61, 0x72, 0x61]],
];

/** @throws WorkhallError `import.format_unknown` or `import.file_empty`. */
export function recogniseFormat(bytes: Uint8Array): ImportFormat {
  if (bytes.byteLength === 0) throw importProblem('file_empty');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength >= 12 && view.getUint32(0, true) === GLB_MAGIC) return 'glb';
  const foreign = FOREIGN.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte));
  if (foreign) throw importProblem('format_unknown', { looksLike: foreign[0] });

  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES)).replace(/^\u00ef\u00bb\u00bf/, '');
  if (/^\s*(\/\*[\s\S]*?\*\/\s*)*ISO-10303-21\s*;/.test(head)) return 'step';
  // IGES: 80-column records, the section letter S and the sequence number in columns 73-80.
  if (/^.{72}S {0,6}0{0,6}1\s*$/m.test(head.slice(0, 400))) return 'iges';
  if (/^\s*\{/.test(head) && /"asset"\s*:/.test(jsonHeadAndTail(bytes))) return 'gltf';
  if (isBinaryStl(view)) return 'stl';
  if (/^\s*solid\b/.test(head) && /\b(facet|endsolid)\b/.test(head)) return 'stl';
  // A binary STL that was cut short, or whose count lies: refused later with the numbers in the message.
  if (bytes.byteLength > STL_HEADER_BYTES && /^(solid|STL|binary|COLOR=)/i.test(head) && head.includes('\0'))
    return 'stl';
  if (!head.includes('\0') && /^v\s+-?[\d.]/m.test(head)) return 'obj';
  if (bytes.byteLength > STL_HEADER_BYTES && isPlausibleTriangle(view)) return 'stl';
  throw importProblem('format_unknown', {
    firstBytes: [...bytes.subarray(0, 8)].map((b) => b.toString(16).padStart(2, '0')).join(' '),
  });
}

/** A glTF may name its asset first or last; the middle is base64 and need not be searched. */
function jsonHeadAndTail(bytes: Uint8Array): string {
  const text = new TextDecoder('latin1');
  return (
    text.decode(bytes.subarray(0, 1 << 20)) + text.decode(bytes.subarray(Math.max(0, bytes.byteLength - (1 << 20))))
  );
}

function isBinaryStl(view: DataView): boolean {
  if (view.byteLength < STL_HEADER_BYTES) return false;
  const stated = view.getUint32(80, true);
  return stated > 0 && view.byteLength === STL_HEADER_BYTES + stated * STL_TRIANGLE_BYTES;
}

/** Is the first record a triangle: a normal no longer than 1, finite corners, an attribute of zero? */
function isPlausibleTriangle(view: DataView): boolean {
  if (view.byteLength < STL_HEADER_BYTES + STL_TRIANGLE_BYTES) return false;
  const values = Array.from({ length: 12 }, (_, i) => view.getFloat32(STL_HEADER_BYTES + i * 4, true));
  const length = Math.hypot(values[0]!, values[1]!, values[2]!);
  const areCornersSane = values
    .slice(3)
    .every((v) => Number.isFinite(v) && Math.abs(v) < 1e7 && (v === 0 || Math.abs(v) > 1e-9));
  return (
    areCornersSane && (Math.abs(length - 1) < 0.02 || length === 0) && view.getUint16(STL_HEADER_BYTES + 48, true) === 0
  );
}
