import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFImage, type PDFPage, type RGB } from 'pdf-lib';
import { outlineOf, STROKE_SHARE, type Outline } from '../markers-font.ts';

/** A4, points. */
const WIDTH = 595.28;
const HEIGHT = 841.89;
const MARGIN = 51;
const FOOT = 54;
export const CONTENT_WIDTH = WIDTH - 2 * MARGIN;

export const INK = rgb(0.086, 0.102, 0.125);
export const QUIET = rgb(0.29, 0.325, 0.36);
export const LINE = rgb(0.8, 0.827, 0.859);
/** The house's accent, as it stays readable on paper. */
export const ACCENT = rgb(0.71, 0.259, 0.024);
export const STOP = rgb(0.76, 0.165, 0.165);

/** Edge of a tick or a cross, points. */
const MARK = 6;

export interface TextStyle {
  readonly size: number;
  readonly color: RGB;
  readonly isBold: boolean;
  /** From the left margin, points. */
  readonly indent: number;
  readonly gapAfter: number;
  /** Drawn left of its first line, where it is indented: a tick or a cross. */
  readonly mark: 'good' | 'bad' | null;
}
const DEFAULTS: TextStyle = { size: 9.5, color: INK, isBold: false, indent: 0, gapAfter: 2, mark: null };

/** Pages written from top to bottom. The same calls, the same bytes. */
export class SheetWriter {
  #page!: PDFPage;
  #y = 0;

  private constructor(
    readonly document: PDFDocument,
    private readonly plain: PDFFont,
    private readonly bold: PDFFont,
    private readonly known: ReadonlySet<number>,
  ) {
    this.turn();
  }

  static async open(title: string, language: 'en' | 'zh', atMs: number): Promise<SheetWriter> {
    const document = await PDFDocument.create();
    document.setTitle(title, { showInWindowTitleBar: true });
    document.setLanguage(language === 'zh' ? 'zh-CN' : 'en');
    document.setProducer('Workhall');
    document.setCreator('Workhall');
    document.setCreationDate(new Date(atMs));
    document.setModificationDate(new Date(atMs));
    const plain = await document.embedFont(StandardFonts.Helvetica);
    const bold = await document.embedFont(StandardFonts.HelveticaBold);
    return new SheetWriter(document, plain, bold, new Set(plain.getCharacterSet()));
  }

  turn(): void {
    this.#page = this.document.addPage([WIDTH, HEIGHT]);
    this.#y = HEIGHT - MARGIN;
  }
  /** Turns the page unless so much of it is left, points. */
  keep(height: number): void {
    if (this.#y - height < FOOT) this.turn();
  }
  space(height: number): void {
    this.#y -= height;
  }
  rule(color: RGB = LINE, thickness = 0.75): void {
    this.#page.drawLine({ start: { x: MARGIN, y: this.#y }, end: { x: WIDTH - MARGIN, y: this.#y }, color, thickness });
    this.#y -= 8;
  }

  /** Wrapped to the width that is left. */
  async text(text: string, style: Partial<TextStyle> = {}): Promise<void> {
    const { size, color, isBold, indent, gapAfter, mark } = { ...DEFAULTS, ...style };
    const font = isBold ? this.bold : this.plain;
    for (const [at, line] of (await this.#wrapped(text, font, size, CONTENT_WIDTH - indent)).entries()) {
      this.keep(size * 1.4);
      this.#y -= size * 1.1;
      if (mark && at === 0) this.#mark(mark, MARGIN + indent - MARK - 4, color);
      await this.#draw(line, MARGIN + indent, this.#y, size, font, color, isBold);
      this.#y -= size * 0.3;
    }
    this.#y -= gapAfter;
  }

  /** A name at the left, and what it is beside it. */
  async fact(name: string, value: string, nameWidth = 120): Promise<void> {
    this.keep(16);
    const top = this.#y;
    await this.#draw(name, MARGIN, top - 10.4, 9, this.plain, QUIET, false);
    await this.text(value, { indent: nameWidth });
    this.#y = Math.min(this.#y, top - 14);
  }

  /** Black squares of a QR code at the upper right corner of the page. */
  squares(size: number, isBlack: (row: number, column: number) => boolean, edge: number): void {
    const unit = edge / size;
    const [left, top] = [WIDTH - MARGIN - edge, HEIGHT - MARGIN];
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        if (isBlack(row, column))
          this.#page.drawRectangle({
            x: left + column * unit,
            y: top - (row + 1) * unit,
            width: unit,
            height: unit,
            color: INK,
          });
  }

  /** Side by side, as many as fit; each within `edge`. */
  pictures(images: readonly PDFImage[], edge: number, indent: number): void {
    const perRow = Math.max(1, Math.floor((CONTENT_WIDTH - indent + 8) / (edge + 8)));
    for (let at = 0; at < images.length; at += perRow) {
      const row = images.slice(at, at + perRow).map((image) => ({ image, ...image.scaleToFit(edge, edge) }));
      const height = Math.max(...row.map((one) => one.height));
      this.keep(height + 8);
      for (const [column, { image, width, height: own }] of row.entries())
        this.#page.drawImage(image, {
          x: MARGIN + indent + column * (edge + 8),
          y: this.#y - own,
          width,
          height: own,
        });
      this.#y -= height + 8;
    }
  }

  /** With a word at the foot of each page. */
  async done(foot: (page: number, pages: number) => string): Promise<Uint8Array> {
    const pages = this.document.getPages();
    for (const [at, page] of pages.entries()) {
      this.#page = page;
      await this.#draw(foot(at + 1, pages.length), MARGIN, 30, 7.5, this.plain, QUIET, false);
    }
    return this.document.save();
  }

  #mark(mark: 'good' | 'bad', x: number, color: RGB): void {
    const y = this.#y;
    const stroke = (from: [number, number], to: [number, number]) =>
      this.#page.drawLine({
        start: { x: x + from[0] * MARK, y: y + from[1] * MARK },
        end: { x: x + to[0] * MARK, y: y + to[1] * MARK },
        thickness: 1.2,
        color,
      });
    if (mark === 'bad') {
      stroke([0, 0], [1, 1]);
      stroke([0, 1], [1, 0]);
    } else {
      stroke([0, 0.5], [0.35, 0.1]);
      stroke([0.35, 0.1], [1, 1]);
    }
  }

  #isLatin(character: string): boolean {
    return this.known.has(character.codePointAt(0)!);
  }
  async #width(text: string, font: PDFFont, size: number): Promise<number> {
    if (Array.from(text).every((one) => this.#isLatin(one))) return font.widthOfTextAtSize(text, size);
    let width = 0;
    for (const one of text) {
      if (this.#isLatin(one)) width += font.widthOfTextAtSize(one, size);
      else width += advanceOf(await outlineOf(one), size);
    }
    return width;
  }

  async #draw(text: string, x: number, y: number, size: number, font: PDFFont, color: RGB, isBold: boolean) {
    let [at, latin] = [x, ''];
    const flush = () => {
      if (latin) this.#page.drawText(latin, { x: at, y, size, font, color });
      at += latin ? font.widthOfTextAtSize(latin, size) : 0;
      latin = '';
    };
    for (const character of text) {
      if (this.#isLatin(character)) {
        latin += character;
        continue;
      }
      flush();
      const outline = await outlineOf(character);
      const scale = size / (outline?.unitsPerSize ?? 1);
      if (outline?.path)
        this.#page.drawSvgPath(outline.path, {
          ...{ x: at, y, scale, color, borderColor: color },
          borderWidth: (STROKE_SHARE * (isBold ? 0.9 : 0.35) * size) / scale,
        });
      at += advanceOf(outline, size);
    }
    flush();
  }

  async #wrapped(text: string, font: PDFFont, size: number, width: number): Promise<string[]> {
    const lines: string[] = [];
    for (const paragraph of text.split('\n')) {
      let line = '';
      // Between words, after each Chinese character, and within what is longer than a line.
      for (const piece of paragraph.match(/[\u2e80-\u9fff\uff00-\uffef]|\s+|[^\s\u2e80-\u9fff\uff00-\uffef]+/gu) ??
        []) {
        if ((await this.#width(line + piece, font, size)) <= width) {
          line += piece;
          continue;
        }
        if (line.trim()) lines.push(line.trimEnd());
        line = piece.trimStart();
        while ((await this.#width(line, font, size)) > width) {
          let fits = line.length;
          while (fits > 1 && (await this.#width(line.slice(0, fits), font, size)) > width) fits -= 1;
          lines.push(line.slice(0, fits));
          line = line.slice(fits);
        }
      }
      lines.push(line);
    }
    return lines;
  }
}

/** A character that no font has leaves a gap of half its size, rather than a wrong sign. */
const advanceOf = (outline: Outline | null, size: number): number =>
  outline ? (outline.advance / outline.unitsPerSize) * size : size / 2;
