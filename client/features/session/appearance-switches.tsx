import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { i18n, LANGUAGE_NAMES, LANGUAGES, setLanguage, type Language } from '../../ui/strings/language.ts';
import { shared } from '../../ui/strings/strings.ts';

export function LanguageSwitch() {
  const t = shared.useText();
  const { i18n: active } = useTranslation(undefined, { i18n, useSuspense: false });
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      value={active.language}
      onChange={(language) => void setLanguage(language as Language)}
      data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
    />
  );
}

export function ThemeSwitch() {
  const t = shared.useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('theme')}
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as 'light' | 'dark' | 'auto')}
      data={[
        { value: 'light', label: t('themeLight') },
        { value: 'dark', label: t('themeDark') },
        { value: 'auto', label: t('themeSystem') },
      ]}
    />
  );
}
