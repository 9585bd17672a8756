import type { PartId } from '#protocol/ids';
import { composePose, invertPose } from '#protocol/spatial/index';
import type { Signal } from '../net/signal.ts';
import { EMPTY_BOUNDS, isEmptyBounds, joinBounds, type Bounds } from '../scene/geometry.ts';
import type { DragNews, Handwork } from '../scene/handwork.types.ts';
import type { Stage } from '../scene/stage/stage.ts';
import { turnedBounds, type World } from '../scene/world/world.ts';

export function handworkOf(stage: Stage, world: World, drags: Signal<[DragNews]>): Handwork {
  /** Of everything in a group, in the group's frame. */
  const boxOf = (id: PartId): Bounds => {
    const groupInRoom = world.poseInRoom(id);
    let box = EMPTY_BOUNDS;
    for (const inside of world.withChildren([id])) {
      const part = world.part(inside);
      if (!part?.shape) continue;
      const poseInGroup = composePose(invertPose(groupInRoom), world.poseInRoom(inside));
      box = joinBounds(box, turnedBounds(world.localBounds(part), poseInGroup));
    }
    return box;
  };
  return {
    onDrag: (listener) => drags.on(listener),
    onFrame: (listener) => stage.onTick((nowMs) => listener(nowMs)),
    poseInRoom: (part) => world.poseInRoom(part),
    poseInParent: (part) => world.poseInParent(part),
    carry: (part, poseInParent) => world.carry(part, poseInParent),
    standing: (id) => {
      const part = world.part(id);
      const box = part && boxOf(id);
      return part && box && !isEmptyBounds(box) ? { part, box, poseInRoom: world.poseInRoom(id) } : null;
    },
    shown: () => [...world.shownParts()],
    withChildren: (part) => world.withChildren([part]),
  };
}
