import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { createPlain } from '../stage/plain.ts';

const HEIGHT_PX = 96;
const WIDTH_PX = 512;
export const TAG_ASPECT = WIDTH_PX / HEIGHT_PX;

export interface Tag {
  readonly name: string;
  readonly color: string;
  readonly isWallet: boolean;
}

/** A name on a small plate that turns to the eye. One metre high; scale it. */
export function createNameTag(scene: Scene, { name, color, isWallet }: Tag): Mesh {
  const texture = new DynamicTexture(`tag ${name}`, { width: WIDTH_PX, height: HEIGHT_PX }, scene, true);
  texture.hasAlpha = true;
  const pen = texture.getContext() as CanvasRenderingContext2D;
  pen.font = "600 46px 'Inter Variable', Inter, 'Noto Sans SC Variable', system-ui, sans-serif";
  const text = fitted(pen, name, WIDTH_PX - 110);
  const badge = isWallet ? 46 : 0;
  const width = Math.min(WIDTH_PX - 8, pen.measureText(text).width + 52 + badge);
  const left = (WIDTH_PX - width) / 2;
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(left, 10, width, HEIGHT_PX - 20, (HEIGHT_PX - 20) / 2);
  pen.fill();
  pen.fillStyle = '#fff';
  pen.textBaseline = 'middle';
  pen.fillText(text, left + 26, HEIGHT_PX / 2 + 3);
  if (isWallet) drawSeal(pen, left + width - 42, HEIGHT_PX / 2);
  texture.update();
  const mesh = new Mesh(`tag ${name}`, scene);
  const data = new VertexData();
  const half = TAG_ASPECT / 2;
  data.positions = [-half, -0.5, 0, half, -0.5, 0, half, 0.5, 0, -half, 0.5, 0];
  data.uvs = [0, 0, 1, 0, 1, 1, 0, 1];
  data.normals = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1];
  data.indices = [0, 1, 2, 0, 2, 3];
  data.applyToMesh(mesh);
  mesh.material = createPlain(scene, mesh.name, '#ffffff', 1, texture);
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  return mesh;
}

/** The badge of a person who signed in with a wallet: a seal with a tick. */
function drawSeal(pen: CanvasRenderingContext2D, x: number, y: number): void {
  pen.beginPath();
  pen.arc(x, y, 17, 0, 2 * Math.PI);
  pen.fill();
  pen.strokeStyle = '#1f2933';
  pen.lineWidth = 5;
  pen.lineCap = pen.lineJoin = 'round';
  pen.beginPath();
  pen.moveTo(x - 8, y);
  pen.lineTo(x - 2, y + 6);
  pen.lineTo(x + 8, y - 6);
  pen.stroke();
}

function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let short = text;
  while (short.length > 1 && pen.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return `${short}…`;
}
