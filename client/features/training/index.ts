export { useRoomView } from './model/use-room-view.ts';
export { NewerReleases } from './views/newer-releases.tsx';
export { RecordingConsent } from './views/recording-consent.tsx';
export { TrainingSection } from './views/training-section.tsx';
export { trainingStrings } from './strings.ts';
