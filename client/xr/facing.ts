import type { Quat, Vec3 } from '#protocol/spatial/index';
import { cross, normalize, sub } from '../scene/vec.ts';

/** Turn of an upright plate at `at` whose +Z looks at `eye`; the horizon stays level. */
export function facing(at: Vec3, eye: Vec3): Quat {
  const z = normalize(sub(eye, at));
  const x = normalize(cross([0, 1, 0], z));
  if (x[0] === 0 && x[2] === 0) return [0, 0, 0, 1];
  return quatOfAxes(x, cross(z, x), z);
}

/** Rotation that brings X, Y and Z to three unit vectors (Shepperd 1978). */
function quatOfAxes(x: Vec3, y: Vec3, z: Vec3): Quat {
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const s = Math.sqrt(trace + 1) * 2;
    return [(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4];
  }
  if (x[0] > y[1] && x[0] > z[2]) {
    const s = Math.sqrt(1 + x[0] - y[1] - z[2]) * 2;
    return [s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s];
  }
  if (y[1] > z[2]) {
    const s = Math.sqrt(1 + y[1] - x[0] - z[2]) * 2;
    return [(y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s, (z[0] - x[2]) / s];
  }
  const s = Math.sqrt(1 + z[2] - x[0] - y[1]) * 2;
  return [(z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4, (x[1] - y[0]) / s];
}
