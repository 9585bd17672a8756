import type { Procedure } from './procedure.ts';
import { textsOf, type PlacedText } from './texts.ts';

/** Of a text, in `outdated`. */
export const textKey = ({ step, path }: Pick<PlacedText, 'path'> & { readonly step: string | null }): string =>
  `${step ?? ''}/${path}`;

/** Whether a translation is older than its original, as far as somebody has written both here. */
export const isOutdated = ({ outdated }: Procedure, key: string, language: string): boolean =>
  outdated?.[language]?.includes(key) ?? false;

/**
 * What an edit does to translations: a text whose original (in the first language) changes while its translation stays
 * makes this older; whoever writes the translation makes it new again. Texts that are both new, as after an import or
 * where hints change places, are taken as they are.
 */
export function withOutdated(before: Procedure, after: Procedure): Procedure {
  const [first, ...others] = after.languages;
  if (others.length === 0 && !after.outdated) return after;
  if (before.languages[0] !== first) return without(after);
  const old = new Map([...textsOf(before)].map((one) => [textKey(one), one.text]));
  const found: Record<string, string[]> = {};
  for (const one of textsOf(after)) {
    const key = textKey(one);
    const was = old.get(key);
    if (!was) continue;
    const isChanged = (was[first!] ?? '').trim() !== (one.text[first!] ?? '').trim();
    for (const language of others) {
      const words = one.text[language]?.trim() ?? '';
      const isSame = words === (was[language]?.trim() ?? '');
      if (words !== '' && isSame && (isChanged || isOutdated(after, key, language))) (found[language] ??= []).push(key);
    }
  }
  return Object.keys(found).length === 0 ? without(after) : { ...after, outdated: found };
}

/** Somebody has looked: the translation says what the original says now. */
export function stillRight(procedure: Procedure, key: string, language: string): Procedure {
  const left = (procedure.outdated?.[language] ?? []).filter((one) => one !== key);
  const { [language]: _, ...others } = procedure.outdated ?? {};
  const outdated = left.length > 0 ? { ...others, [language]: left } : others;
  return Object.keys(outdated).length === 0 ? without(procedure) : { ...procedure, outdated };
}

function without(procedure: Procedure): Procedure {
  if (!procedure.outdated) return procedure;
  const { outdated: _, ...rest } = procedure;
  return rest;
}
