import {
  alignByMarkers,
  calibrate,
  cameraFromFieldOfView,
  layoutSheet,
  SheetRequest,
  type Calibration,
  type MarkerMap,
  type Pixel,
  type Sighting,
} from '#protocol/alignment/index';
import type { Problem } from '#protocol/errors';
import { invertPose } from '#protocol/spatial/index';

/** The last four tags of the family: no station has them before somebody prints 146 sheets. */
const FIRST_TAG = 583;
export const PAPER_KINDS = ['a4', 'a3', 'letter'] as const;
export type Paper = (typeof PAPER_KINDS)[number];

export const sheetQuery = (paper: Paper, language: 'en' | 'zh') => ({
  ...{ station: language === 'zh' ? '相机标定' : 'Camera calibration', first: `${FIRST_TAG}` },
  ...{ tags: '4', paper, language },
});

export const WANTED_VIEWS = 8;
/** The sheet is looked at from all four of its sides: frontal pictures tell nothing of the focal length. */
export const SIDES_WANTED = ['left', 'right', 'top', 'bottom'] as const;
export type SheetSide = (typeof SIDES_WANTED)[number];
/** So much from the side, sine of the angle: 15 degrees. */
const ASIDE = 0.26;
/** Nobody needs more: each makes the fit slower. */
const MOST_VIEWS = 16;
/** The picture in twelve fields: a lens bends most where the fields at the rim are. */
const [COLUMNS, ROWS] = [4, 3];
export const FIELDS_WANTED = 9;
/** Corners move by less between two looks: nothing is blurred. A hand is hardly quieter than that. */
const AT_REST_PX = 4;
/** Corners lie apart by this share of the picture's width from those of each other view. */
const ANOTHER_SHARE = 0.06;
/** Beyond this the sheet was bent, or printed with another scale along than across, pixels. */
export const GOOD_RESIDUAL_PX = 0.6;

export type LensWord = 'noSheet' | 'partOfSheet' | 'moving' | 'alike' | 'taken' | 'enough';

export interface LensView {
  readonly sightings: readonly Sighting[];
  /** Outline of the four tags on the picture, clockwise from the upper left as one reads the sheet. */
  readonly outlinePx: readonly Pixel[];
  readonly sides: readonly SheetSide[];
}

/**
 * Pictures of one sheet for a camera's calibration: takes those that show something new, and knows what is missing. Nobody presses
 * anything: both hands hold the camera.
 */
export class LensViews {
  readonly map: MarkerMap;
  readonly widthPx: number;
  readonly heightPx: number;
  #views: LensView[] = [];
  #before: LensView | null = null;

  constructor(paper: Paper, widthPx: number, heightPx: number) {
    this.map = layoutSheet(SheetRequest.parse(sheetQuery(paper, 'en'))).map;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
  }

  get views(): readonly LensView[] {
    return this.#views;
  }
  get sides(): ReadonlySet<SheetSide> {
    return new Set(this.#views.flatMap(({ sides }) => sides));
  }

  /** Fields of the picture, row by row, in which some corner of the sheet was seen. */
  get fields(): readonly boolean[] {
    const seen = Array.from({ length: COLUMNS * ROWS }, () => false);
    for (const { sightings } of this.#views)
      for (const [u, v] of sightings.flatMap(({ cornersPx }) => cornersPx))
        seen[this.#index(v, this.heightPx, ROWS) * COLUMNS + this.#index(u, this.widthPx, COLUMNS)] = true;
    return seen;
  }

  get isEnough(): boolean {
    return (
      this.#views.length >= WANTED_VIEWS &&
      this.sides.size === SIDES_WANTED.length &&
      this.fields.filter(Boolean).length >= FIELDS_WANTED
    );
  }

  /** What one look showed; it is taken when the camera rests and it is like none before. */
  see(tags: readonly Sighting[]): { readonly word: LensWord; readonly view: LensView | null } {
    const sightings = this.map.markers.flatMap(({ code }) => tags.find((tag) => tag.code === code) ?? []);
    const { before } = { before: this.#before };
    this.#before = null;
    if (sightings.length === 0) return { word: 'noSheet', view: null };
    if (sightings.length < this.map.markers.length) return { word: 'partOfSheet', view: null };
    const view = this.#viewOf(sightings);
    this.#before = view;
    if (!before || apartPx(before, view) > AT_REST_PX) return { word: 'moving', view };
    if (this.#views.length >= MOST_VIEWS) return { word: 'enough', view };
    if (this.#views.some((one) => apartPx(one, view) < ANOTHER_SHARE * this.widthPx)) return { word: 'alike', view };
    this.#views = [...this.#views, view];
    return { word: 'taken', view };
  }

  solve(): { readonly calibration: Calibration } | { readonly refused: Problem } {
    return calibrate(
      this.map,
      this.#views.map(({ sightings }) => sightings),
      this.widthPx,
      this.heightPx,
      { leastViews: WANTED_VIEWS },
    );
  }

  #viewOf(sightings: readonly Sighting[]): LensView {
    const [upperLeft, upperRight, lowerLeft, lowerRight] = sightings as [Sighting, Sighting, Sighting, Sighting];
    const outlinePx = [
      upperLeft.cornersPx[0],
      upperRight.cornersPx[1],
      lowerRight.cornersPx[2],
      lowerLeft.cornersPx[3],
    ];
    return { sightings, outlinePx, sides: this.#sidesOf(sightings) };
  }

  /** From where the sheet is seen; roughly, by a lens that is guessed. */
  #sidesOf(sightings: readonly Sighting[]): SheetSide[] {
    const guess = cameraFromFieldOfView(this.widthPx, this.heightPx);
    const result = alignByMarkers(this.map, sightings, guess, { toleratedScale: 1e6, ambiguity: 0 });
    if ('refused' in result) return [];
    const [x, y, z] = invertPose(result.alignment.productInDevice).position;
    const far = Math.hypot(x, y, z);
    return [
      ...(x < -ASIDE * far ? (['left'] as const) : []),
      ...(x > ASIDE * far ? (['right'] as const) : []),
      ...(y > ASIDE * far ? (['top'] as const) : []),
      ...(y < -ASIDE * far ? (['bottom'] as const) : []),
    ];
  }

  #index(at: number, length: number, fields: number): number {
    return Math.min(fields - 1, Math.max(0, Math.floor((at / length) * fields)));
  }
}

/** How far the four corners of the sheet lie from each other, on average. */
function apartPx(a: LensView, b: LensView): number {
  const offs = a.outlinePx.map(([u, v], at) => Math.hypot(u - b.outlinePx[at]![0], v - b.outlinePx[at]![1]));
  return offs.reduce((sum, off) => sum + off, 0) / offs.length;
}
