/// <reference types="webxr" />
import { rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import type { Ray } from '../../scene/vec.ts';
import { lerp, transformPoint } from '../../scene/vec.ts';

export type Side = 'left' | 'right';
export const SIDES: readonly Side[] = ['left', 'right'];
export const otherSide = (side: Side): Side => (side === 'left' ? 'right' : 'left');

/** A controller touches with the tip of its nose, this far before and above its grip, metres. */
const CONTROLLER_TIP: Vec3 = [0, 0.01, -0.06];

/** One hand, with a controller in it or bare, as it is in this frame. Everything in the room's frame. */
export class Hand {
  readonly side: Side;
  source: XRInputSource | null = null;
  /** null while it is not tracked. */
  gripInRoom: Pose | null = null;
  rayInRoom: Pose | null = null;
  /** Where it grabs what is near: between thumb and index finger, or in the controller's grip. */
  grabPointInRoom: Vec3 | null = null;
  /** Of a bare hand; +Y leaves the back of the hand. */
  wristInRoom: Pose | null = null;
  /** What it presses buttons with. */
  tipInRoom: Vec3 | null = null;
  isSelecting = false;
  isSqueezing = false;
  /** Trigger, grip button or pinch went down or up in this frame. */
  hasPressed = false;
  hasReleased = false;
  readonly stick = { x: 0, y: 0 };
  /** X, Y, A or B went down in this frame. */
  hasPressedButton = false;
  #wasClosed = false;
  #wasButtonDown = false;

  constructor(side: Side) {
    this.side = side;
  }

  get isBare(): boolean {
    return this.source?.hand !== undefined && this.source?.hand !== null;
  }

  get isTracked(): boolean {
    return this.gripInRoom !== null || this.rayInRoom !== null;
  }

  get isClosed(): boolean {
    return this.isSelecting || this.isSqueezing;
  }

  get ray(): Ray | null {
    const pose = this.rayInRoom;
    return pose && { origin: pose.position, direction: rotateVec3(pose.rotation, [0, 0, -1]) };
  }

  read(
    frame: XRFrame,
    space: XRReferenceSpace,
    source: XRInputSource | null,
    held: { select: boolean; squeeze: boolean },
  ): void {
    this.source = source;
    const grip = source?.gripSpace ? poseOf(frame.getPose(source.gripSpace, space)) : null;
    this.rayInRoom = source ? poseOf(frame.getPose(source.targetRaySpace, space)) : null;
    this.gripInRoom = grip;
    const thumb = this.joint(frame, space, 'thumb-tip');
    const index = this.joint(frame, space, 'index-finger-tip');
    this.wristInRoom = this.joint(frame, space, 'wrist');
    this.gripInRoom ??= this.wristInRoom ?? this.rayInRoom;
    this.tipInRoom = index?.position ?? (this.gripInRoom && transformPoint(this.gripInRoom, CONTROLLER_TIP));
    this.grabPointInRoom =
      thumb && index ? lerp(thumb.position, index.position, 0.5) : (this.gripInRoom?.position ?? null);
    this.isSelecting = held.select && this.isTracked;
    this.isSqueezing = held.squeeze && this.isTracked;
    this.hasPressed = this.isClosed && !this.#wasClosed;
    this.hasReleased = !this.isClosed && this.#wasClosed;
    this.#wasClosed = this.isClosed;
    this.#readPad(source?.gamepad);
  }

  joint(frame: XRFrame, space: XRReferenceSpace, name: XRHandJoint): Pose | null {
    const joint = this.source?.hand?.get(name);
    return joint ? poseOf(frame.getJointPose?.(joint, space)) : null;
  }

  /** A tick that is felt; `strength` 0 to 1. Bare hands feel nothing. */
  pulse(strength: number, durationMs: number): void {
    const pad = this.source?.gamepad as (Gamepad & { hapticActuators?: readonly Pulsing[] }) | undefined;
    void pad?.hapticActuators?.[0]?.pulse?.(strength, durationMs);
  }

  /** Buttons and axes of the xr-standard mapping: 2 and 3 are the thumbstick's axes (0 and 1 a touchpad's). */
  #readPad(pad: Gamepad | undefined): void {
    const isStandard = pad?.mapping === 'xr-standard' && !this.isBare;
    const axis = (i: number) => (isStandard ? (pad.axes[i + 2] ?? pad.axes[i] ?? 0) : 0);
    this.stick.x = axis(0);
    this.stick.y = axis(1);
    const isDown = isStandard && pad.buttons.slice(4, 6).some((button) => button.pressed);
    this.hasPressedButton = isDown && !this.#wasButtonDown;
    this.#wasButtonDown = isDown;
  }
}

interface Pulsing {
  pulse?(value: number, durationMs: number): Promise<boolean>;
}

export function poseOf(pose: XRPose | undefined | null): Pose | null {
  if (!pose) return null;
  const { position: p, orientation: q } = pose.transform;
  return { position: [p.x, p.y, p.z], rotation: [q.x, q.y, q.z, q.w] as Quat };
}
