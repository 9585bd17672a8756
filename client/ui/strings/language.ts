import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', zh: '中文' };
const STORED_AS = 'workhall.language';

/** What somebody has chosen here; null: nobody has. */
export function chosenLanguage(): string | null {
  return typeof localStorage === 'undefined' ? null : localStorage.getItem(STORED_AS);
}

/** Chosen before, else the browser's, else English. */
function firstLanguage(): Language {
  const wish = chosenLanguage() ?? (typeof navigator === 'undefined' ? 'en' : navigator.language);
  return wish?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const i18n = createInstance();
void i18n.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'en',
  resources: {},
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false }, // React escapes
});

export const currentLanguage = (): Language => (i18n.language === 'zh' ? 'zh' : 'en');

/** The 10 MB of Chinese glyphs come in slices, and only when Chinese is on. */
async function applyLanguage(language: Language): Promise<void> {
  if (typeof document === 'undefined') return;
  document.documentElement.lang = language;
  if (language === 'zh') await import('@fontsource-variable/noto-sans-sc/index.css');
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED_AS, language);
  await Promise.all([i18n.changeLanguage(language), applyLanguage(language)]);
}

void applyLanguage(currentLanguage());
