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
      data={LANGUAGES.map((value) => ({ value, label: value === 'zh' ? <ChineseName /> : LANGUAGE_NAMES[value] }))}
    />
  );
}

/** 中文, drawn: while English is on, the Chinese font is not loaded, and not every machine has one of its own. */
function ChineseName() {
  return (
    <svg
      width="26"
      height="12"
      viewBox="0 0 26 12"
      role="img"
      aria-label={LANGUAGE_NAMES.zh}
      style={{ display: 'block', margin: '3px auto' }}
    >
      <path
        d="M1.2 3.2H10.800V7.800H1.200ZM6 .6V11.600M19.500 .500L20 2M14 2.800H25.600M16.300 3C17 6.800 20 10.200 25.400 11.400M23.300 3C22.600 6.800 19.600 10.200 14.200 11.400"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
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
