import { designModel } from '../design/model.ts';
import { guidanceModel } from '../guidance/model.ts';
import { trainingModel } from '../training/model.ts';
import type { Genesis } from './entry.ts';
import type { RoomModel } from './model.ts';

/** Every room kind there is; a new one adds a line here. Not in the index: a page loads only the kinds that it shows. */
export const ROOM_MODELS: Readonly<Record<Genesis['kind'], RoomModel>> = {
  design: designModel,
  training: trainingModel,
  guidance: guidanceModel,
};
