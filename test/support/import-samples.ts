/** Small files of our own for the tests of the import. */
import { Document, NodeIO } from '@gltf-transform/core';

/** Binary STL of a cube from the origin, `edge` units long. */
export function cubeStl(edge: number): Uint8Array<ArrayBuffer> {
  const corner = (bits: number) => [bits & 1, (bits >> 1) & 1, (bits >> 2) & 1].map((bit) => bit * edge);
  const squares = [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ];
  const bytes = new Uint8Array(84 + 12 * 50);
  const view = new DataView(bytes.buffer);
  view.setUint32(80, 12, true);
  let at = 84;
  for (const [a, b, c, d] of squares as [number, number, number, number][])
    for (const triangle of [
      [a, b, c],
      [a, c, d],
    ]) {
      at += 12;
      for (const value of triangle.flatMap(corner)) {
        view.setFloat32(at, value, true);
        at += 4;
      }
      at += 2;
    }
  return bytes;
}

/** A pyramid placed three times: twice as it is, once at double scale. */
export async function pyramidGlb(): Promise<Uint8Array> {
  const document = new Document();
  const buffer = document.createBuffer();
  const points = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const corners = new Uint16Array([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]);
  const primitive = document
    .createPrimitive()
    .setAttribute('POSITION', document.createAccessor().setType('VEC3').setArray(points).setBuffer(buffer))
    .setIndices(document.createAccessor().setType('SCALAR').setArray(corners).setBuffer(buffer))
    .setMaterial(document.createMaterial('brass').setBaseColorFactor([0.8, 0.6, 0.2, 1]));
  const mesh = document.createMesh('pyramid').addPrimitive(primitive);
  const scene = document.createScene();
  scene.addChild(document.createNode('one').setMesh(mesh));
  scene.addChild(
    document.createNode('two').setMesh(mesh).setTranslation([3, 0, 0]).setRotation([0, Math.SQRT1_2, 0, Math.SQRT1_2]),
  );
  scene.addChild(document.createNode('doubled').setMesh(mesh).setScale([2, 2, 2]));
  return new NodeIO().writeBinary(document);
}
