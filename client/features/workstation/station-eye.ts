import { rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';

/** Where the camera is held. `yawRad` about Y, `pitchRad` up; 0 and 0 look along -z. Metres, in the station's frame. */
export interface Held {
  readonly position: Vec3;
  readonly yawRad: number;
  readonly pitchRad: number;
}

/** A person does not walk through the bench, nor away. */
export interface Reach {
  readonly min: Vec3;
  readonly max: Vec3;
}

const MOST_PITCH_RAD = 1.45;

export function lookingAt(position: Vec3, target: Vec3): Held {
  const [x, y, z] = [target[0] - position[0], target[1] - position[1], target[2] - position[2]];
  return { position, yawRad: Math.atan2(-x, -z), pitchRad: Math.atan2(y, Math.hypot(x, z)) };
}

export const turned = (held: Held, yawRad: number, pitchRad: number): Held => ({
  ...held,
  yawRad: held.yawRad + yawRad,
  pitchRad: Math.min(MOST_PITCH_RAD, Math.max(-MOST_PITCH_RAD, held.pitchRad + pitchRad)),
});

/** Right, up and forward, as the person stands: level, whatever the camera looks at. `lean` goes along the line of sight. */
export function stepped(held: Held, [right, up, forward]: Vec3, lean: number, { min, max }: Reach): Held {
  const [sin, cos] = [Math.sin(held.yawRad), Math.cos(held.yawRad)];
  const sight = rotateVec3(rotationOf(held), [0, 0, -lean]);
  const wanted = [
    held.position[0] + right * cos - forward * sin + sight[0],
    held.position[1] + up + sight[1],
    held.position[2] - right * sin - forward * cos + sight[2],
  ];
  const position = wanted.map((x, k) => Math.min(max[k]!, Math.max(min[k]!, x))) as unknown as Vec3;
  return { ...held, position };
}

export function rotationOf({ yawRad, pitchRad }: Held): Quat {
  const [sy, cy] = [Math.sin(yawRad / 2), Math.cos(yawRad / 2)];
  const [sp, cp] = [Math.sin(pitchRad / 2), Math.cos(pitchRad / 2)];
  return [cy * sp, sy * cp, -sy * sp, cy * cp];
}

export const poseOf = (held: Held): Pose => ({ position: held.position, rotation: rotationOf(held) });

/** A steady hand: a millimetre and a fifth of a degree, slower than once a second. */
const SHAKE = { positionM: 0.001, angleRad: 0.0035 } as const;

export function shaken(held: Held, atMs: number): Held {
  const wave = (perS: number, phase: number) => Math.sin((2 * Math.PI * perS * atMs) / 1000 + phase);
  const [x, y, z] = held.position;
  return {
    position: [
      x + SHAKE.positionM * (0.7 * wave(0.31, 0) + 0.3 * wave(0.83, 1)),
      y + SHAKE.positionM * (0.7 * wave(0.23, 2) + 0.3 * wave(0.91, 3)),
      z + SHAKE.positionM * wave(0.19, 4),
    ],
    yawRad: held.yawRad + SHAKE.angleRad * (0.6 * wave(0.37, 5) + 0.4 * wave(0.71, 6)),
    pitchRad: held.pitchRad + SHAKE.angleRad * (0.6 * wave(0.29, 1) + 0.4 * wave(0.67, 2)),
  };
}
