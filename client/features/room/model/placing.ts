import { generateKeyBetween } from 'fractional-indexing';
import type { Document } from '#protocol/document/index';
import { ancestryOf, childrenOf, partOf, poseInRoom, type DesignPayload, type Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { composePose, IDENTITY_POSE, invertPose, type Pose } from '#protocol/spatial/index';
import { topmost } from './tree-rows.ts';

/** Where a row is dropped: into a group, or beside a row. */
export interface DropPlace {
  readonly target: PartId | null;
  readonly where: 'before' | 'after' | 'inside';
}

/** Upper part of a row: before it; lower: after it; the middle of a group: into it. `fraction` is 0 at the row's top. */
export function dropPlaceAt(target: Part, fraction: number): DropPlace {
  const isGroup = target.shape === null;
  const edge = isGroup ? 0.3 : 0.5;
  const where = fraction < edge ? 'before' : fraction >= 1 - edge ? 'after' : 'inside';
  return { target: target.id, where };
}

/**
 * The ops that put parts there: each keeps where it stands in the room, so its pose in the new group is worked out
 * here. Null when it cannot be (a group into itself, or a place that is gone).
 */
export function placeParts(
  document: Document,
  ids: Iterable<PartId>,
  place: DropPlace,
): DesignPayload<'part.place'>[] | null {
  const moved = inTreeOrder(document, topmost(document, ids));
  const target = place.target === null ? null : partOf(document, place.target);
  if (target === undefined || moved.length === 0) return null;
  const parent = place.where === 'inside' || target === null ? (target?.id ?? null) : target.parent;
  if (parent !== null && partOf(document, parent)?.shape !== null) return null;
  const above = parent === null ? [] : ancestryOf(document, parent);
  if (moved.some((part) => above.some(({ id }) => id === part.id))) return null;
  const rest = childrenOf(document, parent).filter((part) => !moved.some(({ id }) => id === part.id));
  const [first, high] = gap(rest, place, target);
  let low = first;
  const parentInRoom = parent === null ? IDENTITY_POSE : poseInRoom(document, parent);
  return moved.map((part) => {
    low = orderBetween(low, high);
    const keeps = part.parent === parent;
    return {
      id: part.id,
      parent,
      order: low,
      poseInParent: keeps ? part.poseInParent : poseInFrame(parentInRoom, poseInRoom(document, part.id)),
    };
  });
}

/** Expresses a pose given in the room in a frame given in the room. */
export function poseInFrame(frameInRoom: Pose, inRoom: Pose): Pose {
  return composePose(invertPose(frameInRoom), inRoom);
}

/** Order key after all children of a group. */
export function orderAtEnd(document: Document, parent: PartId | null): string {
  return orderBetween(childrenOf(document, parent).at(-1)?.order ?? null, null);
}

function gap(
  rest: readonly Part[],
  { where }: DropPlace,
  target: Part | null,
): [low: string | null, high: string | null] {
  if (where === 'inside' || target === null) return [rest.at(-1)?.order ?? null, null];
  const index = rest.findIndex(({ id }) => id === target.id);
  if (index < 0) return [rest.at(-1)?.order ?? null, null];
  return where === 'before'
    ? [rest[index - 1]?.order ?? null, rest[index]!.order]
    : [rest[index]!.order, rest[index + 1]?.order ?? null];
}

/**
 * Orders written by other clients may be equal, or not be keys of fractional-indexing; then the nearest usable key is
 * taken and the id decides among equals, as `childrenOf` does.
 */
function orderBetween(low: string | null, high: string | null): string {
  try {
    return generateKeyBetween(low, high);
  } catch (notAKey) {
    if (!(notAKey instanceof Error)) throw notAKey;
    return low === null ? 'a0' : `${low}V`.slice(0, 64);
  }
}

function inTreeOrder(document: Document, parts: readonly Part[]): Part[] {
  const path = (part: Part) =>
    ancestryOf(document, part.id)
      .map(({ order, id }) => `${order}\u0001${id}`)
      .reverse()
      .join('\u0000');
  return parts
    .map((part) => ({ part, at: path(part) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ part }) => part);
}
