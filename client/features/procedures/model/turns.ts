import { multiplyQuat, type Quat, type Vec3 } from '#protocol/spatial/index';

const RAD = Math.PI / 180;

/** Degrees about the fixed x, y and z axes, one after the other, as a rotation. */
export function rotationOf([x, y, z]: Vec3): Quat {
  const about = (axis: 0 | 1 | 2, degrees: number): Quat => {
    const turned: Quat = [0, 0, 0, Math.cos((degrees * RAD) / 2)];
    turned[axis] = Math.sin((degrees * RAD) / 2);
    return turned;
  };
  return multiplyQuat(about(2, z), multiplyQuat(about(1, y), about(0, x)));
}

/** The angles that `rotationOf` takes, degrees; straight up and down x gets all of the turn. */
export function anglesOf([x, y, z, w]: Quat): Vec3 {
  const sine = Math.max(-1, Math.min(1, 2 * (w * y - x * z)));
  const isUpright = Math.abs(sine) > 1 - 1e-9;
  const aboutX = isUpright ? 2 * Math.atan2(x, w) : Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y));
  const aboutZ = isUpright ? 0 : Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
  return [aboutX / RAD, Math.asin(sine) / RAD, aboutZ / RAD].map((degrees) => Number(degrees.toFixed(6))) as Vec3;
}
