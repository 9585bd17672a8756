import { TRAINING_ROOMS } from '#protocol/training/index';
import { enterRoom } from './room-session.ts';
import type { ConnectOptions, TrainingSession } from './room-session.types.ts';

/**
 * Enters a training room, as `connectRoom` does a design room. A door of its own, beside the index: procedures and
 * machines are large, and who enters a design room does not load them.
 */
export const connectTraining = (options: ConnectOptions): Promise<TrainingSession> =>
  enterRoom(options, TRAINING_ROOMS);
