import { IDENTITY_POSE, normalizeQuat, type Pose, type Quat } from '../../spatial/pose.ts';
import { isObject, numberOf, textOf, type Json, type JsonObject } from './loss.ts';

/**
 * Points of interest. The standard says centimetres and Euler angles in degrees (x pitch, y yaw, z roll) and nothing of
 * handedness or order: we write and read right-handed, Y up, turned about y, then x, then z of the turned body.
 * MirageXR says metres, and comes from Unity: left-handed, so z and two of the angles change their sign.
 */
const DEGREE = Math.PI / 180;

function fromEuler(xDeg: number, yDeg: number, zDeg: number): Quat {
  const [sx, sy, sz] = [xDeg, yDeg, zDeg].map((angle) => Math.sin((angle * DEGREE) / 2)) as [number, number, number];
  const [cx, cy, cz] = [xDeg, yDeg, zDeg].map((angle) => Math.cos((angle * DEGREE) / 2)) as [number, number, number];
  return normalizeQuat([
    sx * cy * cz + cx * sy * sz,
    cx * sy * cz - sx * cy * sz,
    cx * cy * sz - sx * sy * cz,
    cx * cy * cz + sx * sy * sz,
  ]);
}

function toEuler([x, y, z, w]: Quat): [xDeg: number, yDeg: number, zDeg: number] {
  const pitch = Math.asin(Math.max(-1, Math.min(1, 2 * (w * x - y * z))));
  if (Math.abs(Math.abs(pitch) - Math.PI / 2) < 1e-6)
    return [pitch / DEGREE, Math.atan2(2 * (w * y - x * z), 1 - 2 * (y * y + z * z)) / DEGREE, 0];
  const yaw = Math.atan2(2 * (w * y + x * z), 1 - 2 * (x * x + y * y));
  const roll = Math.atan2(2 * (w * z + x * y), 1 - 2 * (x * x + z * z));
  return [pitch / DEGREE, yaw / DEGREE, roll / DEGREE];
}

/** Plain decimals: the standard's pattern knows no exponent. */
const decimal = (value: number): string => {
  const text = value.toFixed(6).replace(/\.?0+$/, '');
  return text === '-0' || text === '' ? '0' : text;
};

export function poiOf(id: string, { position, rotation }: Pose): JsonObject {
  const [x, y, z] = position.map((metres) => decimal(metres * 100)) as [string, string, string];
  const [rx, ry, rz] = toEuler(rotation).map(decimal) as [string, string, string];
  return { id, 'x-offset': x, 'y-offset': y, 'z-offset': z, 'x-rotation': rx, 'y-rotation': ry, 'z-rotation': rz };
}

export function mirageXrPoiOf(id: string, { position, rotation: [x, y, z, w] }: Pose): JsonObject {
  const [px, py, pz] = position;
  const angles = toEuler([-x, -y, z, w]).map(decimal).join(', ');
  const at = { x_offset: px, y_offset: py, z_offset: -pz };
  return { id, ...at, offset: `${decimal(px)}, ${decimal(py)}, ${decimal(-pz)}`, rotation: angles, scale: '1, 1, 1' };
}

export function poseOfPoi(poi: JsonObject): Pose {
  if ('x_offset' in poi || 'offset' in poi) {
    const [ox, oy, oz] = triple(poi['offset']);
    const [rx, ry, rz] = triple(poi['rotation']);
    const [x, y, z] = [numberOf(poi['x_offset'], ox), numberOf(poi['y_offset'], oy), numberOf(poi['z_offset'], oz)];
    const [qx, qy, qz, qw] = fromEuler(rx, ry, rz);
    return { position: [x, y, -z], rotation: [-qx, -qy, qz, qw] };
  }
  const metres = (axis: string) => numberOf(poi[`${axis}-offset`]) / 100;
  const degrees = (axis: string) => numberOf(poi[`${axis}-rotation`]);
  return {
    position: [metres('x'), metres('y'), metres('z')],
    rotation: fromEuler(degrees('x'), degrees('y'), degrees('z')),
  };
}

export function firstPose(tangible: JsonObject): Pose {
  const [first] = Array.isArray(tangible['pois']) ? tangible['pois'].filter(isObject) : [];
  return first ? poseOfPoi(first) : IDENTITY_POSE;
}

function triple(value: Json | undefined): [number, number, number] {
  const [x, y, z] = textOf(value)
    .replace(/[()]/g, '')
    .split(',')
    .map((part) => numberOf(part.trim()));
  return [x ?? 0, y ?? 0, z ?? 0];
}
