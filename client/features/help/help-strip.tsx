import { Button, Drawer, Modal, Textarea } from '@mantine/core';
import {
  IconEraser,
  IconHeadset,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconUserPlus,
} from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { expertsIn, ringingIn, type CallRow } from '#protocol/guidance/index';
import type { RoomInfo } from '#protocol/api/index';
import type { CameraStanding } from '#protocol/room/index';
import { CallMedia } from '../../call/index.ts';
import type { Voice } from '../../voice/index.ts';
import { PersonDot } from '../../ui/index.ts';
import { useReadable } from '../room/room-context.tsx';
import { LiveSubtitle } from '../room/voice/live-subtitle.tsx';
import { ChatPanel } from './chat-panel.tsx';
import { helpIn } from './help-in.ts';
import css from './help.module.css';
import { RecordingBar } from './recording-bar.tsx';
import { RecordingList } from './recording-list.tsx';
import { RecordingConsent } from './recording-consent.tsx';
import { RingDialog } from './ring-dialog.tsx';
import { helpStrings } from './strings.ts';
import { SubtitlesTool, useCallWords } from './subtitles.tsx';
import { TARGET_PX, Tool } from './tool.tsx';

interface Props {
  readonly session: GuidanceSession;
  readonly voice: Voice;
  readonly info: RoomInfo;
  /** What the engineer's camera sees; null while there is none. It is sent while somebody helps, and at no other time. */
  readonly stream: MediaStream | null;
  /** Why there is none. */
  readonly standing: CameraStanding;
}

/** Help, as the engineer has it: call, who speaks, mute, chat, end. One row, at the rim of whatever else is shown. */
export function HelpStrip({ session, voice, info, stream, standing }: Props) {
  const t = helpStrings.useText();
  const help = helpIn(session);
  const { call, marks, last, lines, recordings } = useReadable(help.now);
  const isPast = lines.length + recordings.length > 0;
  const [isAsking, setAsking] = useState(false);
  const [isChatting, setChatting] = useState(false);
  const [isEnding, setEnding] = useState(false);
  const [media, setMedia] = useState<CallMedia | null>(null);
  useEffect(() => {
    const made = new CallMedia(session, voice);
    setMedia(made);
    return () => made.dispose();
  }, [session, voice]);
  useEffect(() => media?.offer(stream, standing), [media, stream, standing]);
  useEffect(() => {
    if (!media || !new URLSearchParams(location.search).has('test')) return;
    const test = ((window as { __workhall?: object }).__workhall ??= {});
    Object.assign(test, { help, media, voice });
  }, [help, media, voice]);
  const words = useCallWords(session, help, voice, call?.status === 'going');
  const isCalling = call !== null;
  // Opened to call; when nobody is called or spoken with any more, nobody listens.
  useEffect(() => (isCalling ? () => voice.letGo() : undefined), [isCalling, voice]);
  const except = useMemo(() => new Set<string>([help.me, ...openRings(call)]), [help, call]);
  if (!help.isCrew) return null;
  return (
    <section className={css['strip']} aria-label={t('help')}>
      {!call && (
        <Button variant="default" size="md" h={TARGET_PX} aria-label={t('call')} onClick={() => setAsking(true)}>
          <IconHeadset size={20} aria-hidden />
          <span className={css['idle']}>{t('call')}</span>
        </Button>
      )}
      {!call && isPast && <Tool label={t('chat')} onClick={() => setChatting(true)} Icon={IconMessage} />}
      {!call && last?.how === null && <span className={css['dim']}>{t('unanswered')}</span>}
      {call?.status === 'ringing' && <Rings call={call} onCancel={() => help.cancel()} />}
      {call?.status === 'going' && (
        <>
          <Present call={call} session={session} voice={voice} />
          {media && <MediaMark media={media} standing={standing} />}
          <Mute voice={voice} />
          <Tool label={t('end')} onClick={() => setEnding(true)} Icon={IconPhoneOff} color="red" />
          <Tool label={t('chat')} onClick={() => setChatting(true)} Icon={IconMessage} />
          {words && <SubtitlesTool words={words} />}
          {marks.length > 0 && (
            <Tool label={t('wipe')} onClick={() => help.removeMarks(marks.map(({ id }) => id))} Icon={IconEraser} />
          )}
          <Tool label={t('more')} onClick={() => setAsking(true)} Icon={IconUserPlus} />
          <RecordingBar room={info.id} help={help} session={session} voice={voice} stream={stream} />
          <RecordingConsent help={help} />
          <div className={css['said']}>{words && <LiveSubtitle words={words} />}</div>
        </>
      )}
      {isAsking && info.project && (
        <RingDialog
          project={info.project}
          except={except}
          onClose={() => setAsking(false)}
          onRing={({ to, how, escalateAfterS, text }) => {
            // Asked for while the person touches the page, or no browser gives the microphone.
            void voice.speak();
            const people = to.map(({ person, name }) => ({ id: person, name }));
            if (help.ring(people, how, escalateAfterS, text)) setAsking(false);
            else if (!call) voice.letGo();
          }}
        />
      )}
      <Drawer opened={isChatting} onClose={() => setChatting(false)} position="right" title={t('chat')} size="sm">
        <div style={{ display: 'grid', gridTemplateRows: 'minmax(0, 1fr) auto', height: 'calc(100dvh - 90px)' }}>
          <ChatPanel room={info.id} help={help} maySpeak={call?.status === 'going'} />
          {!call && <RecordingList room={info.id} help={help} />}
        </div>
      </Drawer>
      {isEnding && <EndDialog onEnd={(outcome) => help.end(outcome)} onClose={() => setEnding(false)} />}
    </section>
  );
}

const OPEN: ReadonlySet<string> = new Set(['waiting', 'ringing', 'accepted']);
/** Who is rung, or has come. */
export const openRings = (call: CallRow | null): string[] =>
  call?.rings.flatMap(({ state, person }) => (OPEN.has(state) ? [person] : [])) ?? [];

function Rings({ call, onCancel }: { call: CallRow; onCancel: () => void }) {
  const t = helpStrings.useText();
  const ringing = ringingIn(call);
  const done = call.rings.filter(({ state }) => state !== 'ringing' && state !== 'waiting');
  return (
    <>
      <span className={css['who']} role="status">
        {t('ringing', { names: ringing.map(({ name }) => name).join(', ') || '…' })}
      </span>
      {done.map(({ person, name, state }) => (
        <span key={person} className={css['dim']}>
          {name}: {t(`ring_${state}`)}
        </span>
      ))}
      <Button size="md" h={TARGET_PX} color="red" variant="light" onClick={onCancel}>
        {t('cancel')}
      </Button>
    </>
  );
}

export function Present({ call, session, voice }: { call: CallRow; session: GuidanceSession; voice: Voice }) {
  const t = helpStrings.useText();
  const roster = useReadable(session.participants);
  const others = useReadable(voice.others);
  const experts = expertsIn(call).filter(({ id }) => id !== session.me.user);
  const speaking = roster.filter((one) => others.get(one.session)?.isSpeaking).map(({ name }) => name);
  const names = experts.map(({ name }) => name).join(', ') || call.name;
  return (
    <span className={css['who']} role="status">
      {experts.map(({ id, name }) => (
        <PersonDot key={id} name={name} user={id} size={26} hasTooltip={false} />
      ))}
      <span className={css['whoName']}>
        {speaking.length > 0 ? t('speaking', { name: speaking.join(', ') }) : t('inCall', { names })}
      </span>
    </span>
  );
}

function MediaMark({ media, standing }: { media: CallMedia; standing: CameraStanding }) {
  const t = helpStrings.useText();
  const { mode } = useReadable(media.sending);
  const why = mode === 'none' && standing !== 'on' ? (`standing_${standing}` as const) : (`media_${mode}` as const);
  return <span className={css['dim']}>{t(why)}</span>;
}

function Mute({ voice }: { voice: Voice }) {
  const t = helpStrings.useText();
  const { state } = useReadable(voice.status);
  const isTalking = state === 'talking';
  const Icon = isTalking ? IconMicrophone : IconMicrophoneOff;
  return <Tool label={isTalking ? t('mute') : t('unmute')} onClick={() => void voice.toggle()} Icon={Icon} />;
}

export function EndDialog({ onEnd, onClose }: { onEnd: (outcome: string) => void; onClose: () => void }) {
  const t = helpStrings.useText();
  const [outcome, setOutcome] = useState('');
  return (
    <Modal opened onClose={onClose} title={t('endTitle')} centered>
      <Textarea
        aria-label={t('endTitle')}
        description={t('endHint')}
        value={outcome}
        maxLength={2000}
        autosize
        minRows={3}
        data-autofocus
        onChange={(event) => setOutcome(event.currentTarget.value)}
      />
      <Button
        mt="md"
        size="md"
        color="red"
        fullWidth
        onClick={() => {
          onEnd(outcome.trim());
          onClose();
        }}
      >
        {t('end')}
      </Button>
    </Modal>
  );
}
