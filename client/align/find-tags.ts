import type { Camera, Pixel } from '#protocol/alignment/camera';
import { homographyOf, through } from '#protocol/alignment/homography';
import type { Sighting } from '#protocol/alignment/sighting';
import { readTag, TAG_MODULES, type ReadTag } from '#protocol/alignment/tag36h11';
import { fitCorners, ROUGHLY, type EdgeModel } from './corners.ts';
import { darkShapes } from './dark-shapes.ts';
import { lightAt, type GrayPicture } from './picture.ts';
import { quadOf, type Quad } from './quad.ts';

export interface FindTagsOptions {
  /** Grey values between ink and paper that count as an edge at all. */
  leastContrast: number;
  /** Longer side of the smallest tag looked for. Below two pixels a module nothing can be read. */
  leastSizePx: number;
  /** Wrong bits that are put right; more means tags where there are none. */
  mostCorrectedBits: number;
  /** Share of an edge's pixels that must look like ink beside paper. */
  leastInlierShare: number;
}

const DEFAULTS: FindTagsOptions = { leastContrast: 24, leastSizePx: 14, mostCorrectedBits: 2, leastInlierShare: 0.9 };

export interface TagSighting extends Sighting {
  readonly correctedBits: number;
  readonly blurPx: number;
  readonly inlierShare: number;
}

/** What was found, and what was read but is not to be measured by: something lies over its edge. */
export interface FoundTags {
  readonly sightings: readonly TagSighting[];
  readonly partlyHidden: readonly string[];
}

/**
 * AprilTags (36h11) in a picture, corners to hundredths of a pixel. With a camera whose distortion is known, edges are fitted where
 * they are straight.
 */
export function findTags(picture: GrayPicture, camera?: Camera, options: Partial<FindTagsOptions> = {}): FoundTags {
  const rules = { ...DEFAULTS, ...options };
  const byCode = new Map<string, TagSighting>();
  const hidden = new Set<string>();
  for (const shape of darkShapes(picture, rules.leastContrast, rules.leastSizePx)) {
    const rough = quadOf(shape);
    if (!rough || !isInside(rough, picture) || !hasInkBorder(picture, rough)) continue;
    // Most dark quadrangles are no tags: read first, roughly if it must be, and measure what could be read.
    const tag = readAt(picture, rough, rules) ?? readAfterFit(picture, rough, camera, rules);
    const fitted = tag && fitCorners(picture, rough, TAG_EDGES, camera);
    if (!fitted || !isInside(fitted.cornersPx, picture)) continue;
    const code = `36h11/${tag.id}`;
    if (fitted.inlierShare < rules.leastInlierShare) {
      hidden.add(code);
      continue;
    }
    const turns = tag.quarterTurns;
    const found: TagSighting = {
      code,
      cornersPx: turned(fitted.cornersPx, turns),
      covariancePx2: turnedCovariance(fitted.covariancePx2, turns),
      correctedBits: tag.correctedBits,
      blurPx: fitted.blurPx,
      inlierShare: fitted.inlierShare,
    };
    // The same tag twice (a copy, a mirror image): the one that is read with less mending.
    const other = byCode.get(code);
    if (!other || found.correctedBits < other.correctedBits) byCode.set(code, found);
  }
  return {
    sightings: [...byCode.values()],
    partlyHidden: [...hidden].filter((code) => !byCode.has(code)),
  };
}

const TAG_EDGES: EdgeModel = { modules: TAG_MODULES, margin: 1.6 };

function readAt(picture: GrayPicture, quad: Quad, { mostCorrectedBits }: FindTagsOptions): ReadTag | null {
  const modules = readModules(picture, quad);
  return modules && readTag(modules, mostCorrectedBits);
}

function readAfterFit(
  picture: GrayPicture,
  rough: Quad,
  camera: Camera | undefined,
  rules: FindTagsOptions,
): ReadTag | null {
  const fitted = fitCorners(picture, rough, TAG_EDGES, camera, ROUGHLY);
  return fitted && isInside(fitted.cornersPx, picture) ? readAt(picture, fitted.cornersPx, rules) : null;
}

const turned = (quad: Quad, turns: number): Quad => [0, 1, 2, 3].map((k) => quad[(k + turns) % 4]!) as Quad;

function turnedCovariance(covariance: readonly number[], turns: number): number[] {
  const from = (i: number) => ((((i >> 1) + turns) % 4) << 1) | (i & 1);
  return Array.from({ length: 64 }, (_, at) => covariance[from(at >> 3) * 8 + from(at & 7)]!);
}

function isInside(quad: Quad, { widthPx, heightPx }: GrayPicture): boolean {
  return quad.every(([u, v]) => u > 2 && v > 2 && u < widthPx - 2 && v < heightPx - 2);
}

const SQUARE: readonly Pixel[] = [
  [0, 0],
  [TAG_MODULES, 0],
  [TAG_MODULES, TAG_MODULES],
  [0, TAG_MODULES],
];

/** A quick look before the work of fitting: most of the rim is darker inside than outside. */
function hasInkBorder(picture: GrayPicture, quad: Quad): boolean {
  const map = homographyOf(SQUARE, quad);
  if (!map) return false;
  let [darker, asked] = [0, 0];
  for (let i = 0; i < TAG_MODULES; i++)
    for (const [x, y, ox, oy] of [
      [i + 0.5, 0.5, 0, -1.2],
      [i + 0.5, 7.5, 0, 1.2],
      [0.5, i + 0.5, -1.2, 0],
      [7.5, i + 0.5, 1.2, 0],
    ] as const) {
      const inside = through(map, x, y);
      const outside = through(map, x + ox, y + oy);
      if (!isInside([inside, outside, inside, outside], picture)) continue;
      asked++;
      if (lightAt(picture, ...outside) - lightAt(picture, ...inside) > 4) darker++;
    }
  return asked >= 16 && darker >= 0.75 * asked;
}

/**
 * Light or dark for each module: brightness of paper and of ink, each a plane over the tag, from the rings of white and black round
 * it; half-way lies the threshold. Blur is answered by sharpening against the neighbours (as in AprilTag 3). Null without a ring.
 */
function readModules(picture: GrayPicture, quad: Quad): boolean[] | null {
  const map = homographyOf(SQUARE, quad);
  if (!map) return null;
  const paper = new Plane();
  const ink = new Plane();
  for (let i = 0; i < TAG_MODULES; i++) {
    for (const [x, y] of ring(i, -0.6)) {
      const at = through(map, x, y);
      if (isInside([at, at, at, at], picture)) paper.add(x, y, lightAt(picture, ...at));
    }
    for (const [x, y] of ring(i, 0.5)) ink.add(x, y, lightAt(picture, ...through(map, x, y)));
  }
  const [white, black] = [paper.solve(), ink.solve()];
  if (!white || !black) return null;
  const values = new Float64Array(TAG_MODULES * TAG_MODULES);
  for (let r = 0; r < TAG_MODULES; r++)
    for (let c = 0; c < TAG_MODULES; c++) {
      let light = 0;
      for (const [dx, dy] of SPOTS) light += lightAt(picture, ...through(map, c + dx, r + dy)) / SPOTS.length;
      const [low, high] = [black(c + 0.5, r + 0.5), white(c + 0.5, r + 0.5)];
      if (high - low < 4) return null;
      values[r * TAG_MODULES + c] = (light - low) / (high - low) - 0.5;
    }
  const SHARPENING = 0.25;
  return Array.from(values, (value, at) => {
    const [r, c] = [at >> 3, at & 7];
    if (r === 0 || c === 0 || r === 7 || c === 7) return value > 0;
    const around = values[at - 1]! + values[at + 1]! + values[at - 8]! + values[at + 8]!;
    return value + SHARPENING * (4 * value - around) > 0;
  });
}

const SPOTS: readonly Pixel[] = [
  [0.5, 0.5],
  [0.3, 0.3],
  [0.7, 0.3],
  [0.3, 0.7],
  [0.7, 0.7],
];

const ring = (i: number, inwards: number): Pixel[] => [
  [i + 0.5, inwards],
  [i + 0.5, TAG_MODULES - inwards],
  [inwards, i + 0.5],
  [TAG_MODULES - inwards, i + 0.5],
];

/** Least squares plane through values at places. */
class Plane {
  private readonly sums = new Float64Array(9);

  add(x: number, y: number, value: number): void {
    const s = this.sums;
    for (const [i, term] of [1, x, y, x * x, x * y, y * y, value, value * x, value * y].entries()) s[i]! += term;
  }

  solve(): ((x: number, y: number) => number) | null {
    const [n, x, y, xx, xy, yy, v, vx, vy] = this.sums as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [cxx, cxy, cyy] = [xx - (x * x) / n, xy - (x * y) / n, yy - (y * y) / n];
    const determinant = cxx * cyy - cxy * cxy;
    if (n < 8 || determinant < 1e-6) return null;
    const [cxv, cyv] = [vx - (v * x) / n, vy - (v * y) / n];
    const [a, b] = [(cyy * cxv - cxy * cyv) / determinant, (cxx * cyv - cxy * cxv) / determinant];
    const c = (v - a * x - b * y) / n;
    return (px, py) => a * px + b * py + c;
  }
}
