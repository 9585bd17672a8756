import { normalizeQuat, type Quat } from '#protocol/spatial/index';

/** Degrees about X, then Y, then Z of the fixed parent axes (R = Rz Ry Rx), the order CAD systems show. */
export type Degrees3 = readonly [x: number, y: number, z: number];

const RAD = Math.PI / 180;

export function quatFromDegrees([x, y, z]: Degrees3): Quat {
  const [sx, cx] = [Math.sin((x * RAD) / 2), Math.cos((x * RAD) / 2)];
  const [sy, cy] = [Math.sin((y * RAD) / 2), Math.cos((y * RAD) / 2)];
  const [sz, cz] = [Math.sin((z * RAD) / 2), Math.cos((z * RAD) / 2)];
  return normalizeQuat([
    sx * cy * cz - cx * sy * sz,
    cx * sy * cz + sx * cy * sz,
    cx * cy * sz - sx * sy * cz,
    cx * cy * cz + sx * sy * sz,
  ]);
}

/** Each angle in -180..180, Y in -90..90. At the poles (Y = +-90) all turning is shown about Z. */
export function degreesFromQuat([x, y, z, w]: Quat): Degrees3 {
  const sinY = Math.max(-1, Math.min(1, 2 * (w * y - z * x)));
  if (Math.abs(sinY) > 0.9999995) {
    // X and Z turn about the same axis here; the half-angle form stays exact where the usual terms vanish.
    const turn = -2 * Math.sign(sinY) * Math.atan2(x, w);
    return [0, tidy(Math.asin(sinY) / RAD), tidy(wrap(turn / RAD))];
  }
  return [
    tidy(Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) / RAD),
    tidy(Math.asin(sinY) / RAD),
    tidy(Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) / RAD),
  ];
}

/** Rounding to a micro-degree hides the noise of the quaternion (90.0000001) and keeps what people typed. */
const tidy = (degrees: number): number => {
  const rounded = Math.round(degrees * 1e6) / 1e6;
  return rounded === 0 ? 0 : rounded;
};

const wrap = (degrees: number): number => degrees - 360 * Math.round(degrees / 360);
