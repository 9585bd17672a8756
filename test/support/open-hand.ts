import { HAND_JOINTS, type HandShape } from '#protocol/presence/index';
import type { Vec3 } from '#protocol/spatial/index';

/** Bones of each finger from the wrist on, millimetres: to the side, then along; as a man's hand of middle size. */
const FINGERS: readonly [name: string, asideMm: number, alongMm: readonly number[]][] = [
  ['thumb', 26, [22, 36, 32, 26]],
  ['index-finger', 16, [30, 62, 42, 25, 22]],
  ['middle-finger', 2, [30, 62, 46, 29, 23]],
  ['ring-finger', -10, [30, 56, 42, 27, 22]],
  ['pinky-finger', -20, [30, 52, 33, 20, 20]],
];
const WRIST: Vec3 = [0.004, -0.012, 0.06];

/** A hand in the frame of its grip, open (0) to fist (1): fingers point along -Z and bend down. */
export function openHand(bend: number): HandShape {
  const places = new Map<string, Vec3>([['wrist', WRIST]]);
  for (const [finger, aside, along] of FINGERS) {
    let place: Vec3 = WRIST;
    along.forEach((mm, bone) => {
      const angle = bone < 2 ? 0 : ((bone - 1) * bend * Math.PI) / 2.4;
      const x = bone === 0 ? aside / 1000 : 0;
      place = [place[0] + x, place[1] - (Math.sin(angle) * mm) / 1000, place[2] - (Math.cos(angle) * mm) / 1000];
      const joints = finger === 'thumb' ? THUMB : JOINTS;
      places.set(`${finger}-${joints[bone]}`, place);
    });
  }
  return HAND_JOINTS.map((name) => places.get(name)!);
}

const THUMB = ['metacarpal', 'phalanx-proximal', 'phalanx-distal', 'tip'];
const JOINTS = ['metacarpal', 'phalanx-proximal', 'phalanx-intermediate', 'phalanx-distal', 'tip'];
