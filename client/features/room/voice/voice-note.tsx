import { CloseButton } from '@mantine/core';
import { IconEar, IconMessageUser, IconMicrophoneOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { problemText } from '../../../ui/index.ts';
import { useReadable, useLine } from '../room-context.tsx';
import { voiceStrings } from './strings.ts';
import { TROUBLES } from './voice-button.tsx';
import css from './voice.module.css';

/** What stands between a person and being heard, or hearing: with the way out of it. */
export function VoiceNote() {
  const t = voiceStrings.useText();
  const { session, voice } = useLine();
  const roster = useReadable(session.participants);
  const { state, problem, isAsleep } = useReadable(voice.status);
  const others = useReadable(voice.others);
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => setIsSeen(false), [state, problem]);
  if (isAsleep && state !== 'off' && [...others.values()].some(({ mic }) => mic === 'open'))
    return (
      <div className={css['note']} role="status">
        <IconEar size={18} stroke={1.7} aria-hidden />
        <p>{t('asleep')}</p>
      </div>
    );
  const alone = roster.filter((one) => others.get(one.session)?.isToMe);
  if (alone.length > 0)
    return (
      <div className={css['note']} role="status">
        <IconMessageUser size={18} stroke={1.7} aria-hidden />
        <p>{t('toYouAlone', { name: alone.map(({ name }) => name).join(', ') })}</p>
      </div>
    );
  // A hall without voice says so on its button.
  const isTold = TROUBLES.includes(state) || (problem !== null && problem.key !== 'off');
  if (!isTold || isSeen) return null;
  const said = problem ? problemText(problem) : { message: t(`state_${state}`), next: t(`next_${state}`) };
  return (
    <div className={css['note']} role="status">
      <IconMicrophoneOff size={18} stroke={1.7} aria-hidden />
      <div>
        <p>{said.message}</p>
        <p>{said.next}</p>
      </div>
      <CloseButton size="sm" aria-label={t('close')} onClick={() => setIsSeen(true)} />
    </div>
  );
}
