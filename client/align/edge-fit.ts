import { rayOf, type Camera, type Pixel } from '#protocol/alignment/camera';
import { solveSymmetric, invertSymmetric } from '#protocol/alignment/dense';
import { LIGHT, type GrayPicture } from './picture.ts';

/** A straight edge between dark (to the right of the way from `from` to `to`) and light. */
export interface EdgeGuess {
  readonly from: Pixel;
  readonly to: Pixel;
  /** How far the even areas reach on both sides, pixels. */
  readonly insidePx: number;
  readonly outsidePx: number;
  /** Which parts of the way show the edge, as shares of it; the whole, but for the corners, when left out. */
  readonly parts?: readonly (readonly [from: number, to: number])[];
}

/** Where the edge really is: `shiftPx` outwards at the middle of the guess, `slope` more of it per pixel of the way. */
export interface Edge {
  readonly middle: Pixel;
  readonly along: Pixel;
  readonly outwards: Pixel;
  readonly shiftPx: number;
  readonly slope: number;
  /** Variances of shift and slope, and their covariance. */
  readonly covariance: readonly [shift: number, both: number, slope: number];
  /** Standard deviation of the blur across the edge. */
  readonly blurPx: number;
  readonly contrast: number;
  /** Share of the pixels that look like this edge. */
  readonly inlierShare: number;
}

const UNKNOWNS = 7;
/** The robust spread is judged by every third pixel: sorting is what costs. */
const STRIDE = 3;

/**
 * Fits a blurred step to the light of all pixels beside the edge: its place, slope and blur, and both sides' brightness, each of
 * which may change along the way. No pixel is interpolated, so the noise stays what the sensor made it, and the covariance is that
 * of the estimate. Pixels that do not fit (a finger, a reflection) lose their weight.
 *
 * With a camera the work is done where its distortion is taken out: there edges are straight. Null when there is no edge.
 */
export function fitEdge(picture: GrayPicture, guess: EdgeGuess, camera?: Camera, iterations = 8): Edge | null {
  const { from, to } = guess;
  const lengthPx = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (!(lengthPx > 6)) return null;
  const along: Pixel = [(to[0] - from[0]) / lengthPx, (to[1] - from[1]) / lengthPx];
  const outwards: Pixel = [along[1], -along[0]];
  const middle: Pixel = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const samples = gather(picture, guess, camera, middle, along, outwards, lengthPx);
  const { s, n, light, count } = samples;
  if (count < 3 * UNKNOWNS) return null;

  const p = startOf(samples);
  const weights = new Float64Array(count).fill(1);
  const residuals = new Float64Array(count);
  const row = new Float64Array(UNKNOWNS);
  let normal = new Float64Array(UNKNOWNS * UNKNOWNS);
  let inlierShare = 1;
  let variance = 1;
  for (let iteration = 0; iteration < iterations; iteration++) {
    normal = new Float64Array(UNKNOWNS * UNKNOWNS);
    const right = new Float64Array(UNKNOWNS);
    const blur = Math.exp(p[2]!);
    for (let i = 0; i < count; i++) {
      const along_ = s[i]!;
      const t = (n[i]! - p[0]! - p[1]! * along_) / blur;
      const share = normalShare(t);
      const dark = p[3]! + p[4]! * along_;
      const step = p[5]! + p[6]! * along_ - dark;
      const bell = (step * Math.exp(-0.5 * t * t)) / (2.5066282746 * blur);
      residuals[i] = light[i]! - dark - step * share;
      row[0] = -bell;
      row[1] = -bell * along_;
      row[2] = -bell * t * blur;
      row[3] = 1 - share;
      row[4] = (1 - share) * along_;
      row[5] = share;
      row[6] = share * along_;
      const w = weights[i]!;
      if (w === 0) continue;
      for (let a = 0; a < UNKNOWNS; a++) {
        const wa = w * row[a]!;
        right[a]! += wa * residuals[i]!;
        for (let b = 0; b <= a; b++) normal[a * UNKNOWNS + b]! += wa * row[b]!;
      }
    }
    for (let a = 0; a < UNKNOWNS; a++) {
      for (let b = 0; b < a; b++) normal[b * UNKNOWNS + a] = normal[a * UNKNOWNS + b]!;
      normal[a * UNKNOWNS + a]! *= 1 + 1e-9;
    }
    if (iteration >= 3) ({ inlierShare, variance } = reweigh(residuals, weights, p[5]! - p[3]!));
    if (iteration === iterations - 1) break;
    const step = solveSymmetric(normal, UNKNOWNS, right);
    if (!step) return null;
    // Steps of more than two pixels or of more than a doubled blur leave the range where the model is right.
    p[0]! += clamp(step[0]!, 2);
    p[1]! += clamp(step[1]!, 4 / lengthPx);
    p[2] = Math.min(Math.log(5), Math.max(Math.log(0.25), p[2]! + clamp(step[2]!, 0.7)));
    for (let a = 3; a < UNKNOWNS; a++) p[a]! += step[a]!;
  }
  const contrast = p[5]! - p[3]!;
  const reach = Math.max(guess.insidePx, guess.outsidePx);
  if (!(contrast > 4) || Math.abs(p[0]!) > reach || !p.every(Number.isFinite)) return null;
  const inverse = invertSymmetric(normal, UNKNOWNS);
  if (!inverse) return null;
  return {
    middle,
    along,
    outwards,
    shiftPx: p[0]!,
    slope: p[1]!,
    covariance: [variance * inverse[0]!, variance * inverse[1]!, variance * inverse[UNKNOWNS + 1]!],
    blurPx: Math.exp(p[2]!),
    contrast,
    inlierShare,
  };
}

interface Samples {
  readonly s: Float64Array;
  readonly n: Float64Array;
  readonly light: Float64Array;
  count: number;
}

function gather(
  { widthPx, heightPx, data }: GrayPicture,
  { from, to, insidePx, outsidePx, parts }: EdgeGuess,
  camera: Camera | undefined,
  middle: Pixel,
  along: Pixel,
  outwards: Pixel,
  lengthPx: number,
): Samples {
  const isBent = camera !== undefined && (camera.radial[0] !== 0 || camera.radial[1] !== 0);
  const marginPx = Math.min(0.2 * lengthPx, 0.07 * lengthPx + 1);
  const shown = parts ?? [[marginPx / lengthPx, 1 - marginPx / lengthPx]];
  const pad = Math.max(insidePx, outsidePx) + (isBent ? 4 : 1);
  // The guess is given where lines are straight; in the picture it lies where the lens put it.
  const ends = isBent ? [bentPixel(camera, from), bentPixel(camera, to)] : [from, to];
  const chordPx = Math.hypot(ends[1]![0] - ends[0]![0], ends[1]![1] - ends[0]![1]);
  const chord = [(ends[1]![0] - ends[0]![0]) / chordPx, (ends[1]![1] - ends[0]![1]) / chordPx] as const;
  const x0 = Math.max(0, Math.floor(Math.min(ends[0]![0], ends[1]![0]) - pad));
  const x1 = Math.min(widthPx - 1, Math.ceil(Math.max(ends[0]![0], ends[1]![0]) + pad));
  const y0 = Math.max(0, Math.floor(Math.min(ends[0]![1], ends[1]![1]) - pad));
  const y1 = Math.min(heightPx - 1, Math.ceil(Math.max(ends[0]![1], ends[1]![1]) + pad));
  const room = Math.ceil((lengthPx + 4) * (insidePx + outsidePx + 3) * 1.5) + 16;
  const samples: Samples = {
    s: new Float64Array(room),
    n: new Float64Array(room),
    light: new Float64Array(room),
    count: 0,
  };
  for (let y = y0; y <= y1; y++)
    for (let x = x0; x <= x1; x++) {
      let [u, v] = [x + 0.5, y + 0.5];
      if (isBent) {
        // Far from the chord of the bent edge nothing needs to be straightened.
        const off = Math.abs((u - ends[0]![0]) * chord[1] - (v - ends[0]![1]) * chord[0]);
        if (off > pad) continue;
        const [rx, ry] = rayOf(camera, [u, v]);
        u = camera.centrePx[0] + camera.focalPx[0] * rx;
        v = camera.centrePx[1] + camera.focalPx[1] * ry;
      }
      const [dx, dy] = [u - middle[0], v - middle[1]];
      const n = dx * outwards[0] + dy * outwards[1];
      if (n < -insidePx || n > outsidePx) continue;
      const s = dx * along[0] + dy * along[1];
      const share = s / lengthPx + 0.5;
      if (!shown.some(([a, b]) => share >= a && share <= b) || samples.count === room) continue;
      samples.s[samples.count] = s;
      samples.n[samples.count] = n;
      samples.light[samples.count] = LIGHT[data[y * widthPx + x]!]!;
      samples.count++;
    }
  return samples;
}

function bentPixel(camera: Camera, [u, v]: Pixel): Pixel {
  const x = (u - camera.centrePx[0]) / camera.focalPx[0];
  const y = (v - camera.centrePx[1]) / camera.focalPx[1];
  const r2 = x * x + y * y;
  const bent = 1 + camera.radial[0] * r2 + camera.radial[1] * r2 * r2;
  return [camera.centrePx[0] + camera.focalPx[0] * x * bent, camera.centrePx[1] + camera.focalPx[1] * y * bent];
}

/** Brightness of both sides from the outer thirds, the place where the light is half, a blur of a pixel. */
function startOf({ n, light, count }: Samples): Float64Array {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count; i++) {
    least = Math.min(least, n[i]!);
    most = Math.max(most, n[i]!);
  }
  let [dark, darks, bright, brights] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (n[i]! < least + (most - least) * 0.25) {
      dark += light[i]!;
      darks++;
    } else if (n[i]! > most - (most - least) * 0.3) {
      bright += light[i]!;
      brights++;
    }
  }
  dark /= Math.max(1, darks);
  bright /= Math.max(1, brights);
  // The mean over the band tells how much of it is dark.
  let mean = 0;
  for (let i = 0; i < count; i++) mean += light[i]! / count;
  const share = bright - dark > 1 ? Math.min(1, Math.max(0, (mean - dark) / (bright - dark))) : 0.5;
  return Float64Array.of(clamp(most - share * (most - least), 1.5), 0, 0, dark, 0, bright, 0);
}

/**
 * Tukey's weights at five times the robust spread; what is left judges the noise. No lens blurs quite as the normal law does, so in a
 * picture without noise a fiftieth of the contrast is still no outlier.
 */
function reweigh(
  residuals: Float64Array,
  weights: Float64Array,
  contrast: number,
): { inlierShare: number; variance: number } {
  const sorted = Float64Array.from({ length: Math.ceil(residuals.length / STRIDE) }, (_, i) =>
    Math.abs(residuals[i * STRIDE]!),
  ).sort();
  const spread = Math.max(0.4, 0.02 * contrast, 1.4826 * sorted[sorted.length >> 1]!);
  const limit = 5 * spread;
  let [inliers, squares, sum] = [0, 0, 0];
  for (let i = 0; i < residuals.length; i++) {
    const share = residuals[i]! / limit;
    const weight = Math.abs(share) < 1 ? (1 - share * share) ** 2 : 0;
    weights[i] = weight;
    if (weight > 0.4) inliers++;
    squares += weight * residuals[i]! * residuals[i]!;
    sum += weight;
  }
  return { inlierShare: inliers / residuals.length, variance: squares / Math.max(1, sum - UNKNOWNS) };
}

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Distribution function of the normal law, exact to 2e-7 (Abramowitz and Stegun 7.1.26). */
function normalShare(t: number): number {
  const x = Math.abs(t) * Math.SQRT1_2;
  const k = 1 / (1 + 0.3275911 * x);
  const tail =
    k *
    (0.254829592 + k * (-0.284496736 + k * (1.421413741 + k * (-1.453152027 + k * 1.061405429)))) *
    Math.exp(-x * x);
  return t < 0 ? tail / 2 : 1 - tail / 2;
}
