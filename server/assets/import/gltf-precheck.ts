/**
 * Looks at a glTF before any library unpacks it: is it whole, does it stay within itself, does it ask for memory it does not hold?
 * Nothing is ever read from another file or the network: a URI that is not `data:` is refused.
 */
import { z } from 'zod/mini';
import { importProblem } from './import-problem.ts';
import { findGltfErrors } from './gltf-check.ts';

const GLB_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const JSON_CHUNK = 0x4e4f534a;
/** Decoded bytes all buffer views together may ask for, as a multiple of nothing: plainly bounded. */
const MAX_DECODED_BYTES = 1_500_000_000;

const count = z.number().check(z.int(), z.gte(0), z.lte(2 ** 31));
const Json = z.looseObject({
  asset: z.looseObject({ version: z.string() }),
  extensionsRequired: z.optional(z.array(z.string())),
  buffers: z.optional(z.array(z.looseObject({ uri: z.optional(z.string()), byteLength: count }))),
  images: z.optional(z.array(z.looseObject({ uri: z.optional(z.string()) }))),
  bufferViews: z.optional(
    z.array(z.looseObject({ byteLength: count, extensions: z.optional(z.record(z.string(), z.unknown())) })),
  ),
  accessors: z.optional(z.array(z.looseObject({ count, type: z.string(), componentType: z.number() }))),
  nodes: z.optional(z.array(z.looseObject({ children: z.optional(z.array(z.number())) }))),
});
export type GltfJson = z.infer<typeof Json>;

const READABLE_EXTENSIONS = new Set([
  'EXT_meshopt_compression',
  'EXT_texture_webp',
  'KHR_mesh_quantization',
  'KHR_texture_transform',
  'KHR_materials_unlit',
  'KHR_materials_emissive_strength',
  'KHR_materials_clearcoat',
  'KHR_materials_ior',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_volume',
  'KHR_materials_anisotropy',
  'KHR_materials_iridescence',
  'KHR_materials_dispersion',
  'KHR_materials_pbrSpecularGlossiness',
  'KHR_lights_punctual',
  'KHR_materials_variants',
  'KHR_xmp_json_ld',
]);

/** Imprecise data that the pipeline mends or that harms nobody; any other error of the validator means: broken. */
const TOLERATED =
  /^(ACCESSOR_(VECTOR3_NON_UNIT|NON_UNIT|INVALID_SIGN|MIN_MISMATCH|MAX_MISMATCH|ELEMENT_OUT_OF_M(IN|AX)_BOUND|OFFSET_ALIGNMENT|TOTAL_OFFSET_ALIGNMENT)|IMAGE_|NODE_SKINNED|ROTATION_NON_UNIT|NODE_MATRIX|URI_GLB|UNDEFINED_PROPERTY|UNEXPECTED_PROPERTY|EMPTY_ENTITY|DUPLICATE_ELEMENTS|VALUE_NOT_IN_RANGE|MESH_PRIMITIVE_(ATTRIBUTES_ACCESSOR_INVALID_FORMAT|TOO_FEW_TEXCOORDS|UNEQUAL_ACCESSOR_COUNT_DECLARED)|TEXTURE_|UNUSED_|LIGHTS_|KHR_|EXTRA_PROPERTY|UNRESOLVED_REFERENCE_TEXTURE|UNDECLARED_EXTENSION)/;

export function readGltfJson(bytes: Uint8Array, format: 'glb' | 'gltf'): GltfJson {
  const text = new TextDecoder('utf-8').decode(format === 'glb' ? jsonChunk(bytes) : bytes);
  const parsed = Json.safeParse(tryJson(text));
  if (!parsed.success)
    throw importProblem('file_broken', { format, reason: 'the description in the file cannot be read' });
  return parsed.data;
}

/** @throws WorkhallError `import.file_broken`, `external_files`, `needs_extension`, `out_of_memory`. */
export async function precheckGltf(bytes: Uint8Array, format: 'glb' | 'gltf'): Promise<GltfJson> {
  const json = readGltfJson(bytes, format);
  const external = [...(json.buffers ?? []), ...(json.images ?? [])]
    .map((entry) => entry.uri)
    .filter((uri) => uri !== undefined && !uri.startsWith('data:'));
  if (external.length > 0)
    throw importProblem('external_files', {
      files: external.slice(0, 5).map((uri) => uri!.slice(0, 120)),
      count: external.length,
    });
  const unreadable = (json.extensionsRequired ?? []).filter((name) => !READABLE_EXTENSIONS.has(name));
  if (unreadable.length > 0) throw importProblem('needs_extension', { extensions: unreadable.slice(0, 5) });
  refuseBombs(json);
  const errors = (await findGltfErrors(bytes)).filter((issue) => !TOLERATED.test(issue.code));
  if (errors.length > 0)
    throw importProblem('file_broken', {
      format,
      reason: errors[0]!.message.slice(0, 200),
      where: errors[0]!.pointer ?? '',
      count: errors.length,
    });
  return json;
}

/** A compressed view or a sparse accessor can promise gigabytes in a few bytes. */
function refuseBombs(json: GltfJson): void {
  let asked = 0;
  for (const view of json.bufferViews ?? []) asked += view.byteLength;
  for (const accessor of json.accessors ?? []) asked += accessor.count * 4;
  for (const buffer of json.buffers ?? []) asked += buffer.byteLength;
  for (const view of json.bufferViews ?? []) {
    const packed = z.safeParse(
      z.looseObject({ count, byteStride: count }),
      view.extensions?.['EXT_meshopt_compression'],
    );
    if (packed.success) asked += packed.data.count * packed.data.byteStride;
  }
  if (asked > MAX_DECODED_BYTES)
    throw importProblem('out_of_memory', { askedBytes: asked, limitBytes: MAX_DECODED_BYTES });
}

function jsonChunk(bytes: Uint8Array): Uint8Array {
  const broken = (reason: string) => importProblem('file_broken', { format: 'glb', reason });
  if (bytes.byteLength < GLB_HEADER_BYTES + CHUNK_HEADER_BYTES) throw broken('the file ends in its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4, true) !== 2) throw broken('only glTF 2.0 is read');
  if (view.getUint32(8, true) > bytes.byteLength) throw broken('the file is shorter than it says');
  let chunk: Uint8Array | undefined;
  for (let at = GLB_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.byteLength;) {
    const length = view.getUint32(at, true);
    if (at + CHUNK_HEADER_BYTES + length > bytes.byteLength) throw broken('a chunk is shorter than it says');
    if (view.getUint32(at + 4, true) === JSON_CHUNK)
      chunk ??= bytes.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + length);
    at += CHUNK_HEADER_BYTES + length;
  }
  if (!chunk) throw broken('the description is missing');
  return chunk;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw importProblem('file_broken', { reason: 'the description in the file is not JSON' }, cause);
  }
}
