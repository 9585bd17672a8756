import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Vec3 } from '#protocol/spatial/index';
import type { Stage } from '../scene/stage/stage.ts';
import { distance } from '../scene/vec.ts';
import { facing } from './facing.ts';
import { fitted, FONT } from './palette/board.ts';
import { pictureMaterial, quad } from './plain-material.ts';

const WIDTH_PX = 640;
const HEIGHT_PX = 72;
/** Letters of 24 dmm at any distance: 40 px of the picture are 24 mm at one metre. */
const METRES_PER_PX_AT_1M = 0.024 / 40;
const LEAST_M = 0.3;

/** A few words that stand at something in the room, always the same size to the eye. */
export class Tag {
  readonly #stage: Stage;
  readonly #mesh: Mesh;
  readonly #texture: DynamicTexture;
  #text = '';
  #widthPx = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    const size = { width: WIDTH_PX, height: HEIGHT_PX };
    this.#texture = new DynamicTexture('tag', size, stage.scene, true, Texture.TRILINEAR_SAMPLINGMODE);
    this.#texture.hasAlpha = true;
    this.#mesh = quad(stage.scene, 'tag', WIDTH_PX * METRES_PER_PX_AT_1M, HEIGHT_PX * METRES_PER_PX_AT_1M);
    const material = pictureMaterial(stage.scene, 'tag', this.#texture, false);
    material.disableDepthWrite = true;
    this.#mesh.material = material;
    this.#mesh.renderingGroupId = 1;
    this.#mesh.rotationQuaternion = Quaternion.Identity();
    this.#mesh.setEnabled(false);
  }

  /** How large these words are to the eye, dmm. */
  sizeOf(text: string): { readonly width: number; readonly height: number } {
    if (text !== this.#text) this.#write(text);
    const dmmPerPx = METRES_PER_PX_AT_1M * 1000;
    return { width: this.#widthPx * dmmPerPx, height: HEIGHT_PX * dmmPerPx };
  }

  /** Null: nothing to say now. */
  show(text: string | null, atInRoom: Vec3 | null, eye: Vec3): void {
    const isShown = text !== null && text !== '' && atInRoom !== null;
    this.#mesh.setEnabled(isShown);
    if (!isShown) return;
    if (text !== this.#text) this.#write(text);
    this.#mesh.position.set(...atInRoom);
    this.#mesh.rotationQuaternion!.set(...facing(atInRoom, eye));
    this.#mesh.scaling.setAll(Math.max(LEAST_M, distance(atInRoom, eye)));
  }

  dispose(): void {
    this.#mesh.dispose(false, true);
    this.#texture.dispose();
  }

  #write(text: string): void {
    this.#text = text;
    const { ink, paper, rule } = this.#stage.colors;
    const pen = this.#texture.getContext() as CanvasRenderingContext2D;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
    pen.font = `560 40px ${FONT}`;
    pen.textBaseline = 'middle';
    pen.textAlign = 'center';
    const shown = fitted(pen, text, WIDTH_PX - 48);
    const width = (this.#widthPx = pen.measureText(shown).width + 40);
    pen.fillStyle = paper;
    pen.strokeStyle = rule;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.roundRect((WIDTH_PX - width) / 2, 4, width, HEIGHT_PX - 8, 18);
    pen.fill();
    pen.stroke();
    pen.fillStyle = ink;
    pen.fillText(shown, WIDTH_PX / 2, HEIGHT_PX / 2 + 2);
    this.#texture.update(true);
  }
}
