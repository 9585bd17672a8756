import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { ACCENT } from '../../palette.ts';
import type { ThemeColors } from '../../scene/stage/theme.ts';
import { pictureMaterial, quad } from '../plain-material.ts';
import { ICONS, type IconName } from './icons.ts';
import {
  BOARD,
  LAST_STEP,
  MOMENT,
  PAGES,
  PEOPLE,
  TEXT_DMM,
  type PageId,
  type PaletteAct,
  type Target,
} from './layout.ts';
import type { Words } from './strings.ts';

/** Held about so far from the eyes: this turns dmm into size. */
const READING_DISTANCE_M = 0.4;
export const METRES_PER_DMM = READING_DISTANCE_M / 1000;
const PX_PER_DMM = 2;
const RADIUS_DMM = 14;
export const FONT = "'Inter Variable', Inter, 'Noto Sans SC Variable', 'Noto Sans SC', system-ui, sans-serif";

interface Recorded {
  /** Names of the parts of the steps that are written down. */
  readonly steps: readonly string[];
  /** How many of them have a spoken note. */
  readonly spoken: number;
}

export interface BoardState {
  readonly page: PageId;
  readonly hovered: Target | null;
  readonly pressed: Target | null;
  readonly people: readonly { readonly name: string; readonly color: string }[];
  /** The step that is shown in the past, and how many there are. */
  readonly moment: { readonly step: number; readonly total: number } | null;
  readonly recorded: Recorded;
  isOn(act: PaletteAct): boolean;
  isEnabled(act: PaletteAct): boolean;
}

/** The palette as a picture on a plate. Drawn again only when something on it changes. */
export class Board {
  readonly mesh: Mesh;
  readonly #texture: DynamicTexture;

  constructor(
    scene: Scene,
    private readonly wordsNow: () => Words,
    private readonly isAr: boolean,
  ) {
    const size = { width: BOARD.width * PX_PER_DMM, height: BOARD.height * PX_PER_DMM };
    this.#texture = new DynamicTexture('palette', size, scene, true, Texture.TRILINEAR_SAMPLINGMODE);
    this.#texture.hasAlpha = true;
    this.#texture.anisotropicFilteringLevel = 8;
    this.mesh = quad(scene, 'palette', BOARD.width * METRES_PER_DMM, BOARD.height * METRES_PER_DMM);
    this.mesh.material = pictureMaterial(scene, 'palette', this.#texture, true);
  }

  private get words(): Words {
    return this.wordsNow();
  }

  dispose(): void {
    this.mesh.dispose(false, true);
    this.#texture.dispose();
  }

  draw(state: BoardState, colors: ThemeColors): void {
    const pen = this.#texture.getContext() as CanvasRenderingContext2D;
    pen.setTransform(PX_PER_DMM, 0, 0, PX_PER_DMM, 0, 0);
    pen.clearRect(0, 0, BOARD.width, BOARD.height);
    pen.fillStyle = colors.paper;
    pen.beginPath();
    pen.roundRect(1, 1, BOARD.width - 2, BOARD.height - 2, 28);
    pen.fill();
    pen.strokeStyle = colors.rule;
    pen.lineWidth = 2;
    pen.stroke();
    for (const target of PAGES[state.page]) this.#drawTarget(pen, target, state, colors);
    if (state.page === 'tools') this.#drawPeople(pen, state, colors);
    if (state.moment) this.#drawTitle(pen, this.words.moment(state.moment.step, state.moment.total), colors);
    if (state.page === 'recording') this.#drawSteps(pen, state.recorded, colors);
    this.#texture.update(true);
  }

  #drawSteps(pen: CanvasRenderingContext2D, { steps, spoken }: Recorded, colors: ThemeColors): void {
    this.#drawTitle(pen, this.words.recorded(steps.length, spoken), colors);
    pen.font = `500 ${TEXT_DMM}px ${FONT}`;
    const last = steps.at(-1);
    const text = last === undefined ? this.words.doTheFirst : this.words.lastStep(last);
    const lines = inLines(pen, text, LAST_STEP.width - 16).slice(0, 2);
    lines.forEach((line, n) =>
      pen.fillText(fitted(pen, line, LAST_STEP.width - 16), LAST_STEP.x + 8, LAST_STEP.y + 24 + n * (TEXT_DMM + 12)),
    );
  }

  #drawTitle(pen: CanvasRenderingContext2D, text: string, colors: ThemeColors): void {
    pen.fillStyle = colors.ink;
    pen.font = `600 ${TEXT_DMM + 3}px ${FONT}`;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillText(fitted(pen, text, MOMENT.width - 16), MOMENT.x + 8, MOMENT.y + MOMENT.height / 2);
  }

  #drawPeople(pen: CanvasRenderingContext2D, { people }: BoardState, colors: ThemeColors): void {
    const middle = PEOPLE.y + PEOPLE.height / 2;
    if (people.length) {
      pen.strokeStyle = colors.ink;
      drawIcon(pen, 'visit', PEOPLE.x + PEOPLE.width - 20, middle, 26);
    }
    people.slice(0, 4).forEach(({ color }, i) => {
      pen.fillStyle = color;
      pen.beginPath();
      pen.arc(PEOPLE.x + 20 + i * 18, middle, 10, 0, 2 * Math.PI);
      pen.fill();
      pen.strokeStyle = colors.paper;
      pen.lineWidth = 2;
      pen.stroke();
    });
    const left = PEOPLE.x + (people.length ? 28 + Math.min(people.length, 4) * 18 : 14);
    pen.fillStyle = colors.ink;
    pen.font = `500 ${TEXT_DMM}px ${FONT}`;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    const text = people.length ? this.words.others(people.map(({ name }) => name)) : this.words.alone;
    pen.fillText(fitted(pen, text, PEOPLE.x + PEOPLE.width - left - (people.length ? 34 : 8)), left, middle + 1);
  }

  #drawTarget(pen: CanvasRenderingContext2D, target: Target, state: BoardState, colors: ThemeColors): void {
    const { x, y, width, height, act } = target;
    const isHovered = state.hovered === target;
    const isPressed = state.pressed === target;
    const isOn = state.isOn(act);
    pen.globalAlpha = state.isEnabled(act) ? 1 : 0.38;
    pen.beginPath();
    pen.roundRect(x, y, width, height, RADIUS_DMM);
    pen.fillStyle =
      act.kind === 'paint' ? act.color : isPressed ? ACCENT : mix(colors.paper, colors.ink, isHovered ? 0.17 : 0.07);
    pen.fill();
    if (isHovered || isOn || act.kind === 'paint') {
      pen.strokeStyle = isHovered || isOn ? ACCENT : colors.rule;
      pen.lineWidth = isHovered || isOn ? 5 : 2;
      pen.stroke();
    }
    if (act.kind !== 'paint') this.#drawFace(pen, target, isPressed ? '#ffffff' : colors.ink, isOn);
    pen.globalAlpha = 1;
  }

  #drawFace(pen: CanvasRenderingContext2D, { x, y, width, height, act }: Target, ink: string, isOn: boolean): void {
    const { icon, label } = this.#faceOf(act, isOn);
    pen.fillStyle = pen.strokeStyle = ink;
    pen.font = `550 ${TEXT_DMM}px ${FONT}`;
    pen.textBaseline = 'middle';
    pen.textAlign = 'center';
    if (icon === null) {
      // Two words that are too long for one line stand on two.
      const words = label.split(' ');
      const lines = words.length === 2 && pen.measureText(label).width > width - 12 ? words : [label];
      lines.forEach((line, i) => {
        const downDmm = (i - (lines.length - 1) / 2) * (TEXT_DMM + 1);
        pen.fillText(fitted(pen, line, width - 12), x + width / 2, y + height / 2 + 1 + downDmm);
      });
      return;
    }
    const isTall = height > 80 && width < 200;
    if (isTall) {
      drawIcon(pen, icon, x + width / 2, y + 32, 40);
      pen.fillText(fitted(pen, label, width - 4), x + width / 2, y + height - 21);
      return;
    }
    const textWidth = Math.min(pen.measureText(label).width, width - 60);
    const left = x + (width - textWidth - 46) / 2;
    drawIcon(pen, icon, left + 18, y + height / 2, 36);
    pen.textAlign = 'left';
    pen.fillText(fitted(pen, label, width - 60), left + 46, y + height / 2 + 1);
  }

  #faceOf(act: PaletteAct, isOn: boolean): { icon: IconName | null; label: string } {
    const { words } = this;
    switch (act.kind) {
      case 'undo':
      case 'redo':
      case 'duplicate':
      case 'delete':
      case 'hide':
      case 'stepBack':
      case 'stepOn':
      case 'toNow':
        return { icon: act.kind, label: words[act.kind] };
      case 'play':
        return isOn ? { icon: 'pause', label: words.pause } : { icon: 'play', label: words.play };
      case 'record':
        return { icon: act.kind, label: words.record };
      case 'speakNote':
        return { icon: 'microphone', label: isOn ? words.speaking : words.speakNote };
      case 'undoStep':
        return { icon: 'undo', label: words.undoStep };
      case 'endRecording':
        return { icon: 'done', label: words.endRecording };
      case 'snap':
      case 'swapHands':
        return { icon: null, label: words[act.kind] };
      case 'add':
        return { icon: act.shape, label: words[act.shape] };
      case 'page':
        return act.page === 'comments' ? { icon: 'comment', label: words.comment } : { icon: null, label: words.back };
      case 'comment':
        return { icon: null, label: words.presets[act.preset] ?? '' };
      case 'voice':
        return isOn ? { icon: 'microphone', label: words.mute } : { icon: 'microphoneOff', label: words.speak };
      case 'leave':
        return { icon: 'leave', label: this.isAr ? words.leaveAr : words.leave };
      case 'paint':
      case 'visit':
        return { icon: null, label: '' };
    }
  }
}

function drawIcon(pen: CanvasRenderingContext2D, name: IconName, x: number, y: number, size: number): void {
  pen.save();
  pen.translate(x - size / 2, y - size / 2);
  pen.scale(size / 24, size / 24);
  pen.lineWidth = 1.8;
  pen.lineCap = pen.lineJoin = 'round';
  for (const path of ICONS[name]) pen.stroke(new Path2D(path));
  pen.restore();
}

export function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let short = text;
  while (short.length > 1 && pen.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return `${short}…`;
}

/** Broken between words; Chinese between any two signs. */
export function inLines(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const pieces = text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+|\s+/g) ?? [];
  const lines = [''];
  for (const piece of pieces) {
    const longer = lines.at(-1)! + piece;
    if (lines.at(-1) !== '' && pen.measureText(longer.trimEnd()).width > width) lines.push(piece.trimStart());
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** Mixes two sRGB hex colours. */
function mix(a: string, b: string, share: number): string {
  const at = (hex: string, i: number) => parseInt(hex.slice(1 + i * 2, 3 + i * 2), 16);
  return `#${[0, 1, 2]
    .map((i) =>
      Math.round(at(a, i) + (at(b, i) - at(a, i)) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
