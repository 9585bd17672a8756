/**
 * One shape, one GLB: node `part` (triangles, `extras.faces`) and node `edges` (feature edges as lines), metres, part coordinates.
 *
 * Positions are snapped to a grid of 2^-18 m (3.8 um, so at most 1.9 um off) and stay floats: no dequantising transform sits
 * on the nodes, and two exports of one part give the same bytes. Triangle order is kept, as face ids are runs of triangles:
 * that rules out vertex cache reordering of the whole mesh. The index codec of meshopt keeps the order of triangles.
 * The part's name and its one colour are not in the file: they belong to the node that places it.
 */
import { Document, NodeIO } from '@gltf-transform/core';
import type { TypedArray } from '@gltf-transform/core';
import { EXTMeshoptCompression, KHRMeshQuantization } from '@gltf-transform/extensions';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';
import type { FaceRange, ShapeExtras } from '#protocol/assets/product-structure';
import { findFeatureEdges } from './feature-edges.ts';
import type { CadMesh } from './cad-model.ts';
import { measure } from './congruence.ts';

export const POSITION_STEP_M = 2 ** -18;
export const GENERATOR = 'Workhall import';
const NORMAL_STEPS = 32_767;
/** glTF 2.0, 3.7.2.1. */
const LINES = 1;

export interface WrittenShape {
  readonly name: string;
  readonly glb: Uint8Array;
  readonly triangleCount: number;
  readonly boundsM: { readonly min: [number, number, number]; readonly max: [number, number, number] };
  readonly volumeM3: number;
  readonly areaM2: number;
  readonly faces: number;
  readonly hasOwnColours: boolean;
}

export async function meshoptIO(): Promise<NodeIO> {
  await Promise.all([MeshoptEncoder.ready, MeshoptDecoder.ready]);
  return new NodeIO()
    .registerExtensions([EXTMeshoptCompression, KHRMeshQuantization])
    .registerDependencies({ 'meshopt.encoder': MeshoptEncoder, 'meshopt.decoder': MeshoptDecoder });
}

/** `unitM`: metres per unit of the mesh. */
export function toShapeDocument(
  mesh: CadMesh,
  unitM: number,
): { document: Document; shape: Omit<WrittenShape, 'glb'> } {
  const positions = Float32Array.from(
    mesh.positions,
    (value) => Math.round((value * unitM) / POSITION_STEP_M) * POSITION_STEP_M + 0,
  );
  const hasOwnColours = mesh.faces.some((face) => face.color !== undefined);
  const document = new Document();
  document.getRoot().getAsset().generator = GENERATOR;
  const buffer = document.createBuffer();
  const accessor = (array: TypedArray, type: 'SCALAR' | 'VEC3' | 'VEC4', isNormalized = false) =>
    document.createAccessor().setArray(array).setType(type).setNormalized(isNormalized).setBuffer(buffer);

  const material = document
    .createMaterial('neutral')
    .setBaseColorFactor([0.63, 0.65, 0.68, 1])
    .setMetallicFactor(0.1)
    .setRoughnessFactor(0.55);
  if (hasOwnColours) material.setBaseColorFactor([1, 1, 1, 1]);
  document.createExtension(KHRMeshQuantization).setRequired(true);
  const faces = document
    .createPrimitive()
    .setMaterial(material)
    .setAttribute('POSITION', accessor(positions, 'VEC3'))
    .setAttribute(
      'NORMAL',
      accessor(
        Int16Array.from(mesh.normals, (value) => Math.round(value * NORMAL_STEPS)),
        'VEC3',
        true,
      ),
    )
    .setIndices(accessor(smallest(mesh.indices, positions.length / 3), 'SCALAR'));
  if (hasOwnColours) faces.setAttribute('COLOR_0', accessor(vertexColours(mesh), 'VEC4', true));
  const extras: ShapeExtras = {
    faces: mesh.faces.map(({ first, count, color }): FaceRange => (color ? [first, count, color] : [first, count])),
  };
  const scene = document.createScene('shape');
  scene.addChild(
    document.createNode('part').setMesh(
      document
        .createMesh('part')
        .addPrimitive(faces)
        .setExtras({ ...extras }),
    ),
  );

  const edges = findFeatureEdges(positions, mesh.indices, mesh.faces);
  if (edges.indices.length > 0) {
    const lines = document
      .createPrimitive()
      .setMode(LINES)
      .setAttribute('POSITION', accessor(edges.positions, 'VEC3'))
      .setIndices(accessor(smallest(edges.indices, edges.positions.length / 3), 'SCALAR'));
    scene.addChild(document.createNode('edges').setMesh(document.createMesh('edges').addPrimitive(lines)));
  }
  document.getRoot().setDefaultScene(scene);

  const { areaMm2, volumeMm3, min, max } = measure(mesh);
  const metres = (v: readonly number[]): [number, number, number] => [v[0]! * unitM, v[1]! * unitM, v[2]! * unitM];
  return {
    document,
    shape: {
      name: mesh.name,
      triangleCount: mesh.indices.length / 3,
      boundsM: { min: metres(min), max: metres(max) },
      volumeM3: volumeMm3 * unitM ** 3,
      areaM2: areaMm2 * unitM ** 2,
      faces: mesh.faces.length,
      hasOwnColours,
    },
  };
}

export async function compress(document: Document, io: NodeIO): Promise<Uint8Array> {
  document
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });
  // A copy of its own: the writer may hand out a view on a pooled buffer, which cannot move to another thread.
  return Uint8Array.from(await io.writeBinary(document));
}

function smallest(indices: Uint32Array, vertices: number): TypedArray {
  return vertices < 65_535 ? Uint16Array.from(indices) : Uint32Array.from(indices);
}

/** Linear RGBA bytes: glTF vertex colours are linear factors. Faces do not share vertices, so each vertex has one colour. */
function vertexColours(mesh: CadMesh): TypedArray {
  const colours = new Uint8Array((mesh.positions.length / 3) * 4).fill(255);
  for (const face of mesh.faces) {
    const rgba = [...toLinear(face.color ?? mesh.color ?? '#b4b8bd'), 255];
    for (let i = face.first * 3; i < (face.first + face.count) * 3; i++) colours.set(rgba, mesh.indices[i]! * 4);
  }
  return colours;
}

function toLinear(hex: string): number[] {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return Math.round((value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4) * 255);
  });
}
