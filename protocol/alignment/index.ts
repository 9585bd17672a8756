/** Where the product is: read README.md for the map. */
export * from './align.ts';
export * from './calibration.ts';
export * from './camera.ts';
export * from './cue.ts';
export * from './drift.ts';
export * from './error-bound.ts';
export * from './kept.ts';
export * from './marker-map.ts';
export * from './sharing.ts';
export * from './sheet.ts';
export * from './sighting.ts';
export { homographyOf, through, type Homography } from './homography.ts';
export { squareCorners, squarePoses } from './square-pose.ts';
export * from './tag36h11.ts';
export * from './touch.ts';
