import { NativeSelect } from '@mantine/core';
import type { Procedure } from '#protocol/procedures/index';
import { readIn, useReadingLanguage } from './model/reading-language.ts';
import { procedureStrings } from './strings.ts';

/** In which of its languages a procedure is shown; nothing where there is no choice. */
export function ReadingLanguageChoice({ procedure }: { readonly procedure: Procedure }) {
  const t = procedureStrings.useText();
  const language = useReadingLanguage(procedure);
  if (procedure.languages.length < 2) return null;
  return (
    <NativeSelect
      size="xs"
      label={t('readingLanguage')}
      value={language}
      onChange={(event) => readIn(event.currentTarget.value)}
      data={procedure.languages.map((value) => ({ value, label: nameOf(value) }))}
    />
  );
}

/** As the language calls itself. */
function nameOf(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  } catch (thrown) {
    // A tag of the right shape that no registry knows.
    if (thrown instanceof RangeError) return language;
    throw thrown;
  }
}
