import { useTranslation } from 'react-i18next';
import { Store } from '#net/store';
import { languageFor, type Procedure } from '#protocol/procedures/index';
import { chosenLanguage, i18n } from '../../../ui/strings/language.ts';
import { useReadable } from '../../room/room-context.tsx';

const STORED_AS = 'workhall.procedure-language';

/** The language that somebody wants procedures in; null: whatever they read. Kept on this device. */
const wanted = new Store<string | null>(typeof localStorage === 'undefined' ? null : localStorage.getItem(STORED_AS));

export function readIn(language: string): void {
  localStorage.setItem(STORED_AS, language);
  wanted.set(language);
}

/** Dearest first: chosen for procedures, chosen for the page, what the browser says, what the page has come to. */
const wishesFor = (procedures: string | null, page: string | null, browser: readonly string[], shown: string) =>
  [procedures, page, ...browser, shown].filter((one) => one !== null);

/** The language that a procedure is shown and read aloud in here: it may have more of them than the page has. */
export function useReadingLanguage(procedure: Pick<Procedure, 'languages'> | null | undefined): string {
  const { i18n: active } = useTranslation(undefined, { i18n, useSuspense: false });
  const chosen = useReadable(wanted);
  const wishes = wishesFor(chosen, chosenLanguage(), navigator.languages, active.language);
  return procedure ? languageFor(procedure.languages, wishes) : active.language;
}
