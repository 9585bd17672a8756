import {
  MAX_PARTS_PER_OP,
  partOf,
  partsOf,
  poseInRoom,
  subtreeOf,
  initialShape,
  DEFAULT_MATERIAL,
  ParametricShape,
} from '#protocol/design/index';
import type { DesignOpType, DesignPayload, Material, ParametricKind, Part } from '#protocol/design/index';
import { OpId, PartId } from '#protocol/ids';
import type { Problem } from '#protocol/errors';
import type { Document } from '#protocol/document/index';
import { IDENTITY_POSE, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { RoomSession } from '../../net/room-session.types.ts';
import { newId } from '../../net/new-id.ts';
import { poseOnSameGround } from './model/growing.ts';
import { orderAtEnd, placeParts, poseInFrame, type DropPlace } from './model/placing.ts';
import { boundsInRoom, shapeBounds } from './model/part-bounds.ts';
import { topmost } from './model/tree-rows.ts';

/** Gap between a part and its copy, metres. */
const COPY_GAP_M = 0.01;

/** What panels do to parts. Each returns the problem when the first op was refused at once, else null. */
export class PartCommands {
  constructor(private readonly session: RoomSession) {}

  rename = (id: PartId, name: string): Problem | null => this.#send('part.rename', [{ id, name }]);

  setHidden = (ids: Iterable<PartId>, hidden: boolean): Problem | null =>
    this.#send(
      'part.setHidden',
      slices([...ids]).map((slice) => ({ ids: slice, hidden })),
    );

  setMaterial = (ids: Iterable<PartId>, material: Material): Problem | null =>
    this.#send(
      'part.setMaterial',
      slices([...ids]).map((slice) => ({ ids: slice, material })),
    );

  /** `group` joins the steps of one gesture, such as an arrow key held down, into one step of undo. */
  move = (moves: readonly { id: PartId; poseInParent: Pose }[], group?: string): Problem | null =>
    this.#send(
      'part.move',
      slices(moves).map((slice) => ({ moves: slice })),
      group,
    );

  /** What stands on something goes on standing there: the part grows upwards, and one undo takes back both. */
  setDimension = (id: PartId, name: string, value: number, group?: string): Problem | null => {
    const document = this.session.document.get();
    const part = partOf(document, id);
    const shape = part?.shape;
    const wanted =
      shape && shape.kind !== 'asset'
        ? ParametricShape.safeParse({ kind: shape.kind, dimensions: { ...shape.dimensions, [name]: value } })
        : null;
    const poseInParent = part && wanted?.success ? poseOnSameGround(document, part, wanted.data) : null;
    const change = { id, dimensions: { [name]: value } };
    if (!poseInParent) return this.#send('part.setDimensions', [change], group);
    const gesture = group ?? newId();
    return this.#send('part.setDimensions', [change], gesture) ?? this.move([{ id, poseInParent }], gesture);
  };

  remove = (ids: Iterable<PartId>): Problem | null => {
    const top = topmost(this.session.document.get(), ids).map(({ id }) => id);
    return this.#send(
      'parts.delete',
      slices(top).map((slice) => ({ ids: slice })),
    );
  };

  place = (ids: Iterable<PartId>, place: DropPlace): Problem | null =>
    this.#send('part.place', placeParts(this.session.document.get(), ids, place) ?? []);

  /** Copies stand beside their originals. Returns the ids of the copies. */
  duplicate = (ids: Iterable<PartId>): { copies: PartId[]; problem: Problem | null } => {
    const document = this.session.document.get();
    const roots = topmost(document, ids);
    const copies: Part[] = [];
    const renamed = new Map<PartId, PartId>();
    for (const root of roots)
      for (const part of subtreeOf(document, root.id)) {
        const id = PartId.parse(newId());
        renamed.set(part.id, id);
        const isRoot = part.id === root.id;
        const parent = isRoot ? part.parent : renamed.get(part.parent!)!;
        copies.push({ ...part, id, parent, ...(isRoot ? { poseInParent: beside(part) } : {}) });
      }
    const problem = this.#send(
      'parts.add',
      slices(copies).map((parts) => ({ parts })),
    );
    return { copies: roots.map(({ id }) => renamed.get(id)!), problem };
  };

  addParametric = (
    kind: ParametricKind,
    name: string,
    parent: PartId | null,
  ): { id: PartId; problem: Problem | null } => {
    const shape = initialShape(kind);
    const document = this.session.document.get();
    const { max } = shapeBounds(shape);
    const inRoom: Pose = { position: freeSpot(document, max[0], max[1]), rotation: [0, 0, 0, 1] };
    const groupInRoom = parent === null ? IDENTITY_POSE : poseInRoom(document, parent);
    const part = this.#newPart(name, parent, { shape, poseInParent: poseInFrame(groupInRoom, inRoom) });
    return { id: part.id, problem: this.#send('parts.add', [{ parts: [part] }]) };
  };

  /** A new group; with parts it takes their place in the tree and holds them, and they stay where they stand. */
  group = (name: string, ids: Iterable<PartId>): { id: PartId; problem: Problem | null } => {
    const document = this.session.document.get();
    const members = topmost(document, ids);
    const first = members[0];
    const group = this.#newPart(name, first?.parent ?? null, { shape: null, poseInParent: IDENTITY_POSE });
    const gesture = newId();
    const problem = this.#send('parts.add', [{ parts: [first ? { ...group, order: first.order } : group] }], gesture);
    if (problem || !first) return { id: group.id, problem };
    const places = placeParts(
      this.session.document.get(),
      members.map(({ id }) => id),
      {
        target: group.id,
        where: 'inside',
      },
    );
    return { id: group.id, problem: this.#send('part.place', places ?? [], gesture) };
  };

  /** Puts what is in a group where the group was, and deletes the group. */
  ungroup = (id: PartId): Problem | null => {
    const document = this.session.document.get();
    const members = subtreeOf(document, id).filter(({ parent }) => parent === id);
    const gesture = newId();
    const places = placeParts(
      document,
      members.map((part) => part.id),
      { target: id, where: 'after' },
    );
    return this.#send('part.place', places ?? [], gesture) ?? this.#send('parts.delete', [{ ids: [id] }], gesture);
  };

  #newPart(name: string, parent: PartId | null, rest: Pick<Part, 'shape' | 'poseInParent'>): Part {
    const document = this.session.document.get();
    const group = parent !== null && partOf(document, parent)?.shape === null ? parent : null;
    const order = orderAtEnd(document, group);
    return {
      id: PartId.parse(newId()),
      parent: group,
      name,
      order,
      hidden: false,
      material: DEFAULT_MATERIAL,
      ...rest,
    };
  }

  #send<T extends DesignOpType>(type: T, payloads: readonly DesignPayload<T>[], gesture?: string): Problem | null {
    const group = gesture ?? (payloads.length > 1 ? newId() : undefined);
    for (const payload of payloads) {
      const outcome = this.session.submit(type, payload, group ? { group: OpId.parse(group) } : {});
      if ('problem' in outcome) return outcome.problem;
    }
    return null;
  }
}

function slices<T>(list: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < list.length; at += MAX_PARTS_PER_OP) result.push(list.slice(at, at + MAX_PARTS_PER_OP));
  return result;
}

/** On the floor: in the middle of an empty room, else to the right of everything. The part's origin is its middle. */
function freeSpot(document: Document, halfWidthM: number, halfHeightM: number): Vec3 {
  const bounds = boundsInRoom(document, partsOf(document).keys());
  return [bounds ? bounds.max[0] + 5 * COPY_GAP_M + halfWidthM : 0, halfHeightM, 0];
}

function beside(part: Part): Pose {
  const width = part.shape ? widthInParent(shapeBounds(part.shape), part.poseInParent) : COPY_GAP_M * 10;
  const [x, y, z] = part.poseInParent.position;
  return { ...part.poseInParent, position: [x + width + COPY_GAP_M, y, z] };
}

/** How far a turned box reaches along the X of its group, m. */
function widthInParent({ min, max }: ReturnType<typeof shapeBounds>, { rotation }: Pose): number {
  const axes: readonly Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return axes.reduce((sum, axis, k) => sum + Math.abs(rotateVec3(rotation, axis)[0]) * (max[k]! - min[k]!), 0);
}
