export { CallMedia, type PictureMode, type SeenPicture, type Sending } from './call-media.ts';
export { CAMERA_LEVELS } from './camera-policy.ts';
export { CallRecorder } from './call-recorder.ts';
