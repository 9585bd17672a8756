/**
 * Pictures of our own models without a graphics card: triangles by depth buffer, nine looks a pixel, lines where parts or faces meet.
 * The same input gives the same bytes on any machine, so that a test can tell whether a picture is fresh.
 */
import { zlibSync } from 'fflate';
import type { Vec3 } from '#protocol/spatial/index';

/** In the room, metres. `color` is sRGB. */
export interface Drawn {
  readonly positions: ArrayLike<number>;
  readonly indices: ArrayLike<number>;
  readonly color: readonly [red: number, green: number, blue: number];
  /** Brighter by so much of the light that it mirrors. */
  readonly gloss: number;
}

export interface View {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly from: Vec3;
  readonly to: Vec3;
  /** Upright, radians. */
  readonly fieldOfViewRad: number;
}

const FINE = 3;
const TO_LIGHT: Vec3 = unit([0.45, 0.9, 0.6]);
const PAPER: Vec3 = [236, 239, 242];
const LINE = 0.42;
/** Faces that meet at more than this have a line between them. */
const EDGE_COS = 0.86;
/** A jump in depth beyond this share of the distance is an outline. */
const STEP = 0.02;

/** RGB, row by row from the top. */
export function draw(items: readonly Drawn[], view: View): Uint8Array {
  const [w, h] = [view.widthPx * FINE, view.heightPx * FINE];
  const depth = new Float32Array(w * h).fill(Infinity);
  const owner = new Int32Array(w * h).fill(-1);
  const normal = new Float32Array(w * h * 3);
  const { right, up, back } = frameOf(view);
  const scale = h / 2 / Math.tan(view.fieldOfViewRad / 2);
  items.forEach(({ positions, indices }, item) => {
    const count = positions.length / 3;
    const seen = new Float32Array(count * 3);
    for (let i = 0; i < count; i++) {
      const p = minus([positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!], view.from);
      const z = -dot(p, back);
      seen.set([w / 2 + (scale * dot(p, right)) / z, h / 2 - (scale * dot(p, up)) / z, z], 3 * i);
    }
    for (let t = 0; t < indices.length; t += 3) {
      const [a, b, c] = [3 * indices[t]!, 3 * indices[t + 1]!, 3 * indices[t + 2]!];
      if (seen[a + 2]! < 0.01 || seen[b + 2]! < 0.01 || seen[c + 2]! < 0.01) continue;
      const corner = (at: number): Vec3 => [positions[at]!, positions[at + 1]!, positions[at + 2]!];
      const n = unit(cross(minus(corner(b), corner(a)), minus(corner(c), corner(a))));
      fill(
        seen,
        a,
        b,
        c,
        (x, y, z) => {
          const at = y * w + x;
          if (z >= depth[at]!) return;
          depth[at] = z;
          owner[at] = item;
          normal.set(n, 3 * at);
        },
        w,
        h,
      );
    }
  });
  return shaded(items, { depth, owner, normal, w, h, back }, view);
}

interface Seen {
  readonly depth: Float32Array;
  readonly owner: Int32Array;
  readonly normal: Float32Array;
  readonly w: number;
  readonly h: number;
  readonly back: Vec3;
}

function shaded(items: readonly Drawn[], seen: Seen, { widthPx, heightPx }: View): Uint8Array {
  const { owner, normal, w, back } = seen;
  const between = unit(plus(TO_LIGHT, back));
  const out = new Uint8Array(widthPx * heightPx * 3);
  const color = new Float64Array(3);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      color.fill(0);
      for (let k = 0; k < FINE * FINE; k++) {
        const at = (y * FINE + Math.floor(k / FINE)) * w + x * FINE + (k % FINE);
        const item = items[owner[at]!];
        const dark = isEdge(seen, at, at + 1) || isEdge(seen, at, at + w) ? LINE : 1;
        if (!item) {
          for (let channel = 0; channel < 3; channel++) color[channel]! += PAPER[channel]! * dark;
          continue;
        }
        const [nx, ny, nz] = [normal[3 * at]!, normal[3 * at + 1]!, normal[3 * at + 2]!];
        const side = nx * back[0] + ny * back[1] + nz * back[2] < 0 ? -1 : 1;
        const facing = side * (nx * TO_LIGHT[0] + ny * TO_LIGHT[1] + nz * TO_LIGHT[2]);
        const mirrored = side * (nx * between[0] + ny * between[1] + nz * between[2]);
        const lit = 0.42 + 0.5 * Math.max(0, facing) + 0.16 * side * ny;
        const sheen = 255 * item.gloss * Math.max(0, mirrored) ** 24;
        for (let channel = 0; channel < 3; channel++)
          color[channel]! += Math.min(255, item.color[channel]! * lit + sheen) * dark;
      }
      for (let channel = 0; channel < 3; channel++)
        out[(y * widthPx + x) * 3 + channel] = Math.round(color[channel]! / (FINE * FINE));
    }
  return out;
}

/** Between two neighbours: another part, a jump in depth, or faces that meet at an angle. */
function isEdge({ depth, owner, normal, w, h }: Seen, at: number, other: number): boolean {
  if (other >= w * h || (other === at + 1 && other % w === 0)) return false;
  if (owner[at] !== owner[other]) return true;
  if (owner[at] === -1) return false;
  const [near, far] = [depth[at]!, depth[other]!];
  if (Math.abs(near - far) > STEP * Math.min(near, far)) return true;
  let cos = 0;
  for (let k = 0; k < 3; k++) cos += normal[3 * at + k]! * normal[3 * other + k]!;
  return cos < EDGE_COS;
}

/** Every place whose middle lies in the triangle; depth by its plane in 1/z. */
function fill(
  seen: Float32Array,
  a: number,
  b: number,
  c: number,
  put: (x: number, y: number, z: number) => void,
  w: number,
  h: number,
): void {
  const [ax, ay, bx, by, cx, cy] = [seen[a]!, seen[a + 1]!, seen[b]!, seen[b + 1]!, seen[c]!, seen[c + 1]!];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (Math.abs(area) < 1e-9) return;
  const [x0, x1] = [Math.max(0, Math.floor(Math.min(ax, bx, cx))), Math.min(w - 1, Math.ceil(Math.max(ax, bx, cx)))];
  const [y0, y1] = [Math.max(0, Math.floor(Math.min(ay, by, cy))), Math.min(h - 1, Math.ceil(Math.max(ay, by, cy)))];
  const [za, zb, zc] = [1 / seen[a + 2]!, 1 / seen[b + 2]!, 1 / seen[c + 2]!];
  for (let y = y0; y <= y1; y++)
    for (let x = x0; x <= x1; x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
      const v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
      if (u < 0 || v < 0 || u + v > 1) continue;
      put(x, y, 1 / (u * za + v * zb + (1 - u - v) * zc));
    }
}

function frameOf({ from, to }: View): { right: Vec3; up: Vec3; back: Vec3 } {
  const back = unit(minus(from, to));
  const right = unit(cross([0, 1, 0], back));
  return { right, up: cross(back, right), back };
}

/** RGB as PNG; each row by its difference to the one above, which suits drawings. */
export function pngOf(rgb: Uint8Array, widthPx: number, heightPx: number): Uint8Array {
  const row = widthPx * 3;
  const raw = new Uint8Array((row + 1) * heightPx);
  for (let y = 0; y < heightPx; y++) {
    raw[y * (row + 1)] = 2;
    for (let x = 0; x < row; x++)
      raw[y * (row + 1) + 1 + x] = rgb[y * row + x]! - (y > 0 ? rgb[(y - 1) * row + x]! : 0);
  }
  const header = new Uint8Array(13);
  const size = new DataView(header.buffer);
  size.setUint32(0, widthPx);
  size.setUint32(4, heightPx);
  header.set([8, 2, 0, 0, 0], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', zlibSync(raw, { level: 9 })), chunk('IEND', new Uint8Array(0))];
  return Buffer.concat([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), ...chunks]);
}

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(kind), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** PNG, annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
function unit(a: Vec3): Vec3 {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
}
