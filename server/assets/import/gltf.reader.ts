/**
 * glTF and GLB: the node tree stays, each distinct mesh becomes one shape with its own materials and textures, and repeated
 * mesh references are instances. A pose here has no scale, so the scale (or shear, or mirror) a node applies is put into the
 * vertices: one shape per mesh and scale.
 */
import { Document, NodeIO } from '@gltf-transform/core';
import type { Mesh, Node } from '@gltf-transform/core';
import { ALL_EXTENSIONS, EXTMeshoptCompression, KHRDracoMeshCompression } from '@gltf-transform/extensions';
import {
  cloneDocument,
  copyToDocument,
  dedup,
  normals,
  prune,
  quantize,
  reorder,
  transformMesh,
  unpartition,
  weld,
} from '@gltf-transform/functions';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import type { ImportWarning } from '#protocol/assets/import-status';
import type { FaceRange, ShapeExtras } from '#protocol/assets/product-structure';
import { importProblem } from './import-problem.ts';
import { MAX_PLACED_PARTS, MAX_TRIANGLES } from './cad-model.ts';
import type { CadNode } from './cad-model.ts';
import { findFeatureEdges } from './feature-edges.ts';
import { measure } from './congruence.ts';
import { findGltfErrors } from './gltf-check.ts';
import { precheckGltf } from './gltf-precheck.ts';
import { cross, invertTransform, multiplyTransforms, toPose, unit, IDENTITY } from './rigid.ts';
import type { Rigid, Triple } from './rigid.ts';
import { GENERATOR } from './shape-writer.ts';
import type { WrittenShape } from './shape-writer.ts';
import { warning } from './warnings.ts';

/** Above this share of all edges the creases of a mesh are noise (scans, foliage), not lines worth drawing. */
const MAX_CREASE_SHARE = 0.35;
const MAX_EDGED_TRIANGLES = 300_000;
const TRIANGLES = 4;
const LINES = 1;

type Matrix = readonly number[];
type OnProgress = (stage: 'optimising' | 'validating', fraction: number) => void;

export interface GltfModel {
  readonly roots: CadNode[];
  readonly shapes: WrittenShape[];
  readonly warnings: ImportWarning[];
}

export async function readGltf(bytes: Uint8Array, format: 'glb' | 'gltf', onProgress: OnProgress): Promise<GltfModel> {
  const json = await precheckGltf(bytes, format);
  await Promise.all([MeshoptEncoder.ready, MeshoptDecoder.ready]);
  const io = new NodeIO()
    .registerExtensions(ALL_EXTENSIONS.filter((extension) => extension !== KHRDracoMeshCompression))
    .registerDependencies({ 'meshopt.decoder': MeshoptDecoder, 'meshopt.encoder': MeshoptEncoder });
  const document = await (
    format === 'glb' ? io.readBinary(bytes) : io.readJSON({ json: json as never, resources: {} })
  ).catch((cause: unknown) => {
    throw importProblem('file_broken', { format, reason: 'the data in the file cannot be decoded' }, cause);
  });
  const warnings = dropWhatDoesNotFit(document);
  await document.transform(dedup(), unpartition());

  const placed = placeNodes(document);
  if (placed.shapes.length === 0) throw importProblem('nothing_inside', { format });
  const shapes: WrittenShape[] = [];
  for (const [index, { mesh, scale }] of placed.shapes.entries()) {
    shapes.push(await writeShape(document, mesh, scale, io));
    onProgress('optimising', (index + 1) / placed.shapes.length);
  }
  onProgress('validating', 1);
  return { roots: placed.roots, shapes, warnings };
}

function dropWhatDoesNotFit(document: Document): ImportWarning[] {
  const root = document.getRoot();
  const warnings: ImportWarning[] = [];
  if (root.listAnimations().length > 0)
    warnings.push(warning('animations_dropped', { count: root.listAnimations().length }));
  if (root.listSkins().length > 0) warnings.push(warning('skins_dropped', { count: root.listSkins().length }));
  for (const thing of [...root.listAnimations(), ...root.listSkins(), ...root.listCameras()]) thing.dispose();
  for (const mesh of root.listMeshes())
    for (const primitive of mesh.listPrimitives()) {
      for (const target of primitive.listTargets()) primitive.removeTarget(target);
      for (const semantic of ['JOINTS_0', 'WEIGHTS_0', 'JOINTS_1', 'WEIGHTS_1']) primitive.setAttribute(semantic, null);
      if (!primitive.getAttribute('POSITION')) primitive.dispose();
    }
  document.createExtension(EXTMeshoptCompression).dispose();
  return warnings;
}

interface PlacedShape {
  readonly mesh: Mesh;
  /** Column-major 3 x 3 that is left of the node's matrix when rotation and translation are taken out. */
  readonly scale: Matrix;
}

function placeNodes(document: Document): { roots: CadNode[]; shapes: PlacedShape[] } {
  const shapes: PlacedShape[] = [];
  const shapeOf = new Map<string, number>();
  const meshes = document.getRoot().listMeshes();
  let count = 0;
  const place = (node: Node, parent: Rigid, key: string): CadNode[] => {
    const { rigid, scale } = splitMatrix(node.getWorldMatrix());
    const mesh = node.getMesh();
    let shape: number | undefined;
    if (mesh && mesh.listPrimitives().length > 0) {
      if (++count > MAX_PLACED_PARTS) throw importProblem('too_many_parts', { parts: count, limit: MAX_PLACED_PARTS });
      const id = `${meshes.indexOf(mesh)} ${scale.map((value) => value.toPrecision(6)).join()}`;
      shape = shapeOf.get(id) ?? shapes.length;
      if (shape === shapes.length) shapes.push({ mesh, scale });
      shapeOf.set(id, shape);
    }
    const children = placeAll(node.listChildren(), rigid);
    if (shape === undefined && children.length === 0) return [];
    const pose = toPose(multiplyTransforms(invertTransform(parent), rigid), 1);
    const name = node.getName() || mesh?.getName() || 'part';
    const here: CadNode = { name, key, poseInParent: pose, children, color: null };
    if (shape === undefined) return [here];
    if (children.length === 0) return [{ ...here, mesh: shape }];
    return [
      {
        ...here,
        children: [
          {
            name: mesh?.getName() || name,
            key: 'mesh',
            poseInParent: toPose(IDENTITY, 1),
            children: [],
            mesh: shape,
            color: null,
          },
          ...children,
        ],
      },
    ];
  };
  const placeAll = (nodes: readonly Node[], parent: Rigid): CadNode[] => {
    const ordinals = new Map<string, number>();
    return nodes.flatMap((node) => {
      const ordinal = (ordinals.get(node.getName()) ?? 0) + 1;
      ordinals.set(node.getName(), ordinal);
      return place(node, parent, `${node.getName()} ${ordinal}`);
    });
  };
  const scene = document.getRoot().getDefaultScene() ?? document.getRoot().listScenes()[0];
  return { roots: scene ? placeAll(scene.listChildren(), IDENTITY) : [], shapes };
}

/** `matrix` = rigid x scale; the rigid part from the first column and the plane of the first two, right-handed. */
function splitMatrix(m: Matrix): { rigid: Rigid; scale: Matrix } {
  const column = (at: number): Triple => [m[at * 4]!, m[at * 4 + 1]!, m[at * 4 + 2]!];
  const x = unit(column(0)) ?? [1, 0, 0];
  const z = unit(cross(x, column(1))) ?? unit(cross(x, [x[1], x[2], x[0]])) ?? [0, 0, 1];
  const y = cross(z, x);
  const rigid: Rigid = { r: [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]], t: [m[12]!, m[13]!, m[14]!] };
  const scale = [0, 1, 2].flatMap((at) => {
    const c = column(at);
    return [x, y, z].map((axis) => Math.round((axis[0]! * c[0] + axis[1]! * c[1] + axis[2]! * c[2]) * 1e7) / 1e7);
  });
  return { rigid, scale };
}

async function writeShape(source: Document, mesh: Mesh, scale: Matrix, io: NodeIO): Promise<WrittenShape> {
  const document = new Document();
  const copy = copyToDocument(document, source, [mesh]).get(mesh) as Mesh;
  document.getRoot().getAsset().generator = GENERATOR;
  const name = mesh.getName();
  const [a, b, c, d, e, f, g, h, i] = scale as [number, number, number, number, number, number, number, number, number];
  const isScaled = scale.some((value, at) => Math.abs(value - (at % 4 === 0 ? 1 : 0)) > 1e-6);
  if (isScaled) transformMesh(copy, [a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0, 1]);
  const scene = document.createScene('shape').addChild(document.createNode('part').setMesh(copy.setName('part')));
  document.getRoot().setDefaultScene(scene);
  if (document.getRoot().listBuffers().length === 0) document.createBuffer();
  await document.transform(unpartition(), prune(), weld(), reorder({ encoder: MeshoptEncoder }));

  const { facts, edges } = examine(copy);
  const extras: ShapeExtras = { faces: facts.ranges };
  copy.setExtras({ ...extras });
  if (edges && edges.indices.length > 0) addEdges(document, edges);
  await document.transform(quantize({ pattern: /^NORMAL$/, quantizeNormal: 14, cleanup: false }));
  const glb = await writeValid(document, io);
  return {
    name,
    glb,
    triangleCount: facts.triangles,
    boundsM: facts.boundsM,
    volumeM3: facts.volumeM3,
    areaM2: facts.areaM2,
    faces: facts.ranges.length,
    hasOwnColours: true,
  };
}

/** Normals that are not of unit length are computed anew; anything else the validator finds means the file is unusable. */
async function writeValid(document: Document, io: NodeIO): Promise<Uint8Array> {
  const errorsBefore = await findGltfErrors(await io.writeBinary(document));
  if (errorsBefore.length > 0) {
    for (const mesh of document.getRoot().listMeshes())
      for (const primitive of mesh.listPrimitives()) primitive.setAttribute('TANGENT', null);
    await document.transform(normals({ overwrite: true }), prune());
    const errors = await findGltfErrors(await io.writeBinary(document));
    if (errors.length > 0)
      throw importProblem('file_broken', { reason: errors[0]!.message.slice(0, 200), count: errors.length });
  }
  const packed = cloneDocument(document);
  packed
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });
  return Uint8Array.from(await io.writeBinary(packed));
}

interface Facts {
  readonly triangles: number;
  readonly boundsM: WrittenShape['boundsM'];
  readonly volumeM3: number;
  readonly areaM2: number;
  readonly ranges: FaceRange[];
}

/** One face per primitive: what else belongs together, a triangle mesh does not say. */
function examine(mesh: Mesh): { facts: Facts; edges?: ReturnType<typeof findFeatureEdges> } {
  const positions: number[] = [];
  const indices: number[] = [];
  const ranges: FaceRange[] = [];
  for (const primitive of mesh.listPrimitives()) {
    const points = primitive.getAttribute('POSITION')!;
    const first = indices.length / 3;
    const base = positions.length / 3;
    const element: number[] = [];
    for (let v = 0; v < points.getCount(); v++)
      for (const value of points.getElement(v, element).slice(0, 3)) positions.push(value);
    const corners = primitive.getIndices();
    const length = corners?.getCount() ?? points.getCount();
    if (primitive.getMode() === TRIANGLES)
      for (let at = 0; at + 2 < length; at += 3)
        for (let k = 0; k < 3; k++) indices.push(base + (corners ? corners.getScalar(at + k) : at + k));
    ranges.push([first, indices.length / 3 - first]);
    if (indices.length / 3 > MAX_TRIANGLES)
      throw importProblem('too_many_triangles', { triangles: indices.length / 3, limit: MAX_TRIANGLES });
  }
  const triangles = indices.length / 3;
  const faces = ranges.map(([first, count]) => ({ first, count }));
  const all = {
    name: '',
    positions: Float64Array.from(positions),
    normals: new Float32Array(),
    indices: Uint32Array.from(indices),
    faces,
    color: null,
  };
  const { areaMm2, volumeMm3, min, max } = measure(all);
  const facts: Facts = {
    triangles,
    boundsM: { min: [...min], max: [...max] },
    volumeM3: volumeMm3,
    areaM2: areaMm2,
    ranges,
  };
  if (triangles === 0 || triangles > MAX_EDGED_TRIANGLES) return { facts };
  const edges = findFeatureEdges(Float32Array.from(positions), all.indices, [{ first: 0, count: triangles }]);
  return edges.indices.length / 2 > triangles * 1.5 * MAX_CREASE_SHARE && triangles > 500
    ? { facts }
    : { facts, edges };
}

function addEdges(document: Document, edges: ReturnType<typeof findFeatureEdges>): void {
  const buffer = document.getRoot().listBuffers()[0]!;
  const positions = document.createAccessor().setArray(edges.positions).setType('VEC3').setBuffer(buffer);
  const indices = document
    .createAccessor()
    .setArray(Uint32Array.from(edges.indices))
    .setType('SCALAR')
    .setBuffer(buffer);
  const lines = document.createPrimitive().setMode(LINES).setAttribute('POSITION', positions).setIndices(indices);
  document
    .getRoot()
    .getDefaultScene()!
    .addChild(document.createNode('edges').setMesh(document.createMesh('edges').addPrimitive(lines)));
}
