import { DEFAULT_MATERIAL, type Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Procedure, Thing } from '#protocol/procedures/index';
import { IDENTITY_POSE } from '#protocol/spatial/index';
import { UNKNOWN_BOX } from '../model/workplace.ts';

/** The things of a procedure as parts that the scene can draw. */
export interface ThingParts {
  /** Whatever is above comes first. */
  readonly parts: readonly Part[];
  /** The part at the top that is the thing. */
  readonly rootOf: ReadonlyMap<string, PartId>;
  readonly thingOf: ReadonlyMap<PartId, string>;
}

/**
 * Each thing with its part of the design and all below it, as a part of its own at the top: things move one by one,
 * whatever group they stand in. What the design does not have is a plain box. Machines are drawn elsewhere.
 */
export function partsOfThings(procedure: Procedure, design: ReadonlyMap<string, Part>): ThingParts {
  const below = new Map<string, Part[]>();
  for (const part of design.values())
    if (part.parent !== null) below.set(part.parent, [...(below.get(part.parent) ?? []), part]);
  const parts: Part[] = [];
  const rootOf = new Map<string, PartId>();
  const thingOf = new Map<PartId, string>();
  const wanted = procedure.workplace.things.filter(isDrawn);
  const roots = new Set(wanted.map(({ part }) => part));
  const take = (part: Part, thing: string) => {
    parts.push(part);
    thingOf.set(part.id, thing);
    for (const child of below.get(part.id) ?? []) if (!roots.has(child.id)) take(child, thing);
  };
  for (const thing of wanted) {
    const found = thing.part === null ? undefined : design.get(thing.part);
    const root = found && !thingOf.has(found.id) ? found : plainBox(thing);
    rootOf.set(thing.id, root.id);
    take({ ...root, parent: null, poseInParent: IDENTITY_POSE, hidden: false }, thing.id);
  }
  return { parts, rootOf, thingOf };
}

const isDrawn = ({ kind, part }: Thing): boolean => kind !== 'protection' && (kind !== 'equipment' || part !== null);

function plainBox(thing: Thing): Part {
  const [x, y, z] = [0, 1, 2].map((axis) => UNKNOWN_BOX.max[axis]! - UNKNOWN_BOX.min[axis]!) as [
    number,
    number,
    number,
  ];
  return {
    id: `thing-${thing.id}` as PartId,
    parent: null,
    name: thing.id,
    order: 'a0',
    poseInParent: IDENTITY_POSE,
    hidden: false,
    material: DEFAULT_MATERIAL,
    shape: { kind: 'box', dimensions: { widthM: x, heightM: y, depthM: z } },
  };
}
