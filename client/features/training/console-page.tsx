import { Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import {
  IconLogin2,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlus,
  IconSnowflake,
  IconSnowflakeOff,
  IconSchool,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import type { TrainingSession } from '#net/index';
import type { Project } from '#protocol/api/index';
import type { TrainingRoomView } from '#protocol/api/training';
import { may } from '#protocol/permissions/index';
import { closedIn, isFrozen, procedureIn, runsOf, type RunRow } from '#protocol/training/index';
import type { LiveWords, Voice } from '../../voice/index.ts';
import {
  currentLanguage,
  EmptyState,
  noticeProblem,
  Page,
  PersonDots,
  problemText,
  ProblemNotice,
  Wait,
} from '../../ui/index.ts';
import { LineProvider } from '../room/room-context.tsx';
import { LiveSubtitle } from '../room/voice/live-subtitle.tsx';
import { WriteDownButton } from '../room/voice/write-down-switch.tsx';
import { api } from '../session/index.ts';
import { AlarmsPanel } from './console/alarms-panel.tsx';
import { CloseRoom, ClosedNote } from './console/close-room.tsx';
import css from './console/console.module.css';
import { FaultsPanel } from './console/faults-panel.tsx';
import { RunCard } from './console/run-card.tsx';
import { RunDetail } from './console/run-detail.tsx';
import { StartRunDialog } from './console/start-run-dialog.tsx';
import { useNow, useReadable, useTrainingSession } from './console/use-session.ts';
import { WherePanel } from './console/where-panel.tsx';
import { isSuperseded } from './model/releases-of-room.ts';
import type { AlarmLog } from './model/alarm-log.ts';
import { inOrder, lineOf } from './model/run-line.ts';
import { trainingStrings } from './strings.ts';
import { training } from './training.ts';
import { NewerReleases } from './views/newer-releases.tsx';

/** Changes that come closer together are drawn as one, ms: fifty trainees act at once. */
const CALM_MS = 150;
const FEW_OVER = 4;
/** Releases come while the page is open, ms. */
const REFRESH_MS = 20_000;

/** `/project/:id/training/:room`: the instructor's desk. */
export default function ConsolePage() {
  const { id = '', room = '' } = useParams();
  const t = trainingStrings.useText();
  const [attempt, setAttempt] = useState(0);
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const view = useQuery({
    queryKey: ['training', room],
    queryFn: ({ signal }) => training.room(room, signal),
    refetchInterval: REFRESH_MS,
  });
  const entry = useTrainingSession(room, attempt);
  const failed = project.error ?? view.error ?? (entry.state === 'refused' ? entry.thrown : null);
  // Who runs procedures does so in the room itself.
  if (entry.state === 'in' && !may(entry.session.me.role, 'run.command'))
    return <Navigate to={`/room/${room}`} replace />;
  if (project.data && view.data && entry.state === 'in')
    return (
      <Console
        project={project.data}
        view={view.data}
        session={entry.session}
        voice={entry.voice}
        words={entry.words}
        alarms={entry.alarms}
        onAgain={() => setAttempt((count) => count + 1)}
      />
    );
  return (
    <Page title={t('console')}>
      {failed ? (
        <ProblemNotice
          thrown={failed}
          onRetry={() => {
            void Promise.all([project.refetch(), view.refetch()]);
            setAttempt((count) => count + 1);
          }}
        />
      ) : (
        <Wait text={t('connecting')} />
      )}
    </Page>
  );
}

interface Props {
  readonly project: Project;
  readonly view: TrainingRoomView;
  readonly session: TrainingSession;
  readonly voice: Voice;
  readonly words: LiveWords;
  readonly alarms: AlarmLog;
  readonly onAgain: () => void;
}

function Console({ project, view, session, voice, words, alarms, onAgain }: Props) {
  const t = trainingStrings.useText();
  const language = currentLanguage();
  const document = useReadable(session.document, CALM_MS);
  const connection = useReadable(session.connection);
  const nowMs = useNow();
  const [search, setSearch] = useSearchParams();
  const [isStarting, starting] = useDisclosure();
  const [isWhole, setWhole] = useState(false);
  const isPhone = useMediaQuery('(max-width: 900px)');
  const detail = useRef<HTMLDivElement>(null);
  const lineFor = (run: RunRow) => {
    const procedure = procedureIn(document, run.procedure);
    return procedure && lineOf(run, procedure);
  };
  const runs = inOrder(runsOf(document), lineFor);
  const underWay = runs.filter(({ outcome }) => outcome === null).length;
  const chosen = runs.find(({ id }) => id === search.get('run')) ?? runs[0];
  // What is over stands in the results, too: here the newest few.
  const shown = runs.filter((run, at) => isWhole || run.outcome === null || run === chosen || at < underWay + FEW_OVER);
  const choose = (run: string) => {
    setSearch({ run }, { replace: true });
    // On a phone the run stands below the list.
    if (isPhone) detail.current?.scrollIntoView({ block: 'start' });
  };
  const procedure = chosen ? procedureIn(document, chosen.procedure) : null;
  const line = chosen && procedure ? lineOf(chosen, procedure) : null;
  const takesPart = chosen?.participants.some(({ id }) => id === session.me.user) ?? false;
  const button = may(session.me.role, 'run.start') && !closedIn(document) && (
    <Button
      variant={runs.length === 0 ? 'filled' : 'default'}
      leftSection={<IconPlus size={18} stroke={1.7} aria-hidden />}
      onClick={starting.open}
    >
      {t('startRun')}
    </Button>
  );

  return (
    <Page title={t('consoleOf', { room: view.title })}>
      <ConsoleHead {...{ project, view, session, voice, words }} />
      {connection.state === 'reconnecting' && (
        <div className={css['frozen']} role="status">
          {t('reconnecting')}
        </div>
      )}
      {connection.state === 'closed' && <ProblemNotice thrown={connection.problem} onRetry={onAgain} />}
      <ClosedNote project={project.id} session={session} />
      <NewerReleases view={view} mayTake={may(session.me.role, 'training.open')} />
      {isFrozen(document) && (
        <div className={css['frozen']} role="status">
          <Group gap="xs">
            <IconSnowflake size={18} aria-hidden />
            {t('isFrozenNow')}
          </Group>
        </div>
      )}
      <div className={css['columns']}>
        <section aria-labelledby="runs">
          <Group justify="space-between" mb="sm">
            <Title order={2} id="runs">
              {t('runs')}
            </Title>
            {runs.length > 0 && button}
          </Group>
          {runs.length === 0 ? (
            <EmptyState
              icon={<IconSchool size={40} stroke={1.2} />}
              title={t('noRuns')}
              text={t('noRunsText')}
              action={button || undefined}
            />
          ) : (
            <ul className={css['runs']}>
              {shown.map((run) => {
                const of = procedureIn(document, run.procedure);
                return (
                  of && (
                    <li key={run.id}>
                      <RunCard
                        {...{ run, language, nowMs }}
                        procedure={of}
                        line={lineOf(run, of)}
                        release={view.procedures.find(({ procedure: one }) => one === run.procedure)?.number ?? null}
                        isSuperseded={isSuperseded(view.procedures, run.procedure)}
                        isChosen={run.id === chosen?.id}
                        onChoose={() => choose(run.id)}
                      />
                    </li>
                  )
                );
              })}
            </ul>
          )}
          {shown.length < runs.length && (
            <Button variant="subtle" mt="xs" onClick={() => setWhole(true)}>
              {t('showAll')} ({runs.length})
            </Button>
          )}
        </section>
        <div ref={detail} className={css['detail']}>
          {chosen && procedure && line && (
            <>
              <RunDetail
                key={chosen.id}
                project={project.id}
                openedBy={view.openedBy}
                {...{ session, voice, line, procedure, language, nowMs }}
                run={chosen}
              />
              <AlarmsPanel {...{ alarms, procedure, language }} run={chosen} />
              {may(session.me.role, 'fault.inject') && (
                <FaultsPanel room={view.room} run={chosen} {...{ procedure, language, takesPart }} />
              )}
            </>
          )}
          <WherePanel session={session} procedure={procedure} language={language} />
        </div>
        <div className={css['panel']} role="note">
          <Text size="sm" fw={600}>
            {t('whatTheySee')}
          </Text>
          <Text size="sm">✓ {t('theySee')}</Text>
          <Text size="sm">✗ {t('theySeeNot')}</Text>
        </div>
      </div>
      <div className={css['words']}>
        <LineProvider value={{ session, voice }}>
          <LiveSubtitle words={words} />
        </LineProvider>
      </div>
      {isStarting && (
        <StartRunDialog {...{ project, view, session, language }} onStarted={choose} onClose={starting.close} />
      )}
    </Page>
  );
}

function ConsoleHead({ project, view, session, voice, words }: Omit<Props, 'alarms' | 'onAgain'>) {
  const t = trainingStrings.useText();
  const roster = useReadable(session.participants);
  const document = useReadable(session.document, CALM_MS);
  const frozen = isFrozen(document);
  const freeze = () => {
    const sent = session.submitTraining('training.freeze', { isFrozen: !frozen });
    if ('problem' in sent) noticeProblem(sent.problem);
  };
  return (
    <div className={css['head']}>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" c="dimmed">
          <Link to={`/project/${project.id}`} style={{ color: 'inherit' }}>
            {project.title}
          </Link>
        </Text>
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {view.title}
        </Title>
        <Group gap="xs" mt={4}>
          <PersonDots names={roster.map(({ name }) => name)} />
          <Text size="sm" c="dimmed">
            {t('peopleIn', { count: roster.length })}
          </Text>
        </Group>
      </div>
      <Group gap="xs">
        <SpeakButton voice={voice} />
        <WriteDownButton words={words} />
        <CloseRoom project={project.id} session={session} />
        {may(session.me.role, 'training.freeze') && (
          <Button
            variant="default"
            aria-pressed={frozen}
            leftSection={frozen ? <IconSnowflakeOff size={18} aria-hidden /> : <IconSnowflake size={18} aria-hidden />}
            onClick={freeze}
          >
            {frozen ? t('unfreeze') : t('freeze')}
          </Button>
        )}
        <Button
          component={Link}
          to={`/room/${view.room}`}
          variant="default"
          leftSection={<IconLogin2 size={18} stroke={1.7} aria-hidden />}
        >
          {t('enterRoom')}
        </Button>
      </Group>
    </div>
  );
}

/** Everybody in the room hears it; the browser asks for the microphone at the first press. */
function SpeakButton({ voice }: { readonly voice: Voice }) {
  const t = trainingStrings.useText();
  const { state, problem, isListener, to } = useReadable(voice.status);
  const isTalking = state === 'talking' && to === null;
  return (
    <Tooltip label={problem ? problemText(problem).message : t('voiceHint')}>
      <Button
        variant="default"
        className={isTalking ? css['heard'] : undefined}
        aria-pressed={isTalking}
        disabled={isListener || problem?.key === 'off'}
        leftSection={isTalking ? <IconMicrophone size={18} aria-hidden /> : <IconMicrophoneOff size={18} aria-hidden />}
        onClick={() => void voice.toggle()}
      >
        {t('speakAll')}
      </Button>
    </Tooltip>
  );
}
