import { designModel } from '../design/model.ts';
import { trainingModel } from '../training/model.ts';
import type { Genesis } from './entry.ts';
import type { RoomModel } from './model.ts';

/** Every room kind there is. A new kind adds one line here. */
export const ROOM_MODELS: Readonly<Record<Genesis['kind'], RoomModel>> = {
  design: designModel,
  training: trainingModel,
};
