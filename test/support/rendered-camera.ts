import { dice } from './dice.ts';
import { composePose, invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { project, rayOf, squareCorners, type Camera } from '#protocol/alignment/index';

/** Something flat and printed: `inkAt` tells for a place on it (modules from the upper left corner) whether it is black. */
export interface PrintedMarker {
  readonly modules: number;
  /** White paper round it, modules. */
  readonly margin: number;
  readonly inkAt: (column: number, row: number) => boolean;
  readonly sizeM: number;
  readonly poseInCamera: Pose;
}

export interface ShotOptions {
  seed: number;
  /** Standard deviation of the lens's blur, pixels. */
  blurPx: number;
  /** How the camera moves while the shutter is open, pixels over the whole time, sideways and down. */
  motionPx: readonly [number, number];
  /** The camera also turns about its line of sight, radians over the whole time. */
  motionRollRad: number;
  /** Light falls off from one side to the other by this share. */
  lightGradient: number;
  /** Of the brightest light a sensor takes: noise that is always there, and that of light itself at full brightness. */
  readNoise: number;
  shotNoise: number;
  exposure: number;
  /** The camera's tone curve differs from sRGB by this power (0 is sRGB itself). */
  toneError: number;
  /** Something dark or light before the camera: circles, pixels. */
  hiding: readonly { at: readonly [number, number]; radiusPx: number; light: number }[];
  /** Boxes and tools on the bench behind the sheets. */
  clutter: number;
}

const DEFAULTS: ShotOptions = {
  seed: 1,
  blurPx: 0.7,
  motionPx: [0, 0],
  motionRollRad: 0,
  lightGradient: 0.2,
  readNoise: 0.004,
  shotNoise: 0.012,
  exposure: 0.85,
  toneError: 0,
  hiding: [],
  clutter: 60,
};

const PAPER = 0.82;
const INK = 0.045;
const FINE = 16;

/**
 * A picture as a camera would take it, from known poses: perspective and distortion, light mixed in each pixel (256 places, shaken so
 * that no grid shows), movement while the shutter is open, the lens's blur, uneven light, the sensor's noise, the sRGB curve, 8 bits.
 */
export function shoot(
  camera: Camera,
  markers: readonly PrintedMarker[],
  options: Partial<ShotOptions> = {},
): { widthPx: number; heightPx: number; data: Uint8Array } {
  const shot = { ...DEFAULTS, ...options };
  const roll = dice(shot.seed);
  const { widthPx, heightPx } = camera;
  let light = background(widthPx, heightPx, shot.clutter, roll);
  const steps = Math.hypot(...shot.motionPx) > 0 || shot.motionRollRad !== 0 ? 8 : 1;
  for (const marker of markers) draw(light, camera, marker, shot, steps, roll);
  for (const { at, radiusPx, light: value } of shot.hiding)
    for (let y = Math.max(0, Math.floor(at[1] - radiusPx)); y <= Math.min(heightPx - 1, at[1] + radiusPx); y++)
      for (let x = Math.max(0, Math.floor(at[0] - radiusPx)); x <= Math.min(widthPx - 1, at[0] + radiusPx); x++)
        if (Math.hypot(x - at[0], y - at[1]) < radiusPx) light[y * widthPx + x] = value;
  light = blurred(light, widthPx, heightPx, shot.blurPx);
  const direction = roll.uniform(0, 2 * Math.PI);
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const across = ((x / widthPx - 0.5) * Math.cos(direction) + (y / heightPx - 0.5) * Math.sin(direction)) * 2;
      const clean = light[y * widthPx + x]! * shot.exposure * (1 + shot.lightGradient * across);
      const noise = Math.sqrt(shot.readNoise ** 2 + shot.shotNoise ** 2 * Math.max(0, clean));
      const seen = Math.min(1, Math.max(0, clean + noise * roll.normal()));
      const encoded = seen <= 0.0031308 ? 12.92 * seen : 1.055 * seen ** (1 / 2.4) - 0.055;
      data[y * widthPx + x] = Math.round(255 * encoded ** (1 + shot.toneError));
    }
  return { widthPx, heightPx, data };
}

type Dice = ReturnType<typeof dice>;

function background(widthPx: number, heightPx: number, clutter: number, roll: Dice): Float32Array {
  const light = new Float32Array(widthPx * heightPx).fill(roll.uniform(0.15, 0.5));
  for (let box = 0; box < clutter; box++) {
    const [cx, cy] = [roll.uniform(0, widthPx), roll.uniform(0, heightPx)];
    const [w, h] = [roll.uniform(4, 160), roll.uniform(4, 120)];
    const angle = roll.uniform(0, 3);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const value = roll.uniform(0.03, 0.8);
    const reach = Math.hypot(w, h) / 2;
    for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(heightPx, cy + reach); y++)
      for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(widthPx, cx + reach); x++) {
        const [dx, dy] = [x - cx, y - cy];
        if (Math.abs(c * dx + s * dy) < w / 2 && Math.abs(c * dy - s * dx) < h / 2) light[y * widthPx + x] = value;
      }
  }
  return light;
}

function draw(
  light: Float32Array,
  camera: Camera,
  marker: PrintedMarker,
  shot: ShotOptions,
  steps: number,
  roll: Dice,
): void {
  const { widthPx, heightPx } = camera;
  const sheet = squareCorners(marker.sizeM * (1 + (2 * marker.margin) / marker.modules));
  const outline = sheet.map((corner) => project(camera, placed(marker.poseInCamera, corner)));
  if (outline.some((pixel) => pixel === null)) return;
  const pad = 2 + Math.hypot(...shot.motionPx) + Math.abs(shot.motionRollRad) * widthPx;
  const us = outline.map((pixel) => pixel![0]);
  const vs = outline.map((pixel) => pixel![1]);
  const x0 = Math.max(0, Math.floor(Math.min(...us) - pad));
  const x1 = Math.min(widthPx - 1, Math.ceil(Math.max(...us) + pad));
  const y0 = Math.max(0, Math.floor(Math.min(...vs) - pad));
  const y1 = Math.min(heightPx - 1, Math.ceil(Math.max(...vs) + pad));
  const moments = Array.from({ length: steps }, (_, i) => {
    const t = steps === 1 ? 0 : (i + 0.5) / steps - 0.5;
    const angle = t * shot.motionRollRad;
    return { du: t * shot.motionPx[0], dv: t * shot.motionPx[1], c: Math.cos(angle), s: Math.sin(angle) };
  });
  // Where each corner of each pixel lies on the sheet, for each moment; inside a pixel the place changes evenly.
  const wide = x1 - x0 + 2;
  const high = y1 - y0 + 2;
  const look = looker(camera, marker);
  const sum = new Float64Array(wide * high);
  const covered = new Float64Array(wide * high);
  const fine = steps === 1 ? FINE : FINE / 2;
  for (const { du, dv, c, s } of moments) {
    const columns = new Float64Array(wide * high);
    const rows = new Float64Array(wide * high);
    for (let y = 0; y < high; y++)
      for (let x = 0; x < wide; x++) {
        // The picture moves by (du, dv) and turns about its middle; look where the place was at that moment.
        const [a, b] = [x0 + x - du - camera.centrePx[0], y0 + y - dv - camera.centrePx[1]];
        const [column, row] = look(camera.centrePx[0] + c * a + s * b, camera.centrePx[1] - s * a + c * b);
        columns[y * wide + x] = column;
        rows[y * wide + x] = row;
      }
    for (let y = 0; y < high - 1; y++)
      for (let x = 0; x < wide - 1; x++) {
        const at = y * wide + x;
        const first = valueOf(marker, columns[at]!, rows[at]!);
        const isEven =
          first === valueOf(marker, columns[at + 1]!, rows[at + 1]!) &&
          first === valueOf(marker, columns[at + wide]!, rows[at + wide]!) &&
          first === valueOf(marker, columns[at + wide + 1]!, rows[at + wide + 1]!);
        if (isEven) {
          if (first >= 0) {
            sum[at]! += first;
            covered[at]! += 1;
          }
          continue;
        }
        const [cx, cy] = [columns[at + 1]! - columns[at]!, columns[at + wide]! - columns[at]!];
        const [rx, ry] = [rows[at + 1]! - rows[at]!, rows[at + wide]! - rows[at]!];
        for (let i = 0; i < fine; i++)
          for (let k = 0; k < fine; k++) {
            const [dx, dy] = [(i + roll.uniform()) / fine, (k + roll.uniform()) / fine];
            const value = valueOf(marker, columns[at]! + cx * dx + cy * dy, rows[at]! + rx * dx + ry * dy);
            if (value >= 0) {
              sum[at]! += value / (fine * fine);
              covered[at]! += 1 / (fine * fine);
            }
          }
      }
  }
  for (let y = 0; y < high - 1; y++)
    for (let x = 0; x < wide - 1; x++) {
      const at = (y0 + y) * widthPx + x0 + x;
      light[at] = (sum[y * wide + x]! + (steps - covered[y * wide + x]!) * light[at]!) / steps;
    }
}

/** Light of paper or ink at a place of the sheet, -1 beside it. */
function valueOf({ modules, margin, inkAt }: PrintedMarker, column: number, row: number): number {
  if (!(column >= -margin && row >= -margin && column <= modules + margin && row <= modules + margin)) return -1;
  if (column < 0 || row < 0 || column >= modules || row >= modules) return PAPER;
  return inkAt(Math.floor(column), Math.floor(row)) ? INK : PAPER;
}

const placed = (pose: Pose, point: Vec3): Vec3 => {
  const turned = rotateVec3(pose.rotation, point);
  return [turned[0] + pose.position[0], turned[1] + pose.position[1], turned[2] + pose.position[2]];
};

/** Which place of the sheet's plane a place of the picture shows, modules from the upper left corner; NaN behind the camera. */
function looker(
  camera: Camera,
  { modules, sizeM, poseInCamera }: PrintedMarker,
): (u: number, v: number) => [column: number, row: number] {
  const inMarker = invertPose(poseInCamera);
  const eye = inMarker.position;
  const axes = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as Vec3[]
  ).map((axis) => rotateVec3(inMarker.rotation, axis));
  const scale = modules / sizeM;
  return (u, v) => {
    const [x, y] = rayOf(camera, [u, v]);
    const dx = axes[0]![0] * x - axes[1]![0] * y - axes[2]![0];
    const dy = axes[0]![1] * x - axes[1]![1] * y - axes[2]![1];
    const dz = axes[0]![2] * x - axes[1]![2] * y - axes[2]![2];
    const t = -eye[2] / dz;
    if (!(t > 0)) return [Number.NaN, Number.NaN];
    return [(eye[0] + t * dx) * scale + modules / 2, modules / 2 - (eye[1] + t * dy) * scale];
  };
}

/** Gaussian, rows then columns. */
function blurred(light: Float32Array, widthPx: number, heightPx: number, sigmaPx: number): Float32Array {
  if (sigmaPx < 0.05) return light;
  const reach = Math.ceil(3.5 * sigmaPx);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigmaPx) ** 2));
  const sum = kernel.reduce((a, b) => a + b, 0);
  const weights = Float32Array.from(kernel, (value) => value / sum);
  const pass = (from: Float32Array, stride: number, length: number, lines: number, lineStride: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < length; i++) {
        let value = 0;
        for (let k = -reach; k <= reach; k++)
          value += weights[k + reach]! * from[line * lineStride + Math.min(length - 1, Math.max(0, i + k)) * stride]!;
        to[line * lineStride + i * stride] = value;
      }
    return to;
  };
  return pass(pass(light, 1, widthPx, heightPx, widthPx), widthPx, heightPx, widthPx, 1);
}

/** A pose given in the product, seen from the camera. */
export const inCamera = (productInCamera: Pose, poseInProduct: Pose): Pose =>
  composePose(productInCamera, poseInProduct);
