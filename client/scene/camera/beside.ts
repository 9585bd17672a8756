import { rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { add, distance, scale, sub } from '../vec.ts';
import type { Eye } from './orbit.ts';

/** A shoulder's width aside and a little behind, metres at full size: one sees what they see, and their shoulder. */
const ASIDE_M = 0.5;
const BEHIND_M = 0.25;
/** How near one comes to look at a person: the bust fills the picture and has not begun to fade. Metres at full size. */
const NEAREST_M = 1.1;
const FURTHEST_M = 2.4;
const MAX_PITCH = 1.2;

/** What somebody looks at: `focusM` before their eyes. */
export const gazeOf = (headInRoom: Pose, focusM: number): Vec3 =>
  add(headInRoom.position, scale(rotateVec3(headInRoom.rotation, [0, 0, -1]), focusM));

/**
 * The eye of somebody who stands at a person's right and looks at what they look at. `size`: how large the person is
 * shown, 1 in life size.
 */
export function besideEye(headInRoom: Pose, size: number, focusM: number): Eye {
  const target = gazeOf(headInRoom, focusM);
  const { yaw } = towards(headInRoom.position, target);
  const right: Vec3 = [Math.cos(yaw), 0, -Math.sin(yaw)];
  const back: Vec3 = [Math.sin(yaw), 0, Math.cos(yaw)];
  const position = add(headInRoom.position, add(scale(right, ASIDE_M * size), scale(back, BEHIND_M * size)));
  return { position, ...towards(position, target) };
}

/** Turns from where one is to a person, and goes as near as one does to talk. */
export function eyeOnPerson(from: Eye, headInRoom: Pose, size: number): Eye {
  const { position: head } = headInRoom;
  const awayM = distance(from.position, head);
  const wantedM = Math.max(NEAREST_M * size, Math.min(FURTHEST_M * size, awayM));
  const way = awayM > 1e-6 ? scale(sub(from.position, head), 1 / awayM) : ([0, 0, 1] satisfies Vec3);
  const position = add(head, scale(way, wantedM));
  return { position, ...towards(position, head) };
}

function towards(from: Vec3, to: Vec3): { yaw: number; pitch: number; focusM: number } {
  const [x, y, z] = sub(to, from);
  const focusM = Math.max(0.01, Math.hypot(x, y, z));
  const pitch = Math.asin(Math.max(-1, Math.min(1, y / focusM)));
  return { yaw: Math.atan2(-x, -z), pitch: Math.max(-MAX_PITCH, Math.min(MAX_PITCH, pitch)), focusM };
}
