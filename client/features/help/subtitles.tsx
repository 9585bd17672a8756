import { IconBadgeCc } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { currentLanguage } from '../../ui/index.ts';
import { LiveWords, type Voice } from '../../voice/index.ts';
import { useReadable } from '../room/room-context.tsx';
import type { HelpCall } from './model/help-call.ts';
import { helpStrings } from './strings.ts';
import { Tool } from './tool.tsx';

/** One line of the journal takes no more. */
const MOST_KEPT = 2000;

/** What is said in the call that goes on; null: there is none. The journal keeps it, so each call asks anew who wants that. */
export function useCallWords(
  session: GuidanceSession,
  help: HelpCall,
  voice: Voice,
  isGoing: boolean,
): LiveWords | null {
  const [words, setWords] = useState<LiveWords | null>(null);
  useEffect(() => {
    if (!isGoing) return undefined;
    const onFinal = (text: string, language: string) => void help.say(text.slice(0, MOST_KEPT), language, 'spoken');
    const made = new LiveWords(session, voice.status, currentLanguage, { keptAs: null, onFinal });
    setWords(made);
    return () => {
      made.dispose();
      setWords(null);
    };
  }, [session, help, voice, isGoing]);
  return words;
}

/** Lets what I say be written down and kept, for as long as this stands there. */
export function SubtitlesTool({ words }: { readonly words: LiveWords }) {
  const t = helpStrings.useText();
  const isOn = useReadable(words.isWritten);
  useEffect(() => () => words.setWritten(false), [words]);
  return (
    <Tool
      label={LiveWords.isPossible ? `${t('subtitles')}: ${t('subtitlesOn')}` : t('subtitlesMissing')}
      onClick={() => words.setWritten(!isOn)}
      Icon={IconBadgeCc}
      isOn={isOn}
      disabled={!LiveWords.isPossible}
    />
  );
}
