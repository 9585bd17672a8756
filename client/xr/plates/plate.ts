import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../../palette.ts';
import type { Stage } from '../../scene/stage/stage.ts';
import { add, lerp, rayInFrame, scale, slerp, transformPoint, type Ray } from '../../scene/vec.ts';
import type { Hand } from '../hands/hand.ts';
import { FONT } from '../palette/board.ts';
import { pictureMaterial, quad } from '../plain-material.ts';
import type { Sounds } from '../sounds.ts';
import {
  layOutPlate,
  MARGIN_DMM,
  plateTargetAt,
  STYLES,
  type PlateBlock,
  type PlateLayout,
  type PlateLine,
  type PlateTarget,
  type TextStyle,
  type Tone,
} from './plate-layout.ts';

const PX_PER_DMM = 1.6;
/** A finger this near in front of the plate means the plate, metres. */
const TOUCH_NEAR_M = 0.07;
const PRESS_DEPTH_M = 0.002;
const LEAVE_M = 0.012;
const PRESS_SHOWN_MS = 160;
/** It follows what carries it a little softly, so that it can be read. */
const FOLLOW_MS = 55;
const RADIUS_DMM = 14;
const TONES: Record<Tone, string | null> = { plain: null, quiet: null, good: '#2b8a3e', bad: '#c92a2a' };
const TONES_DARK: Record<Tone, string | null> = { plain: null, quiet: null, good: '#69db7c', bad: '#ff8787' };

export interface PlateOptions {
  readonly name: string;
  /** Where it is read from, metres: this turns dmm into size. */
  readonly distanceM: number;
  readonly widthDmm: number;
  readonly mostDmm: number;
  /** As on pages: light on dark (or the other way round), in the middle, and no wider than its words. */
  readonly isSubtitle?: boolean;
}

/** Drawn after everything that the place may hide. */
const OVER_GROUP = 1;

/** Words and buttons on a plate in the room, for rays and fingers of both hands. Drawn again only when something changes. */
export class Plate {
  readonly #stage: Stage;
  readonly #sounds: Sounds;
  readonly #options: PlateOptions;
  readonly #mesh: Mesh;
  readonly #texture: DynamicTexture;
  readonly #onPress: (id: string) => void;
  readonly #metresPerDmm: number;
  #blocks: readonly PlateBlock[] = [];
  #written = '';
  #layout: PlateLayout = { lines: [], bars: [], targets: [], heightDmm: 1 };
  #pose: Pose | null = null;
  #hovered: string | null = null;
  #pressed: string | null = null;
  #pressedMs = -Infinity;
  #isStale = true;
  readonly #touching = new Set<string>();

  constructor(stage: Stage, sounds: Sounds, options: PlateOptions, onPress: (id: string) => void) {
    const { name, distanceM, widthDmm, mostDmm } = options;
    this.#stage = stage;
    this.#sounds = sounds;
    this.#options = options;
    this.#onPress = onPress;
    this.#metresPerDmm = distanceM / 1000;
    const size = { width: Math.round(widthDmm * PX_PER_DMM), height: Math.round(mostDmm * PX_PER_DMM) };
    this.#texture = new DynamicTexture(name, size, stage.scene, true, Texture.TRILINEAR_SAMPLINGMODE);
    this.#texture.hasAlpha = true;
    this.#texture.anisotropicFilteringLevel = 8;
    this.#mesh = quad(stage.scene, name, widthDmm * this.#metresPerDmm, mostDmm * this.#metresPerDmm);
    this.#mesh.material = pictureMaterial(stage.scene, name, this.#texture, true);
    this.#mesh.rotationQuaternion = Quaternion.Identity();
    this.#mesh.setEnabled(false);
  }

  get isShown(): boolean {
    return this.#mesh.isEnabled();
  }

  /** Words stay legible where a real thing stands between: they are over what the place hides. */
  standOver(): void {
    this.#mesh.renderingGroupId = OVER_GROUP;
  }

  /** What is drawn on, from the upper edge. */
  get heightM(): number {
    return this.#layout.heightDmm * this.#metresPerDmm;
  }

  get widthM(): number {
    return this.#options.widthDmm * this.#metresPerDmm;
  }

  get poseInRoom(): Pose | null {
    return this.#pose;
  }

  /** What stands on it, for tests. */
  get words(): string {
    return [
      ...this.#layout.lines.map(({ text }) => text),
      ...this.#layout.targets.map(({ lines }) => lines.join(' ')),
    ].join('\n');
  }

  get buttons(): readonly string[] {
    return this.#layout.targets.map(({ button }) => button.id);
  }

  /** Where the middle of a button is, in the room. */
  placeOf(id: string): Vec3 | null {
    const target = this.#layout.targets.find(({ button }) => button.id === id);
    if (!target || !this.#pose || !this.isShown) return null;
    return this.#inRoom(target.x + target.width / 2, target.y + target.height / 2);
  }

  /** The button that a ray of the room meets, such as that of a look; `at`: where it meets the plate. */
  under(ray: Ray): { readonly id: string | null; readonly at: Vec3 } | null {
    if (!this.#pose || !this.isShown) return null;
    const { origin, direction } = rayInFrame(ray, this.#pose);
    if (direction[2] > -1e-3 || origin[2] < 0) return null;
    const t = -origin[2] / direction[2];
    const [x, y] = add(origin, scale(direction, t));
    const spot = this.#at(x, y);
    return spot && { id: enabledId(spot.target), at: add(ray.origin, scale(ray.direction, t)) };
  }

  /** As if a finger had pressed it. */
  press(id: string, nowMs: number): void {
    this.#sounds.tick('press');
    this.#pressed = id;
    this.#pressedMs = nowMs;
    this.#isStale = true;
    this.#onPress(id);
  }

  show(blocks: readonly PlateBlock[]): void {
    const written = JSON.stringify(blocks);
    if (written === this.#written) return;
    this.#written = written;
    this.#blocks = blocks;
    this.#isStale = true;
    const pen = this.#texture.getContext() as CanvasRenderingContext2D;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    const { widthDmm, mostDmm } = this.#options;
    this.#layout = layOutPlate(this.#blocks, widthDmm, mostDmm, (text, style) => {
      pen.font = fontOf(style);
      return pen.measureText(text).width;
    });
  }

  /** Upright at a place, its upper edge there, +Z to the reader; null: not now. */
  stand(poseInRoom: Pose | null, elapsedMs = Infinity): void {
    this.#mesh.setEnabled(poseInRoom !== null);
    if (!poseInRoom) {
      this.#pose = null;
      return;
    }
    const share = this.#pose ? 1 - Math.exp(-elapsedMs / FOLLOW_MS) : 1;
    this.#pose = this.#pose
      ? {
          position: lerp(this.#pose.position, poseInRoom.position, share),
          rotation: slerp(this.#pose.rotation, poseInRoom.rotation, share),
        }
      : poseInRoom;
    // The mesh hangs by its middle, the plate by its upper edge.
    const middle = transformPoint(this.#pose, [0, (-this.#options.mostDmm / 2) * this.#metresPerDmm, 0]);
    this.#mesh.position.set(...middle);
    this.#mesh.rotationQuaternion!.set(...this.#pose.rotation);
  }

  /** Returns for each hand that means the plate where its ray meets it (null: the finger is at it). */
  tick(hands: readonly Hand[], nowMs: number): Map<Hand, Vec3 | null> {
    const used = new Map<Hand, Vec3 | null>();
    let hovered: string | null = null;
    if (this.isShown && this.#pose)
      for (const hand of hands) {
        const use = this.#use(hand, nowMs);
        if (!use) continue;
        used.set(hand, use.hit);
        if (use.over && use.over !== this.#hovered) {
          hand.pulse(0.15, 12);
          this.#sounds.tick('hover');
        }
        hovered = use.over ?? hovered;
      }
    if (hovered !== this.#hovered) {
      this.#hovered = hovered;
      this.#isStale = true;
    }
    if (this.#pressed && nowMs - this.#pressedMs > PRESS_SHOWN_MS) {
      this.#pressed = null;
      this.#isStale = true;
    }
    if (this.isShown && this.#isStale) this.#draw();
    return used;
  }

  dispose(): void {
    this.#mesh.dispose(false, true);
    this.#texture.dispose();
  }

  #use(hand: Hand, nowMs: number): { hit: Vec3 | null; over: string | null } | null {
    const pose = this.#pose!;
    const [tipX, tipY, tipZ] = hand.tipInRoom ? transformPoint(invertPose(pose), hand.tipInRoom) : [0, 0, Infinity];
    const touch = this.#at(tipX, tipY);
    if (touch && Math.abs(tipZ) < TOUCH_NEAR_M) {
      const isThrough = tipZ < PRESS_DEPTH_M;
      if (isThrough && !this.#touching.has(hand.side)) this.#press(touch.target, hand, nowMs);
      if (isThrough) this.#touching.add(hand.side);
      else if (tipZ > LEAVE_M) this.#touching.delete(hand.side);
      return { hit: null, over: enabledId(touch.target) };
    }
    this.#touching.delete(hand.side);
    const ray = hand.ray && rayInFrame(hand.ray, pose);
    if (!ray || ray.direction[2] > -1e-3 || ray.origin[2] < 0) return null;
    const t = -ray.origin[2] / ray.direction[2];
    const [x, y] = add(ray.origin, scale(ray.direction, t));
    const spot = this.#at(x, y);
    if (!spot) return null;
    if (hand.hasPressed) this.#press(spot.target, hand, nowMs);
    return { hit: add(hand.ray!.origin, scale(hand.ray!.direction, t)), over: enabledId(spot.target) };
  }

  /** Null: beside the plate. */
  #at(x: number, y: number): { target: PlateTarget | null } | null {
    const xDmm = x / this.#metresPerDmm + this.#options.widthDmm / 2;
    const yDmm = -y / this.#metresPerDmm;
    if (xDmm < 0 || yDmm < 0 || xDmm > this.#options.widthDmm || yDmm > this.#layout.heightDmm) return null;
    return { target: plateTargetAt(this.#layout, xDmm, yDmm) };
  }

  #inRoom(xDmm: number, yDmm: number): Vec3 {
    const x = (xDmm - this.#options.widthDmm / 2) * this.#metresPerDmm;
    return transformPoint(this.#pose!, [x, -yDmm * this.#metresPerDmm, 0]);
  }

  #press(target: PlateTarget | null, hand: Hand, nowMs: number): void {
    const id = enabledId(target);
    if (id === null) return;
    hand.pulse(0.5, 25);
    this.#sounds.tick('press');
    this.#pressed = id;
    this.#pressedMs = nowMs;
    this.#isStale = true;
    this.#onPress(id);
  }

  #draw(): void {
    this.#isStale = false;
    const { colors, theme } = this.#stage;
    const { widthDmm, mostDmm, isSubtitle = false } = this.#options;
    const { lines, bars, targets, heightDmm } = this.#layout;
    const [paper, ink] = isSubtitle ? [colors.ink, colors.paper] : [colors.paper, colors.ink];
    const pen = this.#texture.getContext() as CanvasRenderingContext2D;
    pen.setTransform(PX_PER_DMM, 0, 0, PX_PER_DMM, 0, 0);
    pen.clearRect(0, 0, widthDmm, mostDmm);
    pen.fillStyle = paper;
    pen.strokeStyle = colors.rule;
    pen.lineWidth = 2;
    pen.beginPath();
    const marginDmm = isSubtitle ? Math.max(1, (widthDmm - widest(pen, lines)) / 2 - MARGIN_DMM) : 1;
    pen.roundRect(marginDmm, 1, widthDmm - 2 * marginDmm, heightDmm - 2, 26);
    pen.fill();
    pen.stroke();
    const inks = theme === 'dark' ? TONES_DARK : TONES;
    pen.textBaseline = 'middle';
    pen.textAlign = isSubtitle ? 'center' : 'left';
    for (const { x, y, text, style, tone, mark } of lines) {
      pen.globalAlpha = tone === 'quiet' ? 0.66 : 1;
      pen.fillStyle = pen.strokeStyle = inks[tone] ?? ink;
      pen.font = fontOf(style);
      pen.fillText(text, isSubtitle ? widthDmm / 2 : x, y + 1);
      if (mark) drawMark(pen, mark, x - 22, y, mark === 'done' ? inks.good! : colors.ink);
    }
    pen.globalAlpha = 1;
    for (const { x, y, width, height, share } of bars) {
      pen.fillStyle = mixed(pen, colors.ink, 0.14);
      pill(pen, x, y, width, height);
      pen.globalAlpha = 1;
      pen.fillStyle = ACCENT;
      if (share > 0) pill(pen, x, y, Math.max(height, width * share), height);
    }
    for (const target of targets) this.#drawTarget(pen, target);
    this.#texture.update(true);
  }

  #drawTarget(pen: CanvasRenderingContext2D, { x, y, width, height, button, lines }: PlateTarget): void {
    const { colors } = this.#stage;
    const isHovered = this.#hovered === button.id;
    const isPressed = this.#pressed === button.id;
    const isFilled = isPressed || button.isMain === true;
    const fade = button.isEnabled === false ? 0.38 : 1;
    pen.globalAlpha = fade;
    pen.beginPath();
    pen.roundRect(x, y, width, height, RADIUS_DMM);
    if (isFilled) pen.fillStyle = ACCENT;
    else pen.fillStyle = mixed(pen, colors.ink, (isHovered ? 0.18 : 0.08) * fade);
    pen.fill();
    pen.globalAlpha = fade;
    if (isHovered || button.isOn) {
      pen.strokeStyle = isFilled ? colors.ink : ACCENT;
      pen.lineWidth = 5;
      pen.stroke();
    }
    pen.fillStyle = isFilled ? '#ffffff' : colors.ink;
    pen.font = fontOf('label');
    pen.textAlign = 'center';
    const { leadDmm } = STYLES.label;
    lines.forEach((line, at) =>
      pen.fillText(line, x + width / 2, y + height / 2 + 1 + (at - (lines.length - 1) / 2) * leadDmm, width - 12),
    );
    pen.globalAlpha = 1;
    pen.textAlign = 'left';
  }
}

const fontOf = (style: TextStyle): string => `${STYLES[style].weight} ${STYLES[style].sizeDmm}px ${FONT}`;
const enabledId = (target: PlateTarget | null): string | null =>
  target && target.button.isEnabled !== false ? target.button.id : null;

function widest(pen: CanvasRenderingContext2D, lines: readonly PlateLine[]): number {
  const widths = lines.map(({ text, style }) => {
    pen.font = fontOf(style);
    return pen.measureText(text).width;
  });
  return Math.max(0, ...widths);
}

/** The colour with so much cover. */
function mixed(pen: CanvasRenderingContext2D, color: string, share: number): string {
  pen.globalAlpha = share;
  return color;
}

function pill(pen: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  pen.beginPath();
  pen.roundRect(x, y, width, height, height / 2);
  pen.fill();
}

function drawMark(pen: CanvasRenderingContext2D, mark: 'done' | 'open', x: number, y: number, color: string): void {
  pen.strokeStyle = color;
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = 'round';
  pen.beginPath();
  pen.arc(x, y, 10, 0, 2 * Math.PI);
  if (mark === 'done') {
    pen.moveTo(x - 5, y);
    pen.lineTo(x - 1, y + 4);
    pen.lineTo(x + 6, y - 4);
  }
  pen.stroke();
}
