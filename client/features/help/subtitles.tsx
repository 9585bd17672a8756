import { IconBadgeCc } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { Dictation, type Voice } from '../../voice/index.ts';
import { currentLanguage } from '../../ui/index.ts';
import { useReadable } from '../room/room-context.tsx';
import css from './help.module.css';
import type { HelpCall } from './model/help-call.ts';
import { helpStrings } from './strings.ts';
import { Tool } from './tool.tsx';

/** What was said last stays so long, ms. */
const SHOWN_MS = 6_000;

interface Props {
  readonly session: GuidanceSession;
  readonly help: HelpCall;
  readonly voice: Voice;
}

/** What others say just now, in writing; and the switch with which I let what I say be written down and kept. */
export function Subtitles({ session, help, voice }: Props) {
  const t = helpStrings.useText();
  const [isOn, setOn] = useState(false);
  const { state } = useReadable(voice.status);
  const roster = useReadable(session.participants);
  const [said, setSaid] = useState<{ from: string; text: string; language: string } | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = session.voice.on((heard) => {
      if (heard.type !== 'words') return;
      clearTimeout(timer);
      setSaid(heard.message);
      timer = setTimeout(() => setSaid(null), SHOWN_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [session]);
  const isTalking = state === 'talking';
  useEffect(() => {
    if (!isOn || !isTalking) return undefined;
    const language = currentLanguage();
    const dictation = new Dictation(language, (text, isFinal) => {
      session.voice.tell('words', { text: text.slice(0, 500), language, isFinal });
      if (isFinal) help.say(text.slice(0, 2000), language, 'spoken');
    });
    dictation.start();
    return () => dictation.stop();
  }, [isOn, isTalking, session, help]);
  const name = roster.find((one) => one.session === said?.from)?.name;
  return (
    <>
      <Tool
        label={Dictation.isPossible ? `${t('subtitles')}: ${t('subtitlesOn')}` : t('subtitlesMissing')}
        onClick={() => setOn(!isOn)}
        Icon={IconBadgeCc}
        isOn={isOn}
        disabled={!Dictation.isPossible}
      />
      {said && (
        <p className={css['subtitle']} lang={said.language} role="status">
          {name && <b>{name}: </b>}
          {said.text}
        </p>
      )}
    </>
  );
}
