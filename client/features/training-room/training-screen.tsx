import { ActionIcon, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft, IconDotsVertical } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { TrainingSession } from '#net/index';
import type { RoomInfo } from '#protocol/api/index';
import type { Procedure } from '#protocol/procedures/index';
import { runOf, runsOf, type RunRow } from '#protocol/training/index';
import { noticeProblem, PersonDot, useDocumentTitle } from '../../ui/index.ts';
import type { LiveWords } from '../../voice/index.ts';
import { ReadingLanguageChoice } from '../procedures/reading-language-choice.tsx';
import { ConnectionBanner } from '../room/layout/connection-banner.tsx';
import { colorOf } from '../room/model/holding.ts';
import { useReadable } from '../room/room-context.tsx';
import { roomStrings } from '../room/strings.ts';
import { wayBack } from '../room/states/way-back.ts';
import { useVoiceKeys } from '../room/voice/use-voice-keys.ts';
import { LiveSubtitle } from '../room/voice/live-subtitle.tsx';
import { VoiceButton } from '../room/voice/voice-button.tsx';
import { VoiceRing } from '../room/voice/voice-mark.tsx';
import { VoiceNote } from '../room/voice/voice-note.tsx';
import { LanguageSwitch, ThemeSwitch } from '../session/appearance-switches.tsx';
import { DocumentWorkplace } from './document/document-workplace.tsx';
import type { MachineFeed } from './model/machine-feed.ts';
import { RewoundNote, useRewound } from './panels/rewound-note.tsx';
import { ResultSheet } from './panels/result-sheet.tsx';
import { RunPanel } from './panels/run-panel.tsx';
import { StartPanel } from './panels/start-panel.tsx';
import { RunProvider } from './run-context.tsx';
import { SceneStage } from './scene/scene-stage.tsx';
import { trainingRoomStrings } from './strings.ts';
import css from './training-screen.module.css';
import { usePastRun } from './use-past-run.ts';
import { useRunThings } from './use-run-things.ts';
import { trainingStay } from './xr/xr-store.ts';

const PHONE_PX = 640;
const SHOWN_PEOPLE = 4;
const VIEW_STORED_AS = 'workhall.training.view';
type View = 'scene' | 'document';

interface Props {
  readonly session: TrainingSession;
  readonly words: LiveWords;
  readonly machines: MachineFeed;
  readonly info: RoomInfo;
}

const firstView = (): View => (localStorage.getItem(VIEW_STORED_AS) === 'document' ? 'document' : 'scene');

/** One's own newest run, or the way to begin one; the workplace beside it in 3D or as a page. */
export function TrainingScreen({ session, words, machines, info }: Props) {
  const t = trainingRoomStrings.useText();
  useDocumentTitle(info.title);
  useVoiceKeys();
  useEffect(() => {
    const stops = [session.onReject((said) => noticeProblem(said)), session.onNotice((said) => noticeProblem(said))];
    return () => stops.forEach((stop) => stop());
  }, [session]);
  const document = useReadable(session.document);
  const mine = myRuns(session, runsOf(document));
  /** A run that I look at or have put aside; undefined: what goes on. */
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState<string | null | undefined>(search.get('run') ?? undefined);
  const current = mine.find(({ outcome }) => outcome === null) ?? null;
  const own = chosen === undefined ? current : chosen === null ? null : (runOf(document, chosen) ?? null);
  // What is shown to all comes before what one is at: it stands still meanwhile.
  const rewound = useRewound(session);
  const row = (rewound && runOf(document, rewound.run)) ?? own;
  const currentId = current?.id;
  // A run that was open and is over stays, with its result.
  useEffect(() => {
    if (currentId !== undefined) setChosen(currentId);
  }, [currentId]);
  const run = usePastRun(useRunThings(session, info, machines, row), rewound);
  // Nobody is thrown out of the headset by the last step: the result waits for them.
  const isInHeadset = useReadable(trainingStay) !== null;
  const isRunning = run !== null && (run.row.outcome === null || isInHeadset || run.isPast);
  const [view, setView] = useState<View>(firstView);
  const choose = (next: View) => {
    localStorage.setItem(VIEW_STORED_AS, next);
    setView(next);
  };
  const isPhone = useMediaQuery(`(max-width: ${PHONE_PX}px)`, undefined, { getInitialValueInEffect: false }) ?? false;
  return (
    <div className={css['shell']} data-view={isRunning ? view : 'page'} data-phone={isPhone || undefined}>
      <Header
        session={session}
        info={info}
        procedure={run?.procedure ?? null}
        view={view}
        onView={choose}
        isPhone={isPhone}
      />
      <div className={css['banners']}>
        <ConnectionBanner />
        {isPhone && <VoiceNote />}
        {run && <RewoundNote run={run} rewound={rewound} />}
      </div>
      <main className={css['main']}>
        {run === null && (
          <div className={css['page']}>
            <StartPanel session={session} mine={mine} onOpen={setChosen} />
          </div>
        )}
        {run !== null && !isRunning && (
          <div className={css['page']}>
            <RunProvider value={run}>
              <ResultSheet onAgain={() => setChosen(null)} />
            </RunProvider>
          </div>
        )}
        {run !== null && isRunning && (
          <RunProvider value={run}>
            {view === 'scene' && <SceneStage key={run.row.id} onDocument={() => choose('document')} />}
            <RunPanel />
            {/* Read from above: first what is to be done, then what it is done with. */}
            {view === 'document' && <DocumentWorkplace />}
          </RunProvider>
        )}
      </main>
      {/* Over the picture it stands above what is in the hands. */}
      {!(isRunning && view === 'scene') && (
        <div className={css['words']}>
          <LiveSubtitle words={words} />
        </div>
      )}
      {!isPhone && (
        <section className={css['voice']} aria-label={t('voice')}>
          <VoiceNote />
          <VoiceButton />
        </section>
      )}
    </div>
  );
}

/** Newest first. */
function myRuns(session: TrainingSession, runs: readonly RunRow[]): RunRow[] {
  return runs
    .filter(({ participants }) => participants.some(({ id }) => id === session.me.user))
    .toSorted((a, b) => b.startedAtMs - a.startedAtMs);
}

interface HeaderProps {
  readonly session: TrainingSession;
  readonly info: RoomInfo;
  readonly procedure: Procedure | null;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly isPhone: boolean;
}

function Header({ session, info, procedure, view, onView, isPhone }: HeaderProps) {
  const t = trainingRoomStrings.useText();
  const room = roomStrings.useText();
  const roster = useReadable(session.participants);
  return (
    <header className={css['header']}>
      <Tooltip label={room('back_training')}>
        <ActionIcon component={Link} to={wayBack(info)} aria-label={room('back_training')}>
          <IconArrowLeft size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <h1 className={css['title']}>{info.title}</h1>
      <span className={css['spring']} />
      {!isPhone && (
        <span className={css['people']} role="img" aria-label={t('people', { count: roster.length })}>
          {roster.slice(0, SHOWN_PEOPLE).map((one) => (
            <VoiceRing key={one.session} session={one.session}>
              <PersonDot name={one.name} color={colorOf(one.color)} size={28} />
            </VoiceRing>
          ))}
        </span>
      )}
      {/* Over a small picture it would stand in the way. */}
      {isPhone && (
        <section className={css['voiceInHead']} aria-label={t('voice')}>
          <VoiceButton />
        </section>
      )}
      <SegmentedControl
        size="xs"
        aria-label={t('view')}
        value={view}
        onChange={(value) => onView(value === 'document' ? 'document' : 'scene')}
        data={[
          { value: 'scene', label: t('viewScene') },
          { value: 'document', label: t('viewDocument') },
        ]}
      />
      <Menu position="bottom-end" shadow="md" width={260} closeOnItemClick={false}>
        <Menu.Target>
          <ActionIcon aria-label={room('more')} size={isPhone ? 44 : 'lg'}>
            <IconDotsVertical size={20} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <div style={{ display: 'grid', gap: 8, padding: '6px 10px' }}>
            {procedure && <ReadingLanguageChoice procedure={procedure} />}
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}
