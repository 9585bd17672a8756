import { rotateVec3, type Quat, type Vec3 } from '#protocol/spatial/index';
import { multiplyQuat } from '#protocol/spatial/index';
import type { Bounds } from '../geometry.ts';
import { add, lerp, quatAbout, scale, sub } from '../vec.ts';

/** Where the desktop eye is. Yaw turns about the room's up axis, pitch about the eye's right; both radians. */
export interface Eye {
  readonly position: Vec3;
  readonly yaw: number;
  readonly pitch: number;
  /** Distance to what the person looks at, metres: scales panning, and is the pivot when nothing is under the pointer. */
  readonly focusM: number;
}

const MAX_PITCH = Math.PI / 2 - 0.001;
export const MIN_FOCUS_M = 0.005;
export const MAX_FOCUS_M = 400;

export const rotationOf = (eye: Pick<Eye, 'yaw' | 'pitch'>): Quat =>
  multiplyQuat(quatAbout([0, 1, 0], eye.yaw), quatAbout([1, 0, 0], eye.pitch));
export const forwardOf = (eye: Pick<Eye, 'yaw' | 'pitch'>): Vec3 => rotateVec3(rotationOf(eye), [0, 0, -1]);
export const focusOf = (eye: Eye): Vec3 => add(eye.position, scale(forwardOf(eye), eye.focusM));

/** Turns about a point of the room: it stays where it is on the screen. */
export function orbit(eye: Eye, pivot: Vec3, yawBy: number, pitchBy: number): Eye {
  const yaw = eye.yaw + yawBy;
  const pitch = Math.max(-MAX_PITCH, Math.min(MAX_PITCH, eye.pitch + pitchBy));
  const before = rotationOf(eye);
  const inverse: Quat = [-before[0], -before[1], -before[2], before[3]];
  const seen = rotateVec3(inverse, sub(eye.position, pivot));
  return { ...eye, yaw, pitch, position: add(pivot, rotateVec3(rotationOf({ yaw, pitch }), seen)) };
}

/** Moves towards (factor below 1) or away from a point, which stays where it is on the screen. */
export function dolly(eye: Eye, towards: Vec3, factor: number): Eye {
  const focusM = Math.max(MIN_FOCUS_M, Math.min(MAX_FOCUS_M, eye.focusM * factor));
  const real = focusM / eye.focusM;
  return { ...eye, focusM, position: add(towards, scale(sub(eye.position, towards), real)) };
}

/** Shifts sideways and up by metres at the focus distance. */
export function pan(eye: Eye, rightM: number, upM: number): Eye {
  const rotation = rotationOf(eye);
  const by = add(rotateVec3(rotation, [rightM, 0, 0]), rotateVec3(rotation, [0, upM, 0]));
  return { ...eye, position: add(eye.position, by) };
}

export interface Lens {
  /** Vertical opening angle, radians. */
  readonly fovRad: number;
  /** Width over height of the picture. */
  readonly aspect: number;
}

/** Share of the picture that framed things fill: the rest is room for the tools at its edges. */
const FILLED = 0.8;

/** Moves back along the present direction, or another, until all eight corners of the bounds are well in the picture. */
export function frameBounds(eye: Eye, bounds: Bounds, lens: Lens, direction?: { yaw: number; pitch: number }): Eye {
  const { yaw, pitch } = direction ?? eye;
  const centre = lerp([...bounds.min], [...bounds.max], 0.5);
  const [x, y, z, w] = rotationOf({ yaw, pitch });
  const up = Math.tan(lens.fovRad / 2) * FILLED;
  let focusM = 0.005;
  for (let corner = 0; corner < 8; corner++) {
    const point: Vec3 = [
      (corner & 1 ? bounds.max : bounds.min)[0],
      (corner & 2 ? bounds.max : bounds.min)[1],
      (corner & 4 ? bounds.max : bounds.min)[2],
    ];
    const seen = rotateVec3([-x, -y, -z, w], sub(point, centre));
    // The eye looks along -z: a corner at +z stands nearer to it and needs more distance.
    focusM = Math.max(focusM, seen[2] + Math.max(Math.abs(seen[0]) / (up * lens.aspect), Math.abs(seen[1]) / up));
  }
  return { yaw, pitch, focusM, position: sub(centre, scale(forwardOf({ yaw, pitch }), focusM)) };
}

/** Yaw is taken the short way round. */
export function mixEyes(a: Eye, b: Eye, t: number): Eye {
  const turn = Math.atan2(Math.sin(b.yaw - a.yaw), Math.cos(b.yaw - a.yaw));
  const yaw = a.yaw + turn * t;
  const pitch = a.pitch + (b.pitch - a.pitch) * t;
  const focusM = a.focusM + (b.focusM - a.focusM) * t;
  // The focus point travels straight; mixing positions would cut through the model when turning far.
  const focus = lerp(focusOf(a), focusOf(b), t);
  return { yaw, pitch, focusM, position: sub(focus, scale(forwardOf({ yaw, pitch }), focusM)) };
}

export const DIRECTIONS = {
  front: { yaw: 0, pitch: 0 },
  back: { yaw: Math.PI, pitch: 0 },
  right: { yaw: Math.PI / 2, pitch: 0 },
  left: { yaw: -Math.PI / 2, pitch: 0 },
  top: { yaw: 0, pitch: -MAX_PITCH },
  bottom: { yaw: 0, pitch: MAX_PITCH },
  iso: { yaw: Math.PI / 5, pitch: -Math.PI / 7 },
} as const;
