/** One line of a list to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What has its name in common with others of the list is told from them by a number, in the order in which they stand. */
export function numbered(choices: readonly Choice[]): Choice[] {
  const count = new Map<string, number>();
  for (const { label } of choices) count.set(label, (count.get(label) ?? 0) + 1);
  const given = new Map<string, number>();
  return choices.map(({ value, label }) => {
    if (count.get(label) === 1) return { value, label };
    const number = (given.get(label) ?? 0) + 1;
    given.set(label, number);
    return { value, label: `${label} · ${number}` };
  });
}

/** By name as people of the language look it up; M8 comes before M10. */
export function byName(choices: readonly Choice[], language: string): Choice[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return choices.toSorted((a, b) => compare(a.label, b.label));
}
