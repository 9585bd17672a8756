import { equalData, rowKey, type Change } from '#protocol/document/index';
import { problem, type Problem } from '#protocol/errors';
import type { Author, Op } from '#protocol/journal/index';
import type { Pending } from './pending-ops.ts';

/** An entry of somebody else that came while ops of mine were waiting. */
export interface Foreign {
  readonly author: Author;
  /** When it was made, ms since 1970 by the server's clock. */
  readonly at: number;
  readonly changes: readonly Change[];
}

/** An op of mine that is older than what it will replace. */
export interface Overtaken {
  readonly op: Op;
  /** When I made it, ms since 1970 by the server's clock. */
  readonly at: number;
  readonly by: string;
}

/**
 * Which of my waiting ops are older than a change of somebody else in the same field of the same row, and say something
 * else: applied in the order of arrival they replace what is newer, and nobody would notice. `touching` finds the ops
 * that read or write a row.
 */
export function overtakenOps(
  { author, at, changes }: Foreign,
  touching: (key: string) => Iterable<Pending>,
): readonly Overtaken[] {
  const found: Overtaken[] = [];
  for (const theirs of changes)
    for (const pending of touching(rowKey(theirs.table, theirs.id))) {
      if (pending.at >= at) continue;
      const mine = pending.effect.changes.find(({ table, id }) => table === theirs.table && id === theirs.id);
      if (mine && differs(mine, theirs)) found.push({ op: pending.op, at: pending.at, by: author.name });
    }
  return found;
}

/** Both change a field, each to another value. What one of them adds or deletes is no quiet replacement. */
function differs(mine: Change, theirs: Change): boolean {
  const [own, other] = [changedFields(mine), changedFields(theirs)];
  return [...own].some(([name, value]) => other.has(name) && !equalData(value, other.get(name)));
}

function changedFields({ before, after }: Change): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  if (!before || !after) return fields;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!equalData(before[name], after[name])) fields.set(name, after[name]);
  return fields;
}

/** Whether what is told of an op is that it was taken, and stands in the place of something newer. */
export const isReplacement = ({ problem: told }: { readonly problem: Problem }): boolean =>
  told.key === 'replaced_newer';

export const replacedNewer = (by: string): Problem =>
  problem('room', 'replaced_newer', 'Your change was older than one by somebody else, and has replaced it.', {
    facts: { by },
    next: 'Look at it together; undo yours if theirs was right.',
  });
