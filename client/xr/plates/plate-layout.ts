/**
 * What stands on a plate in the room, from top to bottom, in dmm (1 dmm = 1 mm at 1 m). Targets are at least 64 dmm with
 * 16 between, text at least 24 dmm: capitals of one degree and more (docs/look.md, "In the headset").
 */
export type Tone = 'plain' | 'quiet' | 'good' | 'bad';

export interface PlateButton {
  readonly id: string;
  readonly label: string;
  /** Chosen or switched on. */
  readonly isOn?: boolean;
  readonly isEnabled?: boolean;
  /** The one next action. */
  readonly isMain?: boolean;
}
export type PlateBlock =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'task'; readonly text: string; readonly isDone: boolean }
  | { readonly kind: 'bar'; readonly share: number }
  | { readonly kind: 'buttons'; readonly columns: 1 | 2 | 3 | 4 | 10; readonly buttons: readonly PlateButton[] };

export interface PlateRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface PlateLine {
  readonly x: number;
  /** Of the line's middle. */
  readonly y: number;
  readonly text: string;
  readonly style: TextStyle;
  readonly tone: Tone;
  /** A tick or an open circle before it. */
  readonly mark: 'done' | 'open' | null;
}
export interface PlateTarget extends PlateRect {
  readonly button: PlateButton;
  readonly lines: readonly string[];
}
export interface PlateLayout {
  readonly lines: readonly PlateLine[];
  readonly bars: readonly (PlateRect & { readonly share: number })[];
  readonly targets: readonly PlateTarget[];
  readonly heightDmm: number;
}

export type TextStyle = 'title' | 'text' | 'label';
export const STYLES: Record<
  TextStyle,
  { readonly sizeDmm: number; readonly weight: number; readonly leadDmm: number }
> = {
  title: { sizeDmm: 34, weight: 650, leadDmm: 42 },
  text: { sizeDmm: 26, weight: 480, leadDmm: 35 },
  label: { sizeDmm: 25, weight: 560, leadDmm: 29 },
};
export const MARGIN_DMM = 24;
export const GAP_DMM = 16;
export const MIN_TARGET_DMM = 64;
const MARK_DMM = 36;
const PAD_DMM = 12;

/** `measure`: width of a text in a style, dmm. What does not fit under `mostDmm` is left out from the end. */
export function layOutPlate(
  blocks: readonly PlateBlock[],
  widthDmm: number,
  mostDmm: number,
  measure: (text: string, style: TextStyle) => number,
): PlateLayout {
  const lines: PlateLine[] = [];
  const bars: (PlateRect & { share: number })[] = [];
  const targets: PlateTarget[] = [];
  const inner = widthDmm - 2 * MARGIN_DMM;
  let y = MARGIN_DMM;
  const write = (text: string, style: TextStyle, tone: Tone, mark: PlateLine['mark'] = null) => {
    const indent = mark ? MARK_DMM : 0;
    const { leadDmm } = STYLES[style];
    breakLines(text, inner - indent, (piece) => measure(piece, style)).forEach((line, at) => {
      if (y + leadDmm > mostDmm) return;
      lines.push({
        x: MARGIN_DMM + indent,
        y: y + leadDmm / 2,
        text: line,
        style,
        tone,
        mark: at === 0 ? mark : null,
      });
      y += leadDmm;
    });
  };
  for (const block of blocks) {
    switch (block.kind) {
      case 'title':
        write(block.text, 'title', 'plain');
        y += 6;
        break;
      case 'text':
        write(block.text, 'text', block.tone ?? 'plain');
        y += 8;
        break;
      case 'task':
        write(block.text, 'text', block.isDone ? 'quiet' : 'plain', block.isDone ? 'done' : 'open');
        y += 4;
        break;
      case 'bar':
        bars.push({ x: MARGIN_DMM, y: y + 2, width: inner, height: 8, share: Math.max(0, Math.min(1, block.share)) });
        y += 22;
        break;
      case 'buttons': {
        const { columns, buttons } = block;
        const width = (inner - (columns - 1) * GAP_DMM) / columns;
        for (let at = 0; at < buttons.length; at += columns) {
          const row = buttons.slice(at, at + columns).map((button) => ({
            button,
            lines: breakLines(button.label, width - 2 * PAD_DMM, (piece) => measure(piece, 'label')).slice(0, 3),
          }));
          const tall = Math.max(...row.map((one) => one.lines.length)) * STYLES.label.leadDmm + 2 * PAD_DMM;
          const height = Math.max(MIN_TARGET_DMM, tall);
          if (y + height > mostDmm) break;
          row.forEach((one, column) =>
            targets.push({ ...one, x: MARGIN_DMM + column * (width + GAP_DMM), y, width, height }),
          );
          y += height + GAP_DMM;
        }
        break;
      }
    }
  }
  return { lines, bars, targets, heightDmm: Math.min(mostDmm, y - GAP_DMM + MARGIN_DMM + 4) };
}

/** Broken between words; Chinese between any two signs. A word longer than the line stands alone. */
export function breakLines(text: string, width: number, measure: (piece: string) => number): string[] {
  const pieces = text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+|\s+/g) ?? [];
  const lines = [''];
  for (const piece of pieces) {
    const now = lines.at(-1)!;
    const longer = now + piece;
    if (now.trim() !== '' && measure(longer.trimEnd()) > width) lines.push(piece.trimStart());
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** The target under a point, from the upper left corner, or null between them. */
export const plateTargetAt = ({ targets }: PlateLayout, xDmm: number, yDmm: number): PlateTarget | null =>
  targets.find(({ x, y, width, height }) => xDmm >= x && xDmm < x + width && yDmm >= y && yDmm < y + height) ?? null;
