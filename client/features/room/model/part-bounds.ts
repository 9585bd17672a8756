import type { Document } from '#protocol/document/index';
import { partOf, partsOf, poseInRoom, subtreeOf, type Shape } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';

export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** Bounds of a shape in its own frame, metres. */
export function shapeBounds(shape: Shape): Bounds {
  if (shape.kind === 'asset') return shape.boundsM as Bounds;
  const [x, y, z] = sizeOf(shape);
  return { min: [-x / 2, -y / 2, -z / 2], max: [x / 2, y / 2, z / 2] };
}

function sizeOf(shape: Exclude<Shape, { kind: 'asset' }>): Vec3 {
  switch (shape.kind) {
    case 'box':
      return [shape.dimensions.widthM, shape.dimensions.heightM, shape.dimensions.depthM];
    case 'cylinder':
      return [2 * shape.dimensions.radiusM, shape.dimensions.heightM, 2 * shape.dimensions.radiusM];
    case 'plate':
      return [shape.dimensions.widthM, shape.dimensions.thicknessM, shape.dimensions.depthM];
  }
}

/** Size along the axes of the part's own frame, metres; a group's is that of everything in it. Null when empty. */
export function sizeInPart(document: Document, id: PartId): Vec3 | null {
  const part = partOf(document, id);
  if (!part) return null;
  const bounds = part.shape ? shapeBounds(part.shape) : groupBounds(document, id);
  return bounds && [bounds.max[0] - bounds.min[0], bounds.max[1] - bounds.min[1], bounds.max[2] - bounds.min[2]];
}

/** Size along the room's axes of several parts together, with what is in them, metres. */
export function sizeInRoom(document: Document, ids: Iterable<PartId>): Vec3 | null {
  const all = new Set([...ids].flatMap((id) => subtreeOf(document, id).map((part) => part.id)));
  const bounds = boundsInRoom(document, all);
  return bounds && [bounds.max[0] - bounds.min[0], bounds.max[1] - bounds.min[1], bounds.max[2] - bounds.min[2]];
}

/** What exactly these parts take up in the room, without what is in groups among them. */
export function boundsInRoom(document: Document, ids: Iterable<string>): Bounds | null {
  const parts = partsOf(document);
  let bounds: Bounds | null = null;
  for (const id of ids) {
    const part = parts.get(id);
    if (part?.shape) bounds = join(bounds, moved(shapeBounds(part.shape), poseInRoom(document, part.id)));
  }
  return bounds;
}

function groupBounds(document: Document, id: PartId): Bounds | null {
  const poses = new Map<string, Pose>();
  let bounds: Bounds | null = null;
  for (const part of subtreeOf(document, id)) {
    if (part.id === id) continue;
    const above = part.parent === id ? undefined : poses.get(part.parent!);
    const poseInGroup = above ? composePose(above, part.poseInParent) : part.poseInParent;
    poses.set(part.id, poseInGroup);
    if (part.shape) bounds = join(bounds, moved(shapeBounds(part.shape), poseInGroup));
  }
  return bounds;
}

function moved({ min, max }: Bounds, pose: Pose): Bounds {
  let bounds: Bounds | null = null;
  for (const x of [min[0], max[0]])
    for (const y of [min[1], max[1]])
      for (const z of [min[2], max[2]]) {
        const at = composePose(pose, { position: [x, y, z], rotation: [0, 0, 0, 1] }).position;
        bounds = join(bounds, { min: at, max: at });
      }
  return bounds!;
}

function join(a: Bounds | null, b: Bounds): Bounds {
  if (!a) return b;
  const pick = (choose: (x: number, y: number) => number, p: Vec3, q: Vec3): Vec3 => [
    choose(p[0], q[0]),
    choose(p[1], q[1]),
    choose(p[2], q[2]),
  ];
  return { min: pick(Math.min, a.min, b.min), max: pick(Math.max, a.max, b.max) };
}

export function triangleCount(document: Document, ids: Iterable<PartId>): number {
  let sum = 0;
  for (const id of ids)
    for (const { shape } of subtreeOf(document, id)) if (shape?.kind === 'asset') sum += shape.triangleCount;
  return sum;
}
