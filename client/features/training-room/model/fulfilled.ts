import {
  indexOf,
  isInRange,
  isWithin,
  placementError,
  type ActiveStep,
  type Leaf,
  type Procedure,
  type RunState,
} from '#protocol/procedures/index';

/** Whether a part of a step is done as it is now, for the tick beside it. The engine alone decides whether a step ends. */
export function isFulfilled(
  procedure: Procedure,
  { world, participants }: RunState,
  { seen }: ActiveStep,
  leaf: Leaf,
  path: string,
): boolean {
  const { things, controls } = indexOf(procedure);
  switch (leaf.kind) {
    case 'placed': {
      const [thing, placed] = [things.get(leaf.thing), world.placements[leaf.thing]];
      if (!thing || !placed) return false;
      const other = leaf.reference.kind === 'thing' ? (things.get(leaf.reference.thing) ?? null) : null;
      const error = placementError(leaf, thing, other, placed);
      return error !== null && isWithin(error, leaf);
    }
    case 'mounted':
      return leaf.things.every((thing) => world.mounted.includes(thing));
    case 'value': {
      const known = world.values[leaf.sensor];
      return !!known && isInRange(known.value, known.unit, leaf.range);
    }
    case 'control': {
      const set = world.controls[leaf.control];
      if (leaf.setting.kind === 'positions') return typeof set === 'string' && leaf.setting.positions.includes(set);
      const setting = controls.get(leaf.control)?.setting;
      return typeof set === 'number' && setting?.kind === 'number' && isInRange(set, setting.unit, leaf.setting.range);
    }
    case 'worn':
      return participants.some(({ id }) => leaf.things.every((thing) => world.worn[id]?.includes(thing)));
    case 'checklist':
      return leaf.items.every(({ id }) => seen.includes(`#${id}`));
    default:
      return seen.includes(path);
  }
}
