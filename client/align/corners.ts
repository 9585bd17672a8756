import { bentBack, straightened, type Camera, type Pixel } from '#protocol/alignment/camera';
import { fitEdge, type Edge, type EdgeGuess } from './edge-fit.ts';
import type { GrayPicture } from './picture.ts';
import type { Quad } from './quad.ts';

export interface FittedCorners {
  readonly cornersPx: Quad;
  /** 8 x 8, row-major; see `Sighting`. */
  readonly covariancePx2: number[];
  readonly blurPx: number;
  /** Of the worst edge. */
  readonly inlierShare: number;
  readonly contrast: number;
}

export interface EdgeModel {
  /** Modules across; the even areas beside an edge are about one module wide. */
  readonly modules: number;
  /** How many modules of white surround the marker. */
  readonly margin: number;
  /** Parts of each edge (upper, right, lower, left, each clockwise) that are black; the whole when left out. */
  readonly parts?: readonly (readonly (readonly [number, number])[])[];
}

/**
 * What the statistics of one edge cannot see, measured on rendered pictures (test/integration/alignment-accuracy.spec.ts), one
 * standard deviation of the shift: sampling and uneven ink; a tone curve that is not quite sRGB, in proportion to the blur; light of
 * the next modules where these are hardly wider than the blur. Neighbouring pixels share some noise, which `shared` makes up for.
 */
const FLOOR = { px: 0.008, ofTone: 0.055, ofLeak: 0.2, shared: 1.6 } as const;

/** So many times the blur away from the next module its light no longer reaches. */
const LEAK = 1.75;

/** Corners that move less in a round have come to rest, pixels. */
const STILL_PX = 0.5;
const MEASURE = { rounds: 4 };
/** Enough to read by. */
export const ROUGHLY = { rounds: 1 };

/** Corners of a quadrangle to hundredths of a pixel: its four edges fitted, then intersected. Null when one is no edge. */
export function fitCorners(
  picture: GrayPicture,
  quad: Quad,
  model: EdgeModel,
  camera?: Camera,
  most: { rounds: number } = MEASURE,
): FittedCorners | null {
  let corners = camera ? each(quad, (corner) => straightened(camera, corner)) : quad;
  let edges: Edge[] = [];
  let movedPx = Number.POSITIVE_INFINITY;
  // Each round starts from the last one's lines: the band beside each edge then lies where it should.
  for (let round = 0; round < most.rounds && movedPx > STILL_PX; round++) {
    const fitted: Edge[] = [];
    for (let k = 0; k < 4; k++) {
      const edge = fitEdge(picture, guessOf(corners, k, model, edges[k]?.blurPx), camera, round === 0 ? 5 : 8);
      if (!edge) return null;
      fitted.push(edge);
    }
    edges = fitted;
    const next = edges.map((edge, k) => crossing(edges[(k + 3) % 4]!, edge));
    if (next.some((corner) => corner === null)) return null;
    if (round > 0)
      movedPx = Math.max(...next.map((p, k) => Math.hypot(p![0] - corners[k]![0], p![1] - corners[k]![1])));
    corners = next as Quad;
  }
  // What does not come to rest is held by something that is no edge of the marker.
  if (most !== ROUGHLY && movedPx > STILL_PX) return null;
  const covariance = covarianceOf(edges, corners, model.modules);
  const bent = camera ? each(corners, (corner) => bentBack(camera, corner)) : corners;
  return {
    cornersPx: bent,
    covariancePx2: covariance,
    blurPx: Math.max(...edges.map(({ blurPx }) => blurPx)),
    inlierShare: Math.min(...edges.map(({ inlierShare }) => inlierShare)),
    contrast: Math.min(...edges.map(({ contrast }) => contrast)),
  };
}

const each = ([a, b, c, d]: Quad, change: (corner: Pixel) => Pixel): Quad => [
  change(a),
  change(b),
  change(c),
  change(d),
];

function guessOf(quad: Quad, k: number, { modules, margin, parts }: EdgeModel, knownBlurPx?: number): EdgeGuess {
  const [from, to] = [quad[k]!, quad[(k + 1) % 4]!];
  const modulePx = acrossOf(quad, k) / modules;
  const blurPx = knownBlurPx ?? 0.8;
  // Beyond three times the blur a pixel tells only how bright its side is.
  const reachPx = knownBlurPx === undefined ? 6 : Math.min(7, 2.2 + 2.5 * knownBlurPx);
  return {
    from,
    to,
    insidePx: Math.min(Math.max(1.0, modulePx - LEAK * blurPx), reachPx),
    outsidePx: Math.min(Math.max(1.3, margin * modulePx - LEAK * blurPx), reachPx),
    ...(parts ? { parts: parts[k]! } : {}),
  };
}

/** Distance between an edge and the opposite one, measured across it. */
function acrossOf(quad: Quad, k: number): number {
  const [from, to, after, before] = [quad[k]!, quad[(k + 1) % 4]!, quad[(k + 2) % 4]!, quad[(k + 3) % 4]!];
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [x, y] = [(after[0] + before[0] - from[0] - to[0]) / 2, (after[1] + before[1] - from[1] - to[1]) / 2];
  return Math.abs(x * dy - y * dx) / Math.hypot(dx, dy);
}

/** Where two edges meet; null when they are nearly parallel. */
function crossing(a: Edge, b: Edge): Pixel | null {
  const [pa, da] = lineOf(a);
  const [pb, db] = lineOf(b);
  const turn = da[0] * db[1] - da[1] * db[0];
  if (Math.abs(turn) < 0.05) return null;
  const t = ((pb[0] - pa[0]) * db[1] - (pb[1] - pa[1]) * db[0]) / turn;
  return [pa[0] + t * da[0], pa[1] + t * da[1]];
}

function lineOf({ middle, along, outwards, shiftPx, slope }: Edge): [point: Pixel, direction: Pixel] {
  const point: Pixel = [middle[0] + shiftPx * outwards[0], middle[1] + shiftPx * outwards[1]];
  return [point, [along[0] + slope * outwards[0], along[1] + slope * outwards[1]]];
}

/** A corner moves so that it stays on both of its edges; each edge moves by its shift and its slope. */
function covarianceOf(edges: readonly Edge[], corners: Quad, modules: number): number[] {
  // Row: corner coordinate; column: shift and slope of each edge.
  const j = new Float64Array(8 * 8);
  for (let k = 0; k < 4; k++) {
    const [one, two] = [(k + 3) % 4, k];
    const [m, n] = [edges[one]!.outwards, edges[two]!.outwards];
    const turn = m[0] * n[1] - m[1] * n[0];
    const reach = (edge: Edge) =>
      (corners[k]![0] - edge.middle[0]) * edge.along[0] + (corners[k]![1] - edge.middle[1]) * edge.along[1];
    const put = (edge: number, dx: number, dy: number) => {
      const s = reach(edges[edge]!);
      j[2 * k * 8 + 2 * edge] = dx;
      j[2 * k * 8 + 2 * edge + 1] = dx * s;
      j[(2 * k + 1) * 8 + 2 * edge] = dy;
      j[(2 * k + 1) * 8 + 2 * edge + 1] = dy * s;
    };
    put(one, n[1] / turn, -n[0] / turn);
    put(two, -m[1] / turn, m[0] / turn);
  }
  const spread = edges.map(({ covariance: [shift, both, slope], blurPx }, k) => {
    const modulePx = acrossOf(corners, k) / modules;
    const leak = FLOOR.ofLeak * (blurPx / modulePx) ** 2;
    const floor = FLOOR.px ** 2 + leak ** 2;
    return [FLOOR.shared * shift + floor, FLOOR.shared * both, FLOOR.shared * slope] as const;
  });
  // A wrong tone curve shifts all four edges the same way: the marker looks larger or smaller. All markers of a picture share it,
  // which the fit does not know; therefore its share is that of three together.
  const tone = edges.map(({ blurPx }) => FLOOR.ofTone * blurPx);
  const out = new Array<number>(64).fill(0);
  for (let r = 0; r < 8; r++)
    for (let c = 0; c < 8; c++) {
      let [sum, rowTone, columnTone] = [0, 0, 0];
      for (let e = 0; e < 4; e++) {
        const [shift, both, slope] = spread[e]!;
        const [ra, rb, ca, cb] = [j[r * 8 + 2 * e]!, j[r * 8 + 2 * e + 1]!, j[c * 8 + 2 * e]!, j[c * 8 + 2 * e + 1]!];
        rowTone += ra * tone[e]!;
        columnTone += ca * tone[e]!;
        sum += ra * shift * ca + (ra * cb + rb * ca) * both + rb * slope * cb;
      }
      out[r * 8 + c] = sum + rowTone * columnTone + (r === c ? 1e-6 : 0);
    }
  return out;
}
