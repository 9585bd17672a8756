import type { Command } from './commands.ts';

/** What people say, by language: short words that are told apart in a noisy place. */
export const SPOKEN: Readonly<Record<'en' | 'zh', Readonly<Record<Command, readonly string[]>>>> = {
  en: {
    next: ['next', 'done', 'okay', 'ok', 'confirm', 'continue'],
    again: ['repeat', 'say again', 'again', 'read it'],
    overview: ['overview', 'all steps', 'show steps'],
    photo: ['photo', 'picture', 'take a photo'],
    help: ['help', 'call expert', 'call help'],
    pause: ['pause', 'stop work'],
  },
  zh: {
    next: ['下一步', '完成', '好了', '确认', '继续'],
    again: ['重复', '再说一遍', '再念一遍'],
    overview: ['总览', '全部步骤', '步骤列表'],
    photo: ['拍照', '照相'],
    help: ['帮助', '呼叫专家', '叫专家'],
    pause: ['暂停', '停一下'],
  },
};

/**
 * The command in what was heard; null: none, or talk that merely has such a word in it. English is compared by words, Chinese
 * by characters, because it has no spaces.
 */
export function commandIn(heard: string, language: 'en' | 'zh'): Command | null {
  const said = heard
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (said === '') return null;
  const compact = said.replaceAll(' ', '');
  for (const [command, phrases] of Object.entries(SPOKEN[language]) as [Command, readonly string[]][])
    for (const phrase of phrases) {
      if (
        language === 'zh'
          ? compact === phrase || (compact.length <= phrase.length + 2 && compact.includes(phrase))
          : isPhrase(said, phrase)
      )
        return command;
    }
  return null;
}

/** With at most one word beside it ("next step", "okay next"): more is a conversation. */
function isPhrase(said: string, phrase: string): boolean {
  if (said === phrase) return true;
  const [words, wanted] = [said.split(' '), phrase.split(' ')];
  if (words.length > wanted.length + 1) return false;
  return words.some((_, at) => wanted.every((word, i) => words[at + i] === word));
}
