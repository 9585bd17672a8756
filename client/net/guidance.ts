import { GUIDANCE_ROOMS } from '#protocol/guidance/index';
import { enterRoom } from './room-session.ts';
import type { ConnectOptions, GuidanceSession } from './room-session.types.ts';

/** Enters the room of a job, as `connectRoom` does a design room; a door of its own for the same reason as training's. */
export const connectGuidance = (options: ConnectOptions): Promise<GuidanceSession> =>
  enterRoom(options, GUIDANCE_ROOMS);
