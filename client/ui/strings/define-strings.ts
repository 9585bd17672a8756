import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { i18n } from './language.ts';

type Texts = Record<string, string>;
/** `parts_one` and `parts_other` are asked for as `parts` with a `count`. */
type Key<T> = keyof T extends infer K ? (K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K) : never;
/** Chinese has no singular form: `…_one` may be left out. */
type SameKeys<T> = { [K in keyof T as K extends `${string}_one` ? never : K]: string };
export type Values = Record<string, string | number>;
export type Text<K> = (key: K, values?: Values) => string;

export interface Strings<T extends Texts> {
  readonly namespace: string;
  readonly en: T;
  readonly zh: SameKeys<T>;
  /** In a component: translates, and renders again when the language changes. */
  readonly useText: () => Text<Key<T>>;
  /** Outside of components. */
  readonly text: Text<Key<T>>;
}

/**
 * The words of one feature in every language. Each feature has a `strings.ts` with one call; the texts travel in the
 * feature's own chunk. Values are written `{{name}}`.
 */
export function defineStrings<const T extends Texts>(namespace: string, texts: { en: T; zh: SameKeys<T> }): Strings<T> {
  i18n.addResourceBundle('en', namespace, texts.en, true, true);
  i18n.addResourceBundle('zh', namespace, texts.zh, true, true);
  const text: Text<Key<T>> = (key, values) => i18n.t(String(key), { ns: namespace, ...values });
  const useText = () => {
    const { i18n: active } = useTranslation(namespace, { i18n, useSuspense: false });
    const language = active.language;
    return useMemo(() => {
      const inLanguage = i18n.getFixedT(language, namespace);
      return ((key, values) => inLanguage(String(key), { ...values })) as Text<Key<T>>;
    }, [language]);
  };
  return { namespace, ...texts, useText, text };
}
