import type { Scene } from '@babylonjs/core/scene.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Material } from '@babylonjs/core/Materials/material.js';
import { create as createQr } from 'qrcode';
import { layoutSheet, type MarkerMap } from '#protocol/alignment/index';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';

/** Black rectangles on white paper, metres from its middle; x right, y up. */
export interface Print {
  readonly widthM: number;
  readonly heightM: number;
  readonly black: readonly { readonly x: number; readonly y: number; readonly w: number; readonly h: number }[];
}
/** Modules of a code, row by row from the top; true is black. */
export interface Modules {
  readonly size: number;
  readonly isBlack: (column: number, row: number) => boolean;
}

/** Paper lies this much behind the ink: what is measured is the ink. */
const PAPER_BEHIND_M = 0.0003;
const TAGS = '4';

/** The sheets that a map was made of, drawn by the layout of the PDF; a marker of no such sheet is left out. */
export function sheetsOf(map: MarkerMap): { print: Print; poseInProduct: Pose }[] {
  const byCode = new Map(map.markers.map((one) => [one.code, one]));
  return map.markers.flatMap(({ code, sizeM, poseInProduct }) => {
    const first = Number(code.split('/')[1]);
    if (!code.startsWith('36h11/') || first % Number(TAGS) !== 0 || !byCode.has(`36h11/${first + 3}`)) return [];
    const sheet = layoutSheet({ station: map.station.slice(0, 60), paper: 'a4', tags: TAGS, language: 'en', first });
    const own = sheet.map.markers[0]!;
    if (Math.abs(own.sizeM - sizeM) > 1e-6) return [];
    const [w, h] = [sheet.widthMm / 1000, sheet.heightMm / 1000];
    const black = sheet.black.map(({ xMm, yMm, widthMm, heightMm }) => ({
      x: (xMm + widthMm / 2) / 1000 - w / 2,
      y: h / 2 - (yMm + heightMm / 2) / 1000,
      w: widthMm / 1000,
      h: heightMm / 1000,
    }));
    const print = { widthM: w, heightM: h, black };
    return [{ print, poseInProduct: composePose(poseInProduct, invertPose(own.poseInProduct)) }];
  });
}

/** A card with a code in its middle, and a quiet zone of four modules and more. */
export function cardOf({ size, isBlack }: Modules, edgeM: number): Print {
  const module = edgeM / size;
  const black: Print['black'][number][] = [];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      if (!isBlack(column, row)) continue;
      const from = column;
      while (column + 1 < size && isBlack(column + 1, row)) column++;
      const length = column - from + 1;
      black.push({
        x: (from + length / 2) * module - edgeM / 2,
        y: edgeM / 2 - (row + 0.5) * module,
        w: length * module,
        h: module,
      });
    }
  const paper = edgeM + 9 * module;
  return { widthM: paper, heightM: paper, black };
}

export function qrOf(text: string): Modules {
  const { modules } = createQr(text, { errorCorrectionLevel: 'M' });
  return { size: modules.size, isBlack: (column, row) => modules.get(row, column) === 1 };
}

/** The writer (0.7 MB of zxing-cpp) comes with the first DataMatrix, from our own origin. */
export async function dataMatrixOf(text: string): Promise<Modules> {
  const [{ prepareZXingModule, writeBarcode }, { default: writerUrl }] = await Promise.all([
    import('zxing-wasm/writer'),
    import('zxing-wasm/writer/zxing_writer.wasm?url'),
  ]);
  prepareZXingModule({ overrides: { locateFile: () => writerUrl } });
  const { symbol, error } = await writeBarcode(text, { format: 'DataMatrix', forceSquareDataMatrix: true });
  if (error !== '') throw new Error(`No code for ${text}: ${error}`);
  return { size: symbol.width, isBlack: (column, row) => symbol.data[row * symbol.width + column] === 0 };
}

/** The print as two meshes, paper and ink. */
export function printMeshes(
  scene: Scene,
  name: string,
  print: Print,
  pose: Pose,
  paper: Material,
  ink: Material,
): Mesh[] {
  const sheet = { x: 0, y: 0, w: print.widthM, h: print.heightM };
  return [
    rectangles(scene, `${name} paper`, [sheet], -PAPER_BEHIND_M, pose, paper),
    rectangles(scene, `${name} ink`, print.black, 0, pose, ink),
  ];
}

function rectangles(scene: Scene, name: string, list: Print['black'], z: number, pose: Pose, look: Material): Mesh {
  const mesh = new Mesh(name, scene);
  const data = new VertexData();
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  for (const { x, y, w, h } of list) {
    const first = positions.length / 3;
    for (const [u, v] of [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const) {
      const at = composePose(pose, {
        position: [x + (u * w) / 2, y + (v * h) / 2, z],
        rotation: [0, 0, 0, 1],
      }).position;
      const up = composePose(pose, { position: [0, 0, 1], rotation: [0, 0, 0, 1] }).position;
      positions.push(...at);
      normals.push(up[0] - pose.position[0], up[1] - pose.position[1], up[2] - pose.position[2]);
    }
    indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
  }
  data.positions = positions;
  data.normals = normals;
  data.indices = indices;
  data.applyToMesh(mesh);
  mesh.material = look;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  return mesh;
}
