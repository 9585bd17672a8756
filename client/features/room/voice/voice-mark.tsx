import { Tooltip } from '@mantine/core';
import { IconHeadphones, IconMicrophone, IconMicrophoneOff, IconVolume } from '@tabler/icons-react';
import { useMemo, type CSSProperties, type ReactNode } from 'react';
import type { Participant } from '#protocol/room/index';
import type { Voices } from '../../../voice/index.ts';
import { useReadable, useLine } from '../room-context.tsx';
import { voiceStrings } from './strings.ts';
import css from './voice.module.css';

/** What a person does in the voice, me too; null: they are not in it. */
function useVoiceOf(session: string): Voices | null {
  const { session: room, voice } = useLine();
  const others = useReadable(voice.others);
  const own = useReadable(voice.own);
  const { state } = useReadable(voice.status);
  const mine = useMemo<Voices | null>(
    () =>
      state === 'off'
        ? null
        : { mic: state === 'talking' ? 'open' : state === 'muted' ? 'muted' : 'none', ...own, isToMe: false },
    [state, own],
  );
  return session === room.me.session ? mine : (others.get(session) ?? null);
}

/** A ring around somebody's dot while they speak. */
export function VoiceRing({ session, children }: { session: string; children: ReactNode }) {
  const of = useVoiceOf(session);
  return (
    <span
      className={css['ring']}
      data-speaking={of?.isSpeaking || undefined}
      style={{ '--level': of?.level ?? 0 } as CSSProperties}
    >
      {children}
    </span>
  );
}

const ICONS = { speaking: IconVolume, open: IconMicrophone, muted: IconMicrophoneOff, none: IconHeadphones };

/** Speaking, microphone on, muted or listening, as a small sign with its words. */
export function VoiceMark({ person }: { person: Participant }) {
  const t = voiceStrings.useText();
  const of = useVoiceOf(person.session);
  if (!of || !person.isConnected) return null;
  const kind = of.isSpeaking ? 'speaking' : of.mic;
  const label = t(`person_${kind}`, { name: person.name });
  const Icon = ICONS[kind];
  return (
    <Tooltip label={label}>
      <span role="img" aria-label={label} className={css['mark']} data-speaking={of.isSpeaking || undefined}>
        <Icon size={12} stroke={2} aria-hidden />
      </span>
    </Tooltip>
  );
}
