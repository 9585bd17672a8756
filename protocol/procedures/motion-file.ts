import { z } from 'zod';
import { Pose } from '../spatial/pose.ts';
import { MOTION_BOUNDS, simplifyMotion, type MotionFrame } from './motion.ts';

/** Frames of one file: an hour at 20 Hz. */
const MAX_FRAMES = 72_000;

/**
 * A motion file of a workplace's media, JSON: the way of one thing in the room, frame by frame. Times in whole
 * milliseconds, rising.
 */
export const MotionFile = z.strictObject({
  v: z.literal(1),
  frames: z
    .array(z.strictObject({ atMs: z.number().int().min(0), poseInRoom: Pose }))
    .min(2)
    .max(MAX_FRAMES)
    .refine((frames) => frames.every(({ atMs }, at) => at === 0 || atMs >= frames[at - 1]!.atMs), 'times fall'),
});
export type MotionFile = z.infer<typeof MotionFile>;

/** What a ghost needs of it: simplified within the bounds of recordings, and with its rests. Throws when it is none. */
export function framesOfFile(bytes: Uint8Array): readonly MotionFrame[] {
  const { frames } = MotionFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
  return simplifyMotion(frames, { ...MOTION_BOUNDS, keepsRests: true }).frames;
}
