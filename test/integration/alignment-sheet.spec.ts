import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument, PrintScaling } from 'pdf-lib';
import { describe, expect, test } from 'vitest';
import { layoutSheet, layoutSheets, MarkerMap, SheetRequest, SheetsRequest } from '#protocol/alignment/index';
import { startHall } from '../support/server.ts';
import { findProgram } from '../support/programs.ts';
import { findTags } from '../../client/align/index.ts';
import { outlineOf } from '../../server/guidance/markers-font.ts';
import { markerSheetPdf } from '../../server/guidance/markers-pdf.ts';

const sheetOf = (request: object) => layoutSheet(SheetRequest.parse(request));
const pdftoppm = findProgram('pdftoppm');
const DPI = 300;

/** The PDF as a printer would draw it, grey. */
function printed(pdf: Uint8Array): { widthPx: number; heightPx: number; data: Uint8Array } {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-sheet-'));
  try {
    writeFileSync(join(folder, 'sheet.pdf'), pdf);
    const run = spawnSync(pdftoppm!, ['-gray', '-r', String(DPI), '-singlefile', 'sheet.pdf', 'sheet'], {
      cwd: folder,
    });
    if (run.status !== 0) throw new Error(String(run.stderr));
    const bytes = readFileSync(join(folder, 'sheet.pgm'));
    const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString('latin1'))!;
    return {
      widthPx: Number(head[1]),
      heightPx: Number(head[2]),
      data: Uint8Array.from(bytes.subarray(head[0].length)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the sheet of markers', () => {
  test('asks the printer not to scale it, and has the paper’s size', async () => {
    const document = await PDFDocument.load(await markerSheetPdf([sheetOf({ station: 'Bench 4' })], 'en'));
    expect(document.catalog.getViewerPreferences()?.getPrintScaling()).toBe(PrintScaling.None);
    const { width, height } = document.getPage(0).getSize();
    expect([width / 72, height / 72].map((inches) => Math.round(inches * 254) / 10)).toEqual([210, 297]);
    expect(document.getTitle()).toBe('Bench 4: 36h11/0, 36h11/1, 36h11/2, 36h11/3');
  });

  test('is the same file for the same request', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => markerSheetPdf([sheetOf({ station: '4 号工位', language: 'zh' })], 'zh')),
    );
    expect(Buffer.compare(one!, two!)).toBe(0);
  });

  test('writes Chinese without a font on the printer', async () => {
    const outline = await outlineOf('齿');
    expect(outline?.path.length).toBeGreaterThan(100);
    expect(outline!.advance / outline!.unitsPerSize).toBeCloseTo(1, 1);
  });

  test('has a map that the house accepts, with tags that do not overlap and stay on the paper', () => {
    for (const paper of ['a4', 'a3', 'letter'] as const)
      for (const tags of ['1', '4'] as const) {
        const { map, widthMm, heightMm } = sheetOf({ station: 'x', paper, tags, first: 583 });
        expect(MarkerMap.parse(map).markers).toHaveLength(Number(tags));
        for (const { poseInProduct, sizeM } of map.markers) {
          const reach = sizeM * 0.75;
          expect(Math.abs(poseInProduct.position[0]) + reach).toBeLessThan(widthMm / 2000);
          expect(Math.abs(poseInProduct.position[1]) + reach).toBeLessThan(heightMm / 2000);
        }
        const [a, b] = map.markers;
        if (b)
          expect(b.poseInProduct.position[0] - a!.poseInProduct.position[0]).toBeGreaterThanOrEqual(
            1.5 * a!.sizeM - 1e-9,
          );
      }
  });

  test.skipIf(!pdftoppm).each([
    ['a4', '4', 'en', 'Gearbox bench 4'],
    ['letter', '1', 'zh', '齿轮箱装配工位'],
  ] as const)(
    'drawn on %s with %s tag(s), each lies where the map says, to a twentieth of a millimetre (Debian: poppler-utils)',
    async (paper, tags, language, station) => {
      const layout = sheetOf({ station, paper, tags, language, first: 20 });
      const { sightings } = findTags(printed(await markerSheetPdf([layout], language)));
      expect(sightings.map(({ code }) => code).toSorted()).toEqual(
        layout.map.markers.map(({ code }) => code).toSorted(),
      );
      for (const { code, sizeM, poseInProduct } of layout.map.markers) {
        const { cornersPx } = sightings.find((one) => one.code === code)!;
        const [x, y] = poseInProduct.position;
        const h = sizeM / 2;
        const expected = [
          [x - h, y + h],
          [x + h, y + h],
          [x + h, y - h],
          [x - h, y - h],
        ];
        for (const [k, [u, v]] of cornersPx.entries()) {
          const mm = [(u * 25.4) / DPI, (v * 25.4) / DPI];
          expect(Math.abs(mm[0]! - (1000 * expected[k]![0]! + layout.widthMm / 2))).toBeLessThan(0.05);
          expect(Math.abs(mm[1]! - (layout.heightMm / 2 - 1000 * expected[k]![1]!))).toBeLessThan(0.05);
        }
      }
    },
    30_000,
  );
});

test('no sheet goes beyond the last tag that there is: from the first number again there would be another station’s', () => {
  const said = (request: object) => SheetsRequest.safeParse({ station: 'x', ...request }).error?.issues[0]?.message;
  expect(said({ first: 583 })).toBeUndefined();
  expect(said({ first: 584 })).toBe('these sheets end with tag 587; the last that there is, is 586');
  expect(said({ first: 584, language: 'zh' })).toBe('这些标记纸排到了 587 号，而最后一个标记是 586 号');
  expect(said({ marks: '11:500', language: 'zh' })).toBe('边长 500 mm 的标记在 A4 纸上放不下');
  expect(said({ first: 586, tags: '1' })).toBeUndefined();
  expect(said({ first: 576, sheets: 3 })).toMatch(/end with tag 587/);
  expect(said({ first: 584, marks: '11:54' })).toBeUndefined();
  expect(SheetRequest.safeParse({ station: 'x', first: 585 }).success).toBe(false);
});

test.skipIf(!pdftoppm)(
  'tags of a station’s map are printed each in its own size, as many to a page as fit',
  async () => {
    const pages = layoutSheets(SheetsRequest.parse({ station: 'Bench 4', marks: '11:54,12:120,13:24.5,14:100' }));
    expect(pages.map(({ map }) => map.markers.map(({ code }) => code))).toEqual([
      ['36h11/12'],
      ['36h11/14', '36h11/11', '36h11/13'],
    ]);
    for (const page of pages) {
      const { sightings } = findTags(printed(await markerSheetPdf([page], 'en')));
      const edgesMm = sightings.map(({ code, cornersPx: [a, b] }) => [
        code,
        (Math.hypot(a[0] - b[0], a[1] - b[1]) * 25.4) / DPI,
      ]);
      for (const { code, sizeM } of page.map.markers)
        expect(Object.fromEntries(edgesMm)[code]).toBeCloseTo(sizeM * 1000, 0);
    }
  },
  60_000,
);

test('over HTTP, sheet and map come from the same few words, and wrong ones are refused', async () => {
  const hall = await startHall();
  try {
    const at = (file: string, query: string) => fetch(`${hall.url}/api/guidance/marker-sheet/${file}?${query}`);
    const query = 'station=Bench%204&first=40&tags=1&language=zh';
    const sheet = await at('sheet.pdf', query);
    expect(sheet.headers.get('content-type')).toBe('application/pdf');
    const document = await PDFDocument.load(await sheet.arrayBuffer());
    expect(document.getTitle()).toBe('Bench 4: 36h11/40');
    const map = MarkerMap.parse(await (await at('map.json', query)).json());
    expect(map).toEqual(sheetOf({ station: 'Bench 4', first: 40, tags: '1', language: 'zh' }).map);
    expect((await at('map.json', 'station=x&first=587')).status).toBe(422);
    const three = await PDFDocument.load(await (await at('sheet.pdf', 'station=x&first=12&sheets=3')).arrayBuffer());
    expect(three.getPageCount()).toBe(3);
    expect(three.getTitle()).toContain('36h11/23');
    expect((await at('sheet.pdf', 'station=x&marks=11:500')).status).toBe(422);
  } finally {
    await hall.stop();
  }
});
