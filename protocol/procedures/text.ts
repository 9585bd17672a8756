import { z } from 'zod';

/** BCP 47: `en`, `zh`, `pt-BR`. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language is a BCP 47 tag such as en');

/**
 * What people read or hear, by language. A draft may lack any of them; `check` tells: the procedure's first language
 * must be there before release.
 */
export const Text = z.record(Language, z.string().max(5000));
export type Text = z.infer<typeof Text>;

/**
 * The text in the language asked for, else in its base language (`pt` for `pt-BR`), else in the default language, else in
 * any. What is empty is not written: somebody began a translation and took it back.
 */
export function textIn(text: Text, language: string, defaultLanguage: string): string {
  const wishes = [text[language], text[language.split('-')[0]!], text[defaultLanguage], ...Object.values(text)];
  return wishes.find((words) => words !== undefined && words.trim() !== '') ?? '';
}

/**
 * Of the languages that a procedure has (the first is its default), the one for somebody who reads `wishes`, dearest
 * first: as it is, else in its base language (`de` for `de-DE`) or in another of its regions. None of them: the default.
 */
export function languageFor(languages: readonly string[], wishes: readonly string[]): string {
  const baseOf = (tag: string) => tag.split('-')[0]!.toLowerCase();
  for (const wish of wishes) {
    const found =
      languages.find((tag) => tag.toLowerCase() === wish.toLowerCase()) ??
      languages.find((tag) => tag === baseOf(wish)) ??
      languages.find((tag) => baseOf(tag) === baseOf(wish));
    if (found) return found;
  }
  return languages[0] ?? 'en';
}
