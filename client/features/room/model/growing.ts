import { partOf, poseInRoom, type ParametricShape, type Part } from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import { rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import { poseInFrame } from './placing.ts';

/**
 * Where a part goes whose dimensions change, so that its underside stays where it is: shapes are given about their
 * middle, and what stands on the floor would sink into it. Null when the underside stays by itself.
 */
export function poseOnSameGround(document: Document, part: Part, wanted: ParametricShape): Pose | null {
  if (part.shape === null || part.shape.kind === 'asset') return null;
  const { position, rotation } = poseInRoom(document, part.id);
  const riseM = depthBelow(wanted, rotation) - depthBelow(part.shape, rotation);
  if (Math.abs(riseM) < 1e-9) return null;
  const inRoom: Pose = { position: [position[0], position[1] + riseM, position[2]], rotation };
  const group = part.parent === null ? undefined : partOf(document, part.parent);
  return group
    ? { ...poseInFrame(poseInRoom(document, group.id), inRoom), rotation: part.poseInParent.rotation }
    : inRoom;
}

/** How far a shape turned like this reaches below its middle, metres along the room's vertical. */
function depthBelow(shape: ParametricShape, rotationInRoom: Quat): number {
  const axes: readonly Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const [x, y, z] = axes.map((axis) => Math.abs(rotateVec3(rotationInRoom, axis)[1])) as [number, number, number];
  switch (shape.kind) {
    case 'box':
      return (x * shape.dimensions.widthM + y * shape.dimensions.heightM + z * shape.dimensions.depthM) / 2;
    case 'cylinder':
      return (y * shape.dimensions.heightM) / 2 + Math.hypot(x, z) * shape.dimensions.radiusM;
    case 'plate':
      return (x * shape.dimensions.widthM + y * shape.dimensions.thicknessM + z * shape.dimensions.depthM) / 2;
  }
}
