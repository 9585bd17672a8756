import { Store } from '#net/store';
import type { TrainingStay } from './training-stay.ts';

/** The stay of this page in a headset; the scene stands as long as it lasts. */
export const trainingStay = new Store<TrainingStay | null>(null);
