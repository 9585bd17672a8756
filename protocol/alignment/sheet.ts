import { z } from 'zod';
import { SAME_SHEET, type MarkerMap, type PlacedMarker } from './marker-map.ts';
import { TAG_COUNT, TAG_MODULES, tagModules } from './tag36h11.ts';

/** Width and height, millimetres, upright. */
export const PAPERS = { a4: [210, 297], a3: [297, 420], letter: [215.9, 279.4] } as const;

const Sheet = z.object({
  station: z.string().trim().min(1).max(60),
  paper: z.enum(['a4', 'a3', 'letter']).default('a4'),
  /** Number of the first tag; a hall has 587 in all, so that stations in one view never share one. */
  first: z.coerce
    .number()
    .int()
    .min(0)
    .max(TAG_COUNT - 1)
    .default(0),
  /** One large tag, or four in the corners: four fix tilt and distance far better. */
  tags: z.enum(['1', '4']).default('4'),
  language: z.enum(['en', 'zh']).default('en'),
});
export const SheetRequest = Sheet.superRefine((sheet, context) => {
  const problem = beyondLast(sheet, 1);
  if (problem) context.addIssue(problem);
});
export type SheetRequest = z.output<typeof SheetRequest>;

/** Sheets that a station needs at most before the numbers of the next one begin; each has four tags. */
const SHEETS_PER_STATION = 3;
/** Numbers of tags that belong to one station. */
export const TAGS_PER_STATION = 4 * SHEETS_PER_STATION;

/** A file to print: sheets with the numbers that follow, or single tags as a map has them. */
export const SheetsRequest = Sheet.extend({
  /** How many sheets; three round the work see all sides. */
  sheets: z.coerce.number().int().min(1).max(SHEETS_PER_STATION).default(1),
  /** Instead: tags with the edge of each in millimetres, `11:56,12:120`; a page holds as many as fit. */
  marks: z
    .string()
    .regex(/^\d{1,3}:\d{1,3}(\.\d{1,2})?(,\d{1,3}:\d{1,3}(\.\d{1,2})?)*$/, 'tags with their edges: 11:56,12:120')
    .max(600)
    .optional(),
}).superRefine(({ marks, paper, sheets, ...sheet }, context) => {
  const words = WORDS[sheet.language];
  const problem = marks === undefined ? beyondLast(sheet, sheets) : null;
  if (problem) context.addIssue(problem);
  for (const { id, edgeMm } of marksOf(marks)) {
    if (id >= TAG_COUNT) context.addIssue(words.noTag(id));
    if (edgeMm < 5 || edgeMm > mostEdgeMm(paper)) context.addIssue(words.tooLarge(edgeMm, paper));
  }
});
export type SheetsRequest = z.output<typeof SheetsRequest>;

/** From the first number again there would be tags that another station has. */
function beyondLast(
  { first, tags, language }: Pick<z.output<typeof Sheet>, 'first' | 'tags' | 'language'>,
  sheets: number,
): string | null {
  const last = first + sheets * Number(tags) - 1;
  return last < TAG_COUNT ? null : WORDS[language].beyondLast(last);
}

/** What is drawn, in millimetres from the upper left corner of the paper. */
export interface SheetLayout {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly title: string;
  readonly black: readonly { xMm: number; yMm: number; widthMm: number; heightMm: number }[];
  /** Baseline at y; `heightMm` is the size of the type. */
  readonly texts: readonly { xMm: number; yMm: number; heightMm: number; align: 'left' | 'middle'; text: string }[];
  /** In the sheet's own frame: origin in its middle, x right, y up, z out of the paper. */
  readonly map: MarkerMap;
}

const WORDS = {
  en: {
    print: 'Print at 100 % (actual size). This ruler measures 100 mm: check it before use.',
    use: 'Glue it flat. Do not move it afterwards, do not cover the white rim.',
    size: (mm: number) => `edge ${mm} mm`,
    beyondLast: (last: number) => `these sheets end with tag ${last}; the last that there is, is ${TAG_COUNT - 1}`,
    noTag: (id: number) => `there is no tag ${id}; the last is ${TAG_COUNT - 1}`,
    tooLarge: (mm: number, paper: string) => `an edge of ${mm} mm does not fit on ${paper.toUpperCase()}`,
  },
  zh: {
    print: '请按 100%（实际大小）打印。使用前请核对：此标尺长 100 mm。',
    use: '请平整粘贴。粘贴后不要移动，不要遮挡白边。',
    size: (mm: number) => `边长 ${mm} mm`,
    beyondLast: (last: number) => `这些标记纸排到了 ${last} 号，而最后一个标记是 ${TAG_COUNT - 1} 号`,
    noTag: (id: number) => `没有 ${id} 号标记，最后一个是 ${TAG_COUNT - 1} 号`,
    tooLarge: (mm: number, paper: string) => `边长 ${mm} mm 的标记在 ${paper.toUpperCase()} 纸上放不下`,
  },
} as const;

/** Room for the title above and the ruler below, millimetres. */
const HEAD_MM = 24;
const FOOT_MM = 30;
const SIDE_MM = 14;
/** White that the detector needs round a tag, modules. */
const RIM = 2;
/** Room for what is written below a tag. */
const CAPTION_MM = 5;
/** What printers leave white at the rim of the paper. */
const MARGIN_MM = 6;

/** A sheet of markers and its map. Tags are as large as the paper allows, in whole millimetres that eight modules divide. */
export function layoutSheet(request: SheetRequest): SheetLayout {
  const [widthMm, heightMm] = PAPERS[request.paper];
  const words = WORDS[request.language];
  const ids = Array.from({ length: Number(request.tags) }, (_, i) => request.first + i);
  const roomMm = Math.min(widthMm - 2 * SIDE_MM, heightMm - HEAD_MM - FOOT_MM);
  const perTagMm = ids.length === 1 ? roomMm : roomMm / 2;
  const sizeMm = 8 * Math.floor((perTagMm * TAG_MODULES) / (TAG_MODULES + 2 * RIM) / 8);
  const offXMm = ids.length === 1 ? 0 : widthMm / 2 - SIDE_MM - sizeMm * (0.5 + RIM / TAG_MODULES);
  const offYMm = ids.length === 1 ? 0 : (heightMm - HEAD_MM - FOOT_MM) / 2 - sizeMm * (0.5 + RIM / TAG_MODULES);
  const middleYMm = (HEAD_MM + heightMm - FOOT_MM) / 2;
  const black: SheetLayout['black'][number][] = [];
  const texts: SheetLayout['texts'][number][] = [];
  const markers: PlacedMarker[] = [];
  for (const [i, id] of ids.entries()) {
    const xMm = widthMm / 2 + offXMm * (i % 2 === 0 ? -1 : 1);
    const yMm = middleYMm + offYMm * (i < 2 ? -1 : 1);
    black.push(...inkOf(id, xMm - sizeMm / 2, yMm - sizeMm / 2, sizeMm));
    texts.push({
      xMm,
      yMm: yMm + sizeMm / 2 + 6,
      heightMm: 3,
      align: 'middle',
      text: `36h11/${id} · ${words.size(sizeMm)}`,
    });
    markers.push({
      code: `36h11/${id}`,
      sizeM: sizeMm / 1000,
      poseInProduct: {
        position: [(xMm - widthMm / 2) / 1000, (heightMm / 2 - yMm) / 1000, 0],
        rotation: [0, 0, 0, 1],
      },
      sigma: SAME_SHEET,
    });
  }
  texts.push(...frameOf(request.station, heightMm, words));
  black.push(...ruler(SIDE_MM, heightMm - 24));
  const map: MarkerMap = { version: 1, station: request.station, markers };
  return {
    widthMm,
    heightMm,
    title: `${request.station}: ${ids.map((id) => `36h11/${id}`).join(', ')}`,
    black,
    texts,
    map,
  };
}

/** The pages of a file to print. */
export function layoutSheets({ sheets, marks, ...request }: SheetsRequest): SheetLayout[] {
  if (marks !== undefined) return layoutMarks(request, marksOf(marks));
  return Array.from({ length: sheets }, (_, n) =>
    layoutSheet({ ...request, first: request.first + n * Number(request.tags) }),
  );
}

interface Mark {
  readonly id: number;
  readonly edgeMm: number;
}

const marksOf = (marks: string | undefined): Mark[] =>
  (marks ?? '').split(',').flatMap((one) => {
    const [id, edgeMm] = one.split(':').map(Number);
    return id === undefined || edgeMm === undefined ? [] : [{ id, edgeMm }];
  });

/** Edge of a tag with its white rim. */
const blockMm = (edgeMm: number): number => edgeMm * (1 + (2 * RIM) / TAG_MODULES);

/** The largest tag of a paper, millimetres. */
export function mostEdgeMm(paper: SheetRequest['paper']): number {
  const [widthMm, heightMm] = PAPERS[paper];
  const roomMm = Math.min(widthMm - 2 * MARGIN_MM, heightMm - HEAD_MM - FOOT_MM - CAPTION_MM);
  return Math.floor(roomMm / blockMm(1));
}

/** Tags to be cut out, each of its own size: in rows, large ones first, further pages when one is full. */
function layoutMarks({ station, paper, language }: SheetRequest, marks: readonly Mark[]): SheetLayout[] {
  const [widthMm, heightMm] = PAPERS[paper];
  const words = WORDS[language];
  const pages: Mark[][] = [];
  const places = new Map<Mark, { xMm: number; yMm: number }>();
  let [xMm, yMm, rowMm] = [0, Infinity, 0];
  for (const mark of marks.toSorted((a, b) => b.edgeMm - a.edgeMm)) {
    const wideMm = blockMm(mark.edgeMm);
    const highMm = wideMm + CAPTION_MM;
    if (xMm + wideMm > widthMm - MARGIN_MM) [xMm, yMm, rowMm] = [MARGIN_MM, yMm + rowMm, 0];
    if (yMm + highMm > heightMm - FOOT_MM) {
      pages.push([]);
      [xMm, yMm, rowMm] = [MARGIN_MM, HEAD_MM, 0];
    }
    places.set(mark, { xMm: xMm + wideMm / 2, yMm: yMm + wideMm / 2 });
    pages.at(-1)!.push(mark);
    xMm += wideMm;
    rowMm = Math.max(rowMm, highMm);
  }
  return pages.map((page) => ({
    widthMm,
    heightMm,
    title: `${station}: ${page.map(({ id }) => `36h11/${id}`).join(', ')}`,
    black: [
      ...page.flatMap((mark) => {
        const place = places.get(mark)!;
        return inkOf(mark.id, place.xMm - mark.edgeMm / 2, place.yMm - mark.edgeMm / 2, mark.edgeMm);
      }),
      ...ruler(SIDE_MM, heightMm - 24),
    ],
    texts: [
      ...page.map((mark) => ({
        xMm: places.get(mark)!.xMm,
        yMm: places.get(mark)!.yMm + blockMm(mark.edgeMm) / 2 + 2,
        heightMm: 3,
        align: 'middle' as const,
        text: `36h11/${mark.id} · ${words.size(mark.edgeMm)}`,
      })),
      ...frameOf(station, heightMm, words),
    ],
    map: {
      version: 1,
      station,
      markers: page.map((mark) => ({
        code: `36h11/${mark.id}`,
        sizeM: mark.edgeMm / 1000,
        poseInProduct: {
          position: [(places.get(mark)!.xMm - widthMm / 2) / 1000, (heightMm / 2 - places.get(mark)!.yMm) / 1000, 0],
          rotation: [0, 0, 0, 1],
        },
        sigma: SAME_SHEET,
      })),
    },
  }));
}

/** What stands at the top and below on every page. */
function frameOf(
  station: string,
  heightMm: number,
  words: (typeof WORDS)['en' | 'zh'],
): SheetLayout['texts'][number][] {
  return [
    { xMm: SIDE_MM, yMm: 15, heightMm: 6, align: 'left', text: station },
    { xMm: SIDE_MM, yMm: heightMm - 10, heightMm: 3, align: 'left', text: words.print },
    { xMm: SIDE_MM, yMm: heightMm - 5.5, heightMm: 3, align: 'left', text: words.use },
  ];
}

/** Black modules of a tag as few rectangles: runs in a row. */
function inkOf(id: number, leftMm: number, topMm: number, sizeMm: number): SheetLayout['black'][number][] {
  const modules = tagModules(id);
  const moduleMm = sizeMm / TAG_MODULES;
  const out: SheetLayout['black'][number][] = [];
  for (let row = 0; row < TAG_MODULES; row++)
    for (let column = 0; column < TAG_MODULES; column++) {
      if (modules[row * TAG_MODULES + column]) continue;
      const from = column;
      while (column + 1 < TAG_MODULES && !modules[row * TAG_MODULES + column + 1]) column++;
      out.push({
        xMm: leftMm + from * moduleMm,
        yMm: topMm + row * moduleMm,
        widthMm: (column - from + 1) * moduleMm,
        heightMm: moduleMm,
      });
    }
  return out;
}

/** 100 mm with a line at each, longer at five and ten. */
function ruler(xMm: number, yMm: number): SheetLayout['black'][number][] {
  const line = 0.2;
  const marks = Array.from({ length: 101 }, (_, mm) => ({
    xMm: xMm + mm - line / 2,
    yMm,
    widthMm: line,
    heightMm: mm % 10 === 0 ? 5 : mm % 5 === 0 ? 3.5 : 2,
  }));
  return [{ xMm, yMm, widthMm: 100, heightMm: line }, ...marks];
}
