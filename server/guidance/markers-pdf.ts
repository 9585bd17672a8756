import { PDFDocument, PrintScaling, rgb, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib';
import type { SheetLayout } from '#protocol/alignment/index';
import { outlineOf } from './markers-font.ts';

const POINTS_PER_MM = 72 / 25.4;
const BLACK = rgb(0, 0, 0);

/** Sheets as PDF, true to size: a viewer that obeys the file does not fit it to the page. Same layouts, same bytes. */
export async function markerSheetPdf(layouts: readonly SheetLayout[], language: 'en' | 'zh'): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setTitle(layouts.map(({ title }) => title).join('; '), { showInWindowTitleBar: true });
  document.setLanguage(language === 'zh' ? 'zh-CN' : 'en');
  document.setProducer('Workhall');
  document.setCreator('Workhall');
  const still = new Date(0);
  document.setCreationDate(still);
  document.setModificationDate(still);
  document.catalog.getOrCreateViewerPreferences().setPrintScaling(PrintScaling.None);
  const latin = await document.embedFont(StandardFonts.Helvetica);
  for (const layout of layouts) await drawSheet(document, latin, layout);
  return document.save();
}

async function drawSheet(document: PDFDocument, latin: PDFFont, layout: SheetLayout): Promise<void> {
  const page = document.addPage([layout.widthMm * POINTS_PER_MM, layout.heightMm * POINTS_PER_MM]);
  for (const { xMm, yMm, widthMm, heightMm } of layout.black) {
    page.drawRectangle({
      x: xMm * POINTS_PER_MM,
      y: (layout.heightMm - yMm - heightMm) * POINTS_PER_MM,
      width: widthMm * POINTS_PER_MM,
      height: heightMm * POINTS_PER_MM,
      color: BLACK,
    });
  }
  const known = new Set(latin.getCharacterSet());
  for (const one of layout.texts) {
    const isLatin = [...one.text].every((character) => known.has(character.codePointAt(0)!));
    if (isLatin) drawLatin(page, layout, one, latin);
    else await drawOutlines(page, layout, one);
  }
}

type Text = SheetLayout['texts'][number];

function drawLatin(page: PDFPage, { heightMm }: SheetLayout, text: Text, font: PDFFont): void {
  const size = text.heightMm * POINTS_PER_MM;
  const width = font.widthOfTextAtSize(text.text, size);
  const x = text.xMm * POINTS_PER_MM - (text.align === 'middle' ? width / 2 : 0);
  page.drawText(text.text, { x, y: (heightMm - text.yMm) * POINTS_PER_MM, size, font, color: BLACK });
}

async function drawOutlines(page: PDFPage, { heightMm }: SheetLayout, text: Text): Promise<void> {
  const size = text.heightMm * POINTS_PER_MM;
  const outlines = await Promise.all(Array.from(text.text, outlineOf));
  // A character that no font has leaves a gap of half its size, rather than a wrong sign.
  const widths = outlines.map((outline) => (outline ? (outline.advance / outline.unitsPerSize) * size : size / 2));
  const total = widths.reduce((sum, width) => sum + width, 0);
  let x = text.xMm * POINTS_PER_MM - (text.align === 'middle' ? total / 2 : 0);
  for (const [i, outline] of outlines.entries()) {
    if (outline?.path) {
      const scale = size / outline.unitsPerSize;
      page.drawSvgPath(outline.path, {
        x,
        y: (heightMm - text.yMm) * POINTS_PER_MM,
        scale,
        color: BLACK,
        borderWidth: 0,
      });
    }
    x += widths[i]!;
  }
}
