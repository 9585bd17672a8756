import type { Pose } from '#protocol/spatial/index';

/** Where a product is put by hand at first: before the camera, a little below, as one looks down at a bench. */
const AWAY_M = 0.7;
const BELOW_M = 0.12;
/** One looks down at it by 30 degrees. */
const DOWN_RAD = Math.PI / 6;

export const beforeCamera = (): Pose => ({
  position: [0, -BELOW_M, -AWAY_M],
  rotation: [Math.sin(DOWN_RAD / 2), 0, 0, Math.cos(DOWN_RAD / 2)],
});
