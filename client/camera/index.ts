/** What a guidance room sees through: read README.md. */
export type { CameraSource } from './camera-source.ts';
export { CLIP, ClipRecorder } from './clip.ts';
export { openDeviceCamera } from './device-camera.ts';
export { Frames } from './frames.ts';
export { keepLens, keptLens } from './kept-lens.ts';
