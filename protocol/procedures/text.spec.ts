import { expect, it } from 'vitest';
import { languageFor, textIn } from './text.ts';

it('a procedure is read in the first of the reader’s languages that it has, by region or without', () => {
  expect(languageFor(['en', 'de'], ['de-DE', 'en'])).toBe('de');
  expect(languageFor(['en', 'pt-BR', 'pt'], ['pt-BR'])).toBe('pt-BR');
  expect(languageFor(['en', 'pt-BR'], ['pt-PT', 'en'])).toBe('pt-BR');
  // What comes first in the list of wishes wins, in whatever order the author wrote.
  expect(languageFor(['en', 'de', 'zh'], ['fr-FR', 'zh-CN', 'de'])).toBe('zh');
});

it('who reads none of its languages gets the one that it was written in', () => {
  expect(languageFor(['de', 'en'], ['fr'])).toBe('de');
  expect(languageFor(['de', 'en'], [])).toBe('de');
});

it('what is not translated, or only begun to be, is read in the language that it was written in', () => {
  const title = { en: 'Fit the cover', zh: '' };
  expect(textIn(title, 'zh', 'en')).toBe('Fit the cover');
  expect(textIn({ ...title, zh: '安装端盖' }, 'zh-CN', 'en')).toBe('安装端盖');
  expect(textIn({ de: 'Deckel' }, 'zh', 'en')).toBe('Deckel');
  expect(textIn({ en: ' ' }, 'zh', 'en')).toBe('');
});
