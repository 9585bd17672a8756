import type { Scene } from '@babylonjs/core/scene.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import '@babylonjs/core/Engines/Extensions/engine.rawTexture.js';
import { create as createQr } from 'qrcode';
import { layoutSheet, type MarkerMap } from '#protocol/alignment/index';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { blackOf, type Print } from './print.ts';

/** Modules of a code, row by row from the top; true is black. */
export interface Modules {
  readonly size: number;
  readonly isBlack: (column: number, row: number) => boolean;
}

/** White that a reader needs round a code, modules. */
const QUIET = 4;
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

/** A card with a code in its middle. */
export function cardOf({ size, isBlack }: Modules, edgeM: number): Print {
  const moduleM = edgeM / size;
  const paperM = edgeM + 2 * QUIET * moduleM;
  return { widthM: paperM, heightM: paperM, moduleM, black: blackOf(size, size, moduleM, isBlack) };
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

const { TEXTURE_NEAREST_SAMPLINGMODE: NEAREST, TEXTURETYPE_UNSIGNED_BYTE: BYTES } = Constants;
/** Fine enough for tags, whose modules are whole millimetres. */
const DOTS_PER_MM = 2;

/** Ink by dots from the upper left corner, 0 or 255: of a sheet by half millimetres, of a card by its modules. */
interface Dots {
  readonly columns: number;
  readonly rows: number;
  readonly ink: Uint8Array;
}

function dotsOf({ widthM, heightM, black, moduleM }: Print): Dots {
  const dotM = moduleM ?? 0.001 / DOTS_PER_MM;
  const [columns, rows] = [Math.round(widthM / dotM), Math.round(heightM / dotM)];
  const ink = new Uint8Array(columns * rows);
  for (const { x, y, w, h } of black) {
    const left = Math.round((x - w / 2 + widthM / 2) / dotM);
    const top = Math.round((heightM / 2 - y - h / 2) / dotM);
    const [right, bottom] = [left + Math.max(1, Math.round(w / dotM)), top + Math.max(1, Math.round(h / dotM))];
    for (let row = top; row < bottom; row++) ink.fill(255, row * columns + left, row * columns + right);
  }
  return { columns, rows, ink };
}

/** A printed paper in the scene. Who takes it away disposes the mesh and the material with its texture. */
export function printMesh(scene: Scene, name: string, print: Print, pose: Pose): Mesh {
  const { columns, rows, ink } = dotsOf(print);
  const texture = RawTexture.CreateRTexture(ink, columns, rows, scene, false, false, NEAREST, BYTES);
  const material = new ShaderMaterial(name, scene, 'printed', {
    attributes: ['position', 'uv'],
    uniforms: ['world', 'viewProjection'],
    samplers: ['ink'],
  });
  material.setTexture('ink', texture);
  material.backFaceCulling = false;
  const mesh = new Mesh(name, scene);
  const data = new VertexData();
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  data.positions = corners.flatMap(([u, v]) => {
    const position: Vec3 = [(u * print.widthM) / 2, (v * print.heightM) / 2, 0];
    return [...composePose(pose, { position, rotation: [0, 0, 0, 1] }).position];
  });
  // The first row of dots is the upper one.
  data.uvs = corners.flatMap(([u, v]) => [(1 + u) / 2, (1 - v) / 2]);
  data.indices = [0, 1, 2, 0, 2, 3];
  data.applyToMesh(mesh);
  mesh.material = material;
  mesh.isPickable = false;
  return mesh;
}

/**
 * Paper and ink mixed as light is mixed in a lens: 64 places of the pixel and its neighbours, each shaken in its own cell, weighted as a
 * blur of half a pixel, in light and not in grey values, then sRGB. Markers are then found within half a millimetre.
 * Tried: the engine's own smoothing, which mixes grey values (edges a seventh of a pixel off), and places on a grid, on which an edge
 * along the pixels' rows jumps by a quarter of a pixel; either way markers disagree.
 */
Effect.ShadersStore['printedVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec2 uv;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec2 vUV;
void main() { vUV = uv; gl_Position = viewProjection * world * vec4(position, 1.0); }`;
Effect.ShadersStore['printedFragmentShader'] = /* glsl */ `
precision highp float;
varying vec2 vUV;
uniform sampler2D ink;
float chance(vec2 at) {
  vec3 p = fract(vec3(at.xyx) * 0.1031);
  p += dot(p, p.yzx + 33.33);
  return fract((p.x + p.y) * p.z);
}
void main() {
  vec2 across = dFdx(vUV);
  vec2 down = dFdy(vUV);
  float sum = 0.0;
  float weights = 0.0;
  for (int j = 0; j < 8; j++)
    for (int i = 0; i < 8; i++) {
      vec2 cell = vec2(float(i), float(j));
      vec2 shaken = vec2(chance(gl_FragCoord.xy + cell.xy * 17.3), chance(gl_FragCoord.yx + cell.yx * 11.9 + 37.0));
      vec2 off = (cell - 4.0 + shaken) * 0.4;
      float weight = exp(-dot(off, off) / 0.5);
      sum += weight * texture2D(ink, vUV + off.x * across + off.y * down).r;
      weights += weight;
    }
  float light = mix(0.56, 0.035, sum / weights);
  float grey = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1.0 / 2.4) - 0.055;
  gl_FragColor = vec4(grey, grey, grey * 0.985, 1.0);
}`;
