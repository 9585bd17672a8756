export { RecordingConsent } from './views/recording-consent.tsx';
export { TrainingSection } from './views/training-section.tsx';
export { trainingStrings } from './strings.ts';
