import { TrainingApi } from '#net/training-api';
import { api } from '../session/index.ts';

/** Training rooms, results and courses with my session. */
export const training = new TrainingApi(api);
