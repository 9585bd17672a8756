import { Textarea, TextInput } from '@mantine/core';
import { LANGUAGE_NAMES } from '../../../ui/index.ts';
import type { Text } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import css from './steps-view.module.css';

export const languageName = (language: string): string =>
  (LANGUAGE_NAMES as Record<string, string>)[language] ??
  new Intl.DisplayNames([language], { type: 'language' }).of(language) ??
  language;

interface Props {
  readonly label: string;
  readonly value: Text;
  readonly onChange: (text: Text) => void;
  readonly isLong?: boolean;
}

/** One text, in all languages of the procedure side by side. */
export function TextFields({ label, value, onChange, isLong }: Props) {
  const { procedure, mayEdit } = useEditor();
  const Field = isLong ? Textarea : TextInput;
  return (
    <div className={css['languages']}>
      {procedure.languages.map((language) => (
        <Field
          key={language}
          label={procedure.languages.length > 1 ? `${label} · ${languageName(language)}` : label}
          lang={language}
          value={value[language] ?? ''}
          readOnly={!mayEdit}
          {...(isLong ? { autosize: true, minRows: 2 } : {})}
          onChange={({ currentTarget: { value: words } }) => {
            const { [language]: _, ...others } = value;
            onChange(words === '' ? others : { ...value, [language]: words });
          }}
        />
      ))}
    </div>
  );
}
