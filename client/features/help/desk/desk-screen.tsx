import { ActionIcon, Button, Modal, Stack, Tabs, Text, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconDoorExit,
  IconFileText,
  IconLockOpen,
  IconPhoneOff,
  IconUserPlus,
} from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { GuidanceSession } from '#net/index';
import type { RoomInfo } from '#protocol/api/index';
import { holding, jobOf, jobState, type HelpSummary } from '#protocol/guidance/index';
import { indexOf, procedureIn } from '#protocol/procedures/index';
import type { CallMedia } from '../../../call/index.ts';
import { noticeProblem, useDocumentTitle } from '../../../ui/index.ts';
import { i18n } from '../../../ui/strings/language.ts';
import type { Voice } from '../../../voice/index.ts';
import { sayDeviation } from '../../guidance-room/model/said.ts';
import { guidanceRoomStrings } from '../../guidance-room/strings.ts';
import { Speaker } from '../../procedures/model/words.ts';
import { procedureStrings } from '../../procedures/strings.ts';
import { ConnectionBanner } from '../../room/layout/connection-banner.tsx';
import { useReadable } from '../../room/room-context.tsx';
import { LiveSubtitle } from '../../room/voice/live-subtitle.tsx';
import { useVoiceKeys } from '../../room/voice/use-voice-keys.ts';
import { VoiceButton } from '../../room/voice/voice-button.tsx';
import { VoiceNote } from '../../room/voice/voice-note.tsx';
import { ChatPanel } from '../chat-panel.tsx';
import { helpIn } from '../help-in.ts';
import { consentsOf } from '../model/consents.ts';
import { EndDialog, openRings, Present } from '../help-strip.tsx';
import css from '../help.module.css';
import { RecordingBar } from '../recording-bar.tsx';
import { RecordingConsent } from '../recording-consent.tsx';
import { RecordingList } from '../recording-list.tsx';
import { RingDialog } from '../ring-dialog.tsx';
import { helpStrings } from '../strings.ts';
import { SubtitlesTool, useCallWords } from '../subtitles.tsx';
import { TARGET_PX } from '../tool.tsx';
import { DeskStage } from './desk-stage.tsx';
import type { DeskView } from './desk-view.ts';
import { GiveForm } from './give-form.tsx';
import { HeldNotice } from './held-notice.tsx';
import { LivePicture } from './live-picture.tsx';
import { MarkBar } from './mark-bar.tsx';
import { UnlockForm } from './unlock-form.tsx';
import { XrDoor } from './xr/xr-door.tsx';

interface Props {
  readonly info: RoomInfo;
  readonly session: GuidanceSession;
  readonly voice: Voice;
  readonly media: CallMedia;
}

/** Product, picture, chat and tools; who was not called looks on. */
export function DeskScreen({ info, session, voice, media }: Props) {
  const t = helpStrings.useText();
  const authorWords = procedureStrings.useText();
  const roomWords = guidanceRoomStrings.useText();
  const { i18n: active } = useTranslation(undefined, { i18n, useSuspense: false });
  useDocumentTitle(`${t('desk')}: ${info.title}`);
  useVoiceKeys();
  useEffect(() => session.onReject((said) => noticeProblem(said)), [session]);
  const document = useReadable(session.document);
  const help = helpIn(session);
  const helpNow = useReadable(help.now);
  const { call, last } = helpNow;
  const [view, setView] = useState<DeskView | null>(null);
  const [opened, setOpened] = useState<'ring' | 'end' | 'give' | 'unlock' | null>(null);
  const close = () => setOpened(null);
  const job = jobOf(document) ?? null;
  const procedure = job && procedureIn(document, job.procedure);
  const state = useMemo(() => (job ? jobState(document, job) : null), [document, job]);
  const desk = useMemo(() => (procedure ? { procedure, state } : null), [procedure, state]);
  const say = useMemo(
    () => (procedure ? new Speaker(procedure, active.language, authorWords) : null),
    [procedure, active.language, authorWords],
  );
  // Who was called came here to speak: they have touched the page to accept.
  const isExpert = help.isExpert && call?.status === 'going';
  useEffect(() => {
    if (!isExpert) return undefined;
    void voice.speak();
    return () => voice.letGo();
  }, [isExpert, voice]);
  const isGoing = call?.status === 'going';
  const words = useCallWords(session, help, voice, isGoing);
  // Also of who only looked on and had something to say.
  useEffect(() => (isGoing ? () => voice.letGo() : undefined), [isGoing, voice]);
  useEffect(() => {
    if (view && new URLSearchParams(location.search).has('test'))
      Object.assign(window, { __workhall: { desk: view, session, help, media, voice } });
  }, [view, session, help, media, voice]);
  if (!desk || !say || !job) return <Text p="xl">{t('notAJob')}</Text>;
  const { steps } = indexOf(desk.procedure);
  const titleOf = (step: string): string => {
    const title = steps.get(step)?.step.title;
    return (title && say.text(title)) || step;
  };
  const running = (state?.active ?? []).flatMap(({ step, phase }) =>
    phase === 'active' ? [{ value: step as string, label: titleOf(step) }] : [],
  );
  const held = job.status === 'running' ? holding(document) : [];
  const { workplace } = desk.procedure;
  const things = workplace.things.map(({ id, name }) => ({ value: id as string, label: say.text(name) || id }));
  const now = {
    ...{ isExpert, running, things, crew: job.crew.map(({ name }) => name) },
    held: held.map((one) => sayDeviation(one, say, roomWords)),
    ...consentsOf(helpNow, help.me),
  };
  return (
    <div className={css['desk']}>
      <header className={css['header']}>
        <Tooltip label={t('back')}>
          <ActionIcon
            component={Link}
            to={info.project ? `/project/${info.project}` : '/'}
            variant="subtle"
            size={40}
            aria-label={t('back')}
          >
            <IconArrowLeft size={20} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <h1>{info.title}</h1>
        {call?.status === 'going' && <Present call={call} session={session} voice={voice} />}
        <RecordingConsent help={help} />
        <span className={css['spring']} />
        {view && <XrDoor {...{ view, session, help, media, voice }} room={info.id} now={now} />}
        {isExpert && (
          <>
            <Act label={t('give')} Icon={IconFileText} onClick={() => setOpened('give')} />
            {running.length > 0 && <Act label={t('unlock')} Icon={IconLockOpen} onClick={() => setOpened('unlock')} />}
            <Act label={t('more')} Icon={IconUserPlus} onClick={() => setOpened('ring')} />
            <RecordingBar room={info.id} help={help} session={session} voice={voice} stream={null} />
            <Worded label={t('leave')} Icon={IconDoorExit} onClick={() => help.leave()} />
            <Worded label={t('end')} Icon={IconPhoneOff} color="red" onClick={() => setOpened('end')} />
          </>
        )}
      </header>
      <DeskStage session={session} info={info} help={help} job={desk} onView={setView}>
        <div className={css['top']}>
          <ConnectionBanner />
          <section className={css['stepsNow']} aria-label={t('stepsNow')}>
            <span className={css['who']}>{t('stepsNow')}</span>
            <span>{running.map(({ label }) => label).join(t('comma')) || t(`job_${job.status}`)}</span>
          </section>
          {held.map((one) => (
            <HeldNotice key={one.id} deviation={one} project={info.project} {...{ document, say }} />
          ))}
          {!isExpert && <span className={css['chip']}>{t('notInCall')}</span>}
        </div>
        <div className={css['bar']}>
          {words && <LiveSubtitle words={words} />}
          {isExpert && view && <MarkBar view={view} help={help} things={things} />}
        </div>
      </DeskStage>
      <aside className={css['side']}>
        <LivePicture room={info.id} {...{ session, voice, help, media }} mayMark={isExpert} />
        <Tabs defaultValue="chat" className={css['panel']!}>
          <Tabs.List>
            <Tabs.Tab value="chat">{t('chat')}</Tabs.Tab>
            <Tabs.Tab value="marks">{t('marks')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="chat" pt="xs">
            {words && isExpert && <SubtitlesTool words={words} />}
            <ChatPanel room={info.id} help={help} maySpeak={isExpert} />
            {last?.summary && <Summary summary={last.summary} titleOf={titleOf} />}
            {call?.status !== 'going' && <RecordingList room={info.id} help={help} />}
            <VoiceNote />
            <VoiceButton />
          </Tabs.Panel>
          <Tabs.Panel value="marks" pt="xs">
            <MarkList help={help} session={session} mayMark={isExpert} say={say} />
          </Tabs.Panel>
        </Tabs>
      </aside>
      {opened === 'ring' && info.project && call && (
        <RingDialog
          project={info.project}
          except={new Set<string>([help.me, ...openRings(call)])}
          onClose={close}
          onRing={({ to, how, escalateAfterS, text }) => {
            const people = to.map(({ person, name }) => ({ id: person, name }));
            if (help.ring(people, how, escalateAfterS, text)) close();
          }}
        />
      )}
      {opened === 'end' && <EndDialog onEnd={(outcome) => help.end(outcome)} onClose={close} />}
      <Modal opened={opened === 'give'} onClose={close} title={t('give')} centered>
        <GiveForm room={info.id} {...{ session, help, say }} procedure={desk.procedure} onDone={close} />
      </Modal>
      <Modal opened={opened === 'unlock'} onClose={close} title={t('unlock')} centered>
        <UnlockForm help={help} steps={running} onDone={close} />
      </Modal>
    </div>
  );
}

interface ActProps {
  readonly label: string;
  readonly Icon: typeof IconLockOpen;
  readonly onClick: () => void;
}

function Act({ label, Icon, onClick }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={TARGET_PX} variant="default" aria-label={label} onClick={onClick}>
        <Icon size={22} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

/** In words where there is room for them; on a telephone all acts of the call stand in one row. */
function Worded({ label, Icon, color, onClick }: ActProps & { readonly color?: string }) {
  return (
    <Button
      className={css['worded']!}
      variant={color ? 'filled' : 'default'}
      {...(color ? { color } : {})}
      aria-label={label}
      onClick={onClick}
    >
      <Icon size={18} stroke={1.7} aria-hidden />
      <span className={css['wordedWord']}>{label}</span>
    </Button>
  );
}

interface MarkListProps {
  readonly help: ReturnType<typeof helpIn>;
  readonly session: GuidanceSession;
  readonly mayMark: boolean;
  readonly say: Speaker;
}

function MarkList({ help, session, mayMark, say }: MarkListProps) {
  const t = helpStrings.useText();
  const marks = useReadable(help.marks);
  const roster = useReadable(session.participants);
  if (marks.length === 0)
    return (
      <Text size="sm" c="dimmed" p="xs">
        {t('noMarks')}
      </Text>
    );
  return (
    <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {marks.map(({ id, by, body }) => {
        const name = roster.find(({ user }) => user === by)?.name;
        const thing = body.kind === 'ghost' ? say.name('things', body.thing) : '';
        const text = body.kind === 'note' ? body.text : '';
        const value = body.kind === 'measure' ? `${(body.distanceM * 1000).toFixed(1)} mm` : '';
        return (
          <li key={id} className={css['who']}>
            <span>{t(`mark_${body.kind}`, { thing, text, value })}</span>
            {name && <span className={css['dim']}>{t('markBy', { name })}</span>}
            <span className={css['spring']} />
            {mayMark && (
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => help.removeMarks([id])}>
                {t('remove')}
              </Button>
            )}
          </li>
        );
      })}
    </Stack>
  );
}

interface SummaryProps {
  readonly summary: HelpSummary;
  readonly titleOf: (step: string) => string;
}

function Summary({ summary, titleOf }: SummaryProps) {
  const t = helpStrings.useText();
  const count = Object.values(summary.marks).reduce((sum, one) => sum + one, 0);
  const values = summary.measurements.map(({ distanceM }) => `${(distanceM * 1000).toFixed(1)} mm`).join(', ');
  return (
    <section className={css['panel']} aria-label={t('summary')}>
      <Text fw={620}>{t('summary')}</Text>
      <Text size="sm">
        {summary.people.map(({ name }) => name).join(', ')} ·{' '}
        {t('summaryFor', { minutes: Math.max(1, Math.round(summary.forMs / 60_000)) })} · {t('summaryMarks', { count })}
      </Text>
      {values && <Text size="sm">{t('summaryMeasured', { values })}</Text>}
      {summary.releases.map(({ step, reason }) => (
        <Text size="sm" key={`${step} ${reason}`}>
          {t('summaryUnlocked', { step: step === null ? '' : titleOf(step), reason })}
        </Text>
      ))}
      {summary.outcome && <Text size="sm">{summary.outcome}</Text>}
    </section>
  );
}
