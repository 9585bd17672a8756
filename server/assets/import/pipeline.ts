/** The whole way of one file, run inside the worker: recognise, read, recover instances, optimise, validate. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { ImportFormat, ImportStage, ImportUnit, ImportWarning, UpAxis } from '#protocol/assets/import-status';
import type { Pose } from '#protocol/spatial/pose';
import { composePose } from '#protocol/spatial/pose';
import type { ProductNode } from '#protocol/assets/product-structure';
import type { CadModel, CadNode } from './cad-model.ts';
import { recogniseFormat } from './format.ts';
import { findGltfErrors } from './gltf-check.ts';
import { importProblem } from './import-problem.ts';
import { isolateParts } from './isolate-parts.ts';
import { loadOcct, PER_PART, readBaked, WHOLE_MODEL } from './occt.reader.ts';
import type { BakedModel } from './occt.reader.ts';
import { placeIsolated, recoverOccurrences, refuseTooManyParts } from './occurrences.ts';
import { Z_UP_TO_Y_UP } from './rigid.ts';
import { compress, meshoptIO, toShapeDocument } from './shape-writer.ts';
import type { WrittenShape } from './shape-writer.ts';
import { countPlacedBodies, readStepProducts, readStepUnitMm } from './step-products.ts';
import type { StepStructure } from './step-products.ts';
import { warning } from './warnings.ts';

export interface PipelineInput {
  readonly fileName: string;
  readonly filePath: string;
  /** For files that do not say (STL, OBJ). */
  readonly unit?: ImportUnit;
  readonly upAxis?: UpAxis;
  /** The CAD kernel, compiled beforehand. */
  readonly occt?: WebAssembly.Module;
}
export interface PipelineOutput {
  readonly format: ImportFormat;
  readonly unit: { readonly name: ImportUnit; readonly isStated: boolean };
  readonly upAxis: { readonly name: UpAxis; readonly isStated: boolean };
  readonly nodes: ProductNode[];
  readonly shapes: WrittenShape[];
  readonly warnings: ImportWarning[];
}
export type OnStage = (stage: ImportStage, fractionOfStage: number) => void;

const UNIT_M: Readonly<Record<ImportUnit, number>> = {
  millimetre: 1e-3,
  centimetre: 1e-2,
  metre: 1,
  inch: 0.0254,
  foot: 0.3048,
};
const MM = 1e-3;
/** What a part without a colour gets: bare machined steel. */
const NEUTRAL = '#b3b8bd';
/** An OBJ whose longest side is shorter than this many units is taken to be in metres. */
const OBJ_METRES_BELOW = 12;

export async function runPipeline(input: PipelineInput, onStage: OnStage): Promise<PipelineOutput> {
  onStage('reading', 0);
  const bytes = new Uint8Array(await readFile(input.filePath));
  const format = recogniseFormat(bytes);
  if (format === 'step' || format === 'iges') return readCad(input, bytes, format, onStage);
  if (format === 'glb' || format === 'gltf') return readScene(input, bytes, format, onStage);
  return readMesh(input, bytes, format, onStage);
}

async function readCad(
  input: PipelineInput,
  bytes: Uint8Array,
  format: 'step' | 'iges',
  onStage: OnStage,
): Promise<PipelineOutput> {
  if (format === 'step' && !/END-ISO-10303-21\s*;/.test(new TextDecoder('latin1').decode(bytes.subarray(-2048))))
    throw importProblem('file_broken', { format, reason: 'the end of the file is missing' });
  const structure = format === 'step' ? tryProducts(bytes) : undefined;
  for (const product of structure?.roots ?? []) refuseTooManyParts(countPlacedBodies(product));
  const occt = await loadOcct(input.occt);
  onStage('tessellating', 0);
  const isolated = structure && isolateParts(structure);
  const apart =
    isolated && placeIsolated(readBaked(occt, isolated.bytes, format, PER_PART), isolated.productOf, structure.roots);
  const model = apart ?? recover(readBaked(occt, bytes, format, WHOLE_MODEL), structure, onStage);
  const warnings: ImportWarning[] = [];
  if (format === 'step' && 'isFromText' in model && !model.isFromText)
    warnings.push(warning('structure_from_geometry'));
  if (!model.meshes.some((mesh) => mesh.color !== null || mesh.faces.some((face) => face.color)))
    warnings.push(warning('no_colours'));
  onStage('recovering_instances', 1);
  const shapes = await writeShapes(model, MM, onStage);
  const upAxis = input.upAxis ?? 'z';
  return {
    format,
    unit: { name: format === 'step' ? nameUnit(readStepUnitMm(bytes)) : 'millimetre', isStated: true },
    upAxis: { name: upAxis, isStated: input.upAxis !== undefined },
    nodes: flatten(model.roots, shapes, upAxis, input.fileName),
    shapes,
    warnings,
  };
}

function recover(
  baked: BakedModel,
  structure: StepStructure | undefined,
  onStage: OnStage,
): ReturnType<typeof recoverOccurrences> {
  refuseTooManyParts(baked.meshes.length);
  onStage('recovering_instances', 0);
  return recoverOccurrences(baked, structure?.roots, (fraction) => onStage('recovering_instances', fraction));
}

/** Text that the small reader cannot follow is no reason to refuse what the kernel can read. */
function tryProducts(bytes: Uint8Array): StepStructure | undefined {
  try {
    return readStepProducts(bytes);
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) return undefined;
    throw cause;
  }
}

async function readScene(
  input: PipelineInput,
  bytes: Uint8Array,
  format: 'glb' | 'gltf',
  onStage: OnStage,
): Promise<PipelineOutput> {
  // Loaded here: reading a STEP file does not wait for it.
  const { readGltf } = await import('./gltf.reader.ts');
  const { roots, shapes, warnings } = await readGltf(bytes, format, onStage);
  const upAxis = input.upAxis ?? 'y';
  return {
    format,
    unit: { name: 'metre', isStated: true },
    upAxis: { name: upAxis, isStated: true },
    nodes: flatten(roots, shapes, upAxis, input.fileName),
    shapes,
    warnings,
  };
}

async function readMesh(
  input: PipelineInput,
  bytes: Uint8Array,
  format: 'stl' | 'obj',
  onStage: OnStage,
): Promise<PipelineOutput> {
  const fallbackName = titleOf(input.fileName);
  const warnings: ImportWarning[] = [];
  let meshes;
  if (format === 'stl') {
    const { readStl } = await import('./stl.reader.ts');
    meshes = readStl(bytes, fallbackName);
  } else {
    const { readObj } = await import('./obj.reader.ts');
    const model = readObj(bytes, fallbackName);
    meshes = model.meshes;
    if (model.hasMaterials) warnings.push(warning('materials_not_opened'));
  }
  const assumed =
    format === 'obj' && longestSide(meshes.map((mesh) => mesh.positions)) < OBJ_METRES_BELOW ? 'metre' : 'millimetre';
  const unit = input.unit ?? assumed;
  const upAxis = input.upAxis ?? (format === 'stl' ? 'z' : 'y');
  if (input.unit === undefined) warnings.push(warning('unit_assumed', { unit }));
  if (input.upAxis === undefined && format === 'stl') warnings.push(warning('up_axis_assumed'));
  const roots = meshes.map((mesh, index): CadNode => ({
    name: mesh.name,
    key: `${mesh.name} ${index}`,
    poseInParent: { position: [0, 0, 0], rotation: [0, 0, 0, 1] },
    children: [],
    mesh: index,
    color: null,
  }));
  const shapes = await writeShapes({ roots, meshes }, UNIT_M[unit], onStage);
  return {
    format,
    unit: { name: unit, isStated: input.unit !== undefined },
    upAxis: { name: upAxis, isStated: input.upAxis !== undefined },
    nodes: flatten(roots, shapes, upAxis, input.fileName),
    shapes,
    warnings,
  };
}

async function writeShapes(model: CadModel, unitM: number, onStage: OnStage): Promise<WrittenShape[]> {
  const io = await meshoptIO();
  const shapes: WrittenShape[] = [];
  let checkedMs = 0;
  for (const [index, mesh] of model.meshes.entries()) {
    const { document, shape } = toShapeDocument(mesh, unitM);
    const plain = await io.writeBinary(document);
    const startedMs = performance.now();
    const errors = await findGltfErrors(plain);
    checkedMs += performance.now() - startedMs;
    if (errors.length > 0)
      throw importProblem('importer_failed', {
        reason: errors[0]!.message.slice(0, 200),
        where: errors[0]!.pointer ?? '',
      });
    shapes.push({ ...shape, name: nonEmpty(mesh.name), glb: await compress(document, io) });
    onStage('optimising', (index + 1) / model.meshes.length);
  }
  onStage('validating', checkedMs > 0 ? 1 : 0);
  return shapes;
}

/** The tree as a list, parents first, with ids from the path of product names, and the turn to Y up in the roots. */
function flatten(
  roots: readonly CadNode[],
  shapes: readonly WrittenShape[],
  upAxis: UpAxis,
  fileName: string,
): ProductNode[] {
  const nodes: ProductNode[] = [];
  const add = (node: CadNode, parent: string | null, path: string, poseInParent: Pose): void => {
    const here = `${path}/${node.key}`;
    const id = createHash('sha256').update(here).digest('base64url').slice(0, 20);
    const isPart = node.mesh !== undefined;
    const hasOwnColours = isPart && shapes[node.mesh!]!.hasOwnColours;
    nodes.push({
      id: id as ProductNode['id'],
      name: nonEmpty(node.name),
      parent: parent as ProductNode['parent'],
      poseInParent,
      kind: isPart ? 'part' : 'assembly',
      ...(isPart && { shape: node.mesh! }),
      color: isPart && !hasOwnColours ? (node.color ?? NEUTRAL) : null,
    });
    for (const child of node.children) add(child, id, here, child.poseInParent);
  };
  const turn: Pose = { position: [0, 0, 0], rotation: upAxis === 'z' ? Z_UP_TO_Y_UP : [0, 0, 0, 1] };
  const only = roots.length === 1 ? roots[0] : undefined;
  if (only) add(only, null, '', composePose(turn, only.poseInParent));
  else add({ name: titleOf(fileName), key: 'file', poseInParent: turn, children: [...roots] }, null, '', turn);
  return nodes;
}

function longestSide(positions: readonly Float64Array[]): number {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (const list of positions)
    list.forEach((value, at) => {
      min[at % 3] = Math.min(min[at % 3]!, value);
      max[at % 3] = Math.max(max[at % 3]!, value);
    });
  return Math.max(...max.map((value, axis) => value - min[axis]!));
}

function nameUnit(unitMm: number): ImportUnit {
  const found = Object.entries(UNIT_M).find(([, metres]) => Math.abs(metres * 1000 - unitMm) < 1e-6);
  return (found?.[0] as ImportUnit | undefined) ?? 'millimetre';
}

function titleOf(fileName: string): string {
  return nonEmpty(basename(fileName, extname(fileName)));
}

function nonEmpty(name: string): string {
  return (
    name
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 200) || 'part'
  );
}
