import { z } from 'zod';

/** BCP 47: `en`, `zh`, `pt-BR`. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language is a BCP 47 tag such as en');

/**
 * What people read or hear, by language. A draft may lack any of them; `check` tells: the procedure's first language
 * must be there before release.
 */
export const Text = z.record(Language, z.string().max(5000));
export type Text = z.infer<typeof Text>;

/** The text in the language asked for, else in its base language (`pt` for `pt-BR`), else in the default language. */
export function textIn(text: Text, language: string, defaultLanguage: string): string {
  return text[language] ?? text[language.split('-')[0]!] ?? text[defaultLanguage] ?? Object.values(text)[0] ?? '';
}
