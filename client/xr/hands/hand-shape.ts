/// <reference types="webxr" />
import { HAND_JOINTS, type HandShape, type HandsPose } from '#protocol/presence/index';
import { invertPose, type Vec3 } from '#protocol/spatial/index';
import { transformPoint } from '../../scene/vec.ts';
import type { Hand } from './hand.ts';

/** Read this often, ms: more is not sent. */
const EVERY_MS = 95;

/** The shapes of my bare hands for the others: joints in the frame of the hand's grip, which the body carries. */
export class HandShapes {
  #lastMs = -Infinity;

  /** Undefined: not yet again. */
  read(
    hands: { readonly left: Hand; readonly right: Hand },
    frame: XRFrame,
    space: XRReferenceSpace,
    nowMs: number,
  ): HandsPose | undefined {
    if (nowMs - this.#lastMs < EVERY_MS) return undefined;
    this.#lastMs = nowMs;
    const left = shapeOf(hands.left, frame, space);
    const right = shapeOf(hands.right, frame, space);
    return { ...(left ? { left } : {}), ...(right ? { right } : {}) };
  }
}

/** Null when the hand holds a controller, or a joint of it is not tracked. */
function shapeOf(hand: Hand, frame: XRFrame, space: XRReferenceSpace): HandShape | null {
  if (!hand.isBare || !hand.gripInRoom) return null;
  const roomInGrip = invertPose(hand.gripInRoom);
  const joints: Vec3[] = [];
  for (const name of HAND_JOINTS) {
    const inRoom = hand.joint(frame, space, name as XRHandJoint);
    if (!inRoom) return null;
    joints.push(transformPoint(roomInGrip, inRoom.position));
  }
  return joints;
}
