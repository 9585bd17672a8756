export { ConsentDialog } from './views/consent-dialog.tsx';
export { TrainingSection } from './views/training-section.tsx';
export { trainingStrings } from './strings.ts';
