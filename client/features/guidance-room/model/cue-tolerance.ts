import type { Procedure, Thing } from '#protocol/procedures/index';
import type { Vec3 } from '#protocol/spatial/index';
import type { Box } from '../../training-room/model/workplace.ts';

/** Nothing is shown more finely than an eye at arm's length tells apart; nothing larger than a hand needs more, metres. */
const LEAST_M = 0.003;
const MOST_M = 0.05;

/**
 * How far off a cue at this thing may appear before it points at another one: half the way to the next of its kind where
 * there are several (screws, seals), else half of the thing itself. `centres`: middles of all things that are known, in the
 * product's frame.
 */
export function cueToleranceM(
  procedure: Procedure,
  thing: Thing,
  centres: ReadonlyMap<string, Vec3>,
  box: Box,
): number {
  const apartM = nearestAlikeM(procedure, thing, centres) ?? Infinity;
  // A fastener is looked for by its place, not by its size: a small screw far from others needs no finer overlay.
  const toleranceM = thing.kind === 'fastener' ? apartM / 2 : Math.min(sizeOf(box), apartM) / 2;
  return within(toleranceM);
}

const sizeOf = ({ min, max }: Box): number => Math.max(...[0, 1, 2].map((k) => max[k]! - min[k]!));
const within = (toleranceM: number): number => Math.min(MOST_M, Math.max(LEAST_M, toleranceM));

const isAlike = (a: Thing, b: Thing): boolean => a.kind === b.kind && (a.kind === 'fastener' || a.part === b.part);

/** At a control of a machine, among all of its controls by their middles: half the way to the next, or half of itself. */
export function controlToleranceM(control: string, centres: ReadonlyMap<string, Vec3>, box: Box): number {
  const own = centres.get(control);
  const apart = [...centres].flatMap(([id, at]) =>
    own && id !== control ? [Math.hypot(at[0] - own[0], at[1] - own[1], at[2] - own[2])] : [],
  );
  return within(Math.min(sizeOf(box), ...apart) / 2);
}

/** Null: there is no other like it, or nobody knows where they are. What lies in the same place is no other. */
function nearestAlikeM(procedure: Procedure, thing: Thing, centres: ReadonlyMap<string, Vec3>): number | null {
  const own = centres.get(thing.id);
  if (!own) return null;
  const apart = procedure.workplace.things
    .filter((other) => other.id !== thing.id && isAlike(thing, other) && centres.has(other.id))
    .map((other) => centres.get(other.id)!)
    .map((at) => Math.hypot(at[0] - own[0], at[1] - own[1], at[2] - own[2]))
    .filter((metres) => metres > 1e-4);
  return apart.length > 0 ? Math.min(...apart) : null;
}
