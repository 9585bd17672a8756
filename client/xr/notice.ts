import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import type { Vec3 } from '#protocol/spatial/index';
import type { Stage } from '../scene/stage/stage.ts';
import { distance } from '../scene/vec.ts';
import { facing } from './facing.ts';
import { fitted, FONT } from './palette/board.ts';
import { pictureMaterial, quad } from './plain-material.ts';

const WIDTH_PX = 1024;
const HEIGHT_PX = 112;
/** Letters of 28 dmm at any distance: 46 px of the picture are 28 mm at one metre. */
const METRES_PER_PX_AT_1M = 0.028 / 46;
const FADE_MS = 250;

/** A short word in the room, such as who holds the part; it faces the reader and goes by itself. */
export class Notice {
  readonly #mesh: Mesh;
  readonly #texture: DynamicTexture;
  #atInRoom: Vec3 = [0, 0, 0];
  #sinceMs = -Infinity;
  /** How long a word stays. */
  shownMs = 2600;
  /** What stands there now; '' when nothing does. */
  text = '';

  constructor(private readonly stage: Stage) {
    this.#texture = new DynamicTexture(
      'notice',
      { width: WIDTH_PX, height: HEIGHT_PX },
      stage.scene,
      true,
      Texture.TRILINEAR_SAMPLINGMODE,
    );
    this.#texture.hasAlpha = true;
    this.#mesh = quad(stage.scene, 'notice', WIDTH_PX * METRES_PER_PX_AT_1M, HEIGHT_PX * METRES_PER_PX_AT_1M);
    const material = pictureMaterial(stage.scene, 'notice', this.#texture, false);
    material.disableDepthWrite = true;
    this.#mesh.material = material;
    // Drawn last, over everything: nothing stands before a notice.
    this.#mesh.renderingGroupId = 1;
    this.#mesh.rotationQuaternion = Quaternion.Identity();
    this.#mesh.setEnabled(false);
  }

  say(text: string, atInRoom: Vec3, nowMs: number, signColor?: string): void {
    this.text = text;
    this.#atInRoom = atInRoom;
    this.#sinceMs = nowMs;
    const { ink, paper } = this.stage.colors;
    const pen = this.#texture.getContext() as CanvasRenderingContext2D;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
    pen.font = `600 46px ${FONT}`;
    pen.textBaseline = 'middle';
    const room = signColor ? 44 : 0;
    const shown = fitted(pen, text, WIDTH_PX - 80 - room);
    const width = pen.measureText(shown).width + 64 + room;
    const left = (WIDTH_PX - width) / 2;
    pen.fillStyle = ink;
    pen.beginPath();
    pen.roundRect(left, 8, width, HEIGHT_PX - 16, 26);
    pen.fill();
    if (signColor) {
      pen.fillStyle = signColor;
      pen.beginPath();
      pen.arc(left + 46, HEIGHT_PX / 2, 17, 0, 2 * Math.PI);
      pen.fill();
      pen.strokeStyle = paper;
      pen.lineWidth = 3;
      pen.stroke();
    }
    pen.fillStyle = paper;
    pen.fillText(shown, left + 32 + room, HEIGHT_PX / 2 + 2);
    this.#texture.update(true);
    this.#mesh.setEnabled(true);
  }

  tick(nowMs: number, eye: Vec3): void {
    if (!this.#mesh.isEnabled()) return;
    const ageMs = nowMs - this.#sinceMs;
    if (ageMs > this.shownMs) {
      this.#mesh.setEnabled(false);
      this.text = '';
      return;
    }
    (this.#mesh.material as ShaderMaterial).setFloat('opacity', Math.min(1, (this.shownMs - ageMs) / FADE_MS));
    this.#mesh.position.set(...this.#atInRoom);
    this.#mesh.rotationQuaternion!.set(...facing(this.#atInRoom, eye));
    this.#mesh.scaling.setAll(Math.max(0.25, distance(this.#atInRoom, eye)));
  }

  dispose(): void {
    this.#mesh.dispose(false, true);
    this.#texture.dispose();
  }
}
