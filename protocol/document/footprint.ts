import type { Change } from './document.ts';

/**
 * What an op looks at and what it changes, as keys. Two ops whose footprints share no key give the same result in
 * either order, so a replica whose own ops are disjoint from what comes in need not apply them again. Too many keys
 * cost time, a missing one costs correctness: `client/net/replica.spec.ts` holds the replica that trusts them to one
 * that applies everything again.
 */
export interface Footprint {
  readonly keys: readonly string[];
  /** `adds` a step that its author can take back; `reads`: takes one back or again, so all earlier ones matter to it. */
  readonly history: 'untouched' | 'adds' | 'reads';
  /** Rows it may bring in; a document takes a limited number. */
  readonly adds: number;
}

/** One row of a table. */
export const rowKey = (table: string, id: string): string => `${table}/${id}`;

/** Which parts are in a group. */
export const childrenKey = (group: string): string => `in/${group}`;

/** The keys that changes write. */
export function writtenKeys(changes: readonly Change[]): string[] {
  const keys: string[] = [];
  for (const { table, id, before, after } of changes) {
    keys.push(rowKey(table, id));
    if (table !== 'parts') continue;
    const was = before?.['parent'] as string | null | undefined;
    const is = after?.['parent'] as string | null | undefined;
    if (was === is) continue;
    // Nothing depends on what stands at the top of the tree as a whole.
    if (was) keys.push(childrenKey(was));
    if (is) keys.push(childrenKey(is));
  }
  return keys;
}
