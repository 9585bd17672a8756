import { check, type Procedure, type Workplace } from '#protocol/procedures/index';

export type WorkplaceList = Exclude<keyof Workplace, 'media'> | 'variables';
export type EntryOf<L extends WorkplaceList> = L extends keyof Workplace
  ? Workplace[L][number]
  : Procedure['variables'][number];

export const entriesOf = <L extends WorkplaceList>(procedure: Procedure, list: L): readonly EntryOf<L>[] =>
  (list === 'variables'
    ? procedure.variables
    : procedure.workplace[list as keyof Workplace]) as unknown as readonly EntryOf<L>[];

export function withEntry<L extends WorkplaceList>(procedure: Procedure, list: L, entry: EntryOf<L>): Procedure {
  return withEntries(
    procedure,
    list,
    entriesOf(procedure, list).map((one) => (one.id === entry.id ? entry : one)),
  );
}

/**
 * Without it, or the steps that need it: nothing is taken away under a step. The check knows every reference, so what it
 * finds without the entry, and did not before, is where it is used. Null in the list: outside of the steps.
 */
export function withoutEntry<L extends WorkplaceList>(
  procedure: Procedure,
  list: L,
  id: string,
): { readonly procedure: Procedure } | { readonly usedIn: readonly (string | null)[] } {
  const without = withEntries(
    procedure,
    list,
    entriesOf(procedure, list).filter((one) => one.id !== id),
  );
  const keyOf = ({ key, where, facts }: ReturnType<typeof check>[number]) => JSON.stringify([key, where, facts]);
  const before = new Set(check(procedure).map(keyOf));
  const news = check(without).filter((one) => one.severity === 'error' && !before.has(keyOf(one)));
  return news.length === 0
    ? { procedure: without }
    : { usedIn: [...new Set(news.map(({ where }) => where.step ?? null))] };
}

function withEntries<L extends WorkplaceList>(
  procedure: Procedure,
  list: L,
  entries: readonly EntryOf<L>[],
): Procedure {
  return list === 'variables'
    ? { ...procedure, variables: [...entries] as Procedure['variables'] }
    : { ...procedure, workplace: { ...procedure.workplace, [list]: entries } };
}
