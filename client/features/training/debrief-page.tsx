import { Anchor, Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { IconDeviceDesktopAnalytics, IconFileSpreadsheet, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Project } from '#protocol/api/index';
import type { ScoreView, TrainingRoomView } from '#protocol/api/training';
import { may } from '#protocol/permissions/index';
import {
  EmptyState,
  Page,
  ProblemNotice,
  StatusBadge,
  Wait,
  currentLanguage,
  problemOf,
  saveCsv,
  useQuantities,
} from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './debrief/debrief.module.css';
import { FaultSection } from './debrief/fault-section.tsx';
import { MotionSection } from './debrief/motion-section.tsx';
import { ScoreSection } from './debrief/score-section.tsx';
import { StepSection } from './debrief/step-section.tsx';
import { TimeSection } from './debrief/time-section.tsx';
import { useExamined } from './debrief/use-examined.ts';
import { VerifiedNote } from './debrief/verified-note.tsx';
import { clockText } from './model/clock-text.ts';
import { comparisonOf } from './model/comparison.ts';
import { debriefCsv, debriefFile } from './model/debrief-csv.ts';
import type { Examined } from './model/examine.ts';
import { RunWords } from './model/words.ts';
import { trainingStrings } from './strings.ts';
import { training } from './training.ts';

/** `/project/:id/training/:room/:run`: what happened in a run, what it was worth, and the proof of both. */
export default function DebriefPage() {
  const { id = '', room = '', run = '' } = useParams();
  const t = trainingStrings.useText();
  const [attempt, setAttempt] = useState(0);
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const view = useQuery({ queryKey: ['training', room], queryFn: ({ signal }) => training.room(room, signal) });
  const score = useQuery({
    queryKey: ['run-score', room, run],
    queryFn: ({ signal }) => training.score(room, run, signal),
    retry: false,
  });
  const found = useExamined(room, run, score.data !== undefined, attempt);
  const again = () => {
    void Promise.all([project.refetch(), view.refetch(), score.refetch()]);
    setAttempt((count) => count + 1);
  };
  const failed = project.error ?? view.error ?? score.error;
  if (project.data && view.data && score.data && found.state === 'done' && found.ok)
    return <Debrief project={project.data} view={view.data} score={score.data} examined={found.examined} />;
  return (
    <Page title={t('debrief')}>
      <Title order={1} mb="md">
        {t('debrief')}
      </Title>
      {score.error && problemOf(score.error).key === 'run_goes_on' ? (
        <EmptyState
          icon={<IconDeviceDesktopAnalytics size={40} stroke={1.2} />}
          title={t('notOver')}
          text={t('notOverText')}
          action={
            <Button component={Link} to={`/project/${id}/training/${room}?run=${run}`}>
              {t('toConsole')}
            </Button>
          }
        />
      ) : failed ? (
        <ProblemNotice thrown={failed} onRetry={again} />
      ) : found.state === 'done' && !found.ok ? (
        <ProblemNotice
          thrown={{
            ...found.problem,
            message: t('journalBroken', { message: found.problem.message }),
            next: t('journalBrokenNext'),
          }}
          onRetry={again}
        />
      ) : (
        <Wait
          text={t('readingJournal', { percent: found.state === 'reading' ? Math.round(found.share * 100) : 100 })}
        />
      )}
    </Page>
  );
}

interface Props {
  readonly project: Project;
  readonly view: TrainingRoomView;
  readonly score: ScoreView;
  readonly examined: Examined;
}

function Debrief({ project, view, score, examined }: Props) {
  const t = trainingStrings.useText();
  const { dateTime } = useQuantities();
  const { run, procedure, sheet, story } = examined;
  const [atMs, setAtMs] = useState(0);
  const words = new RunWords(procedure, currentLanguage(), t);
  // Whom trainees may follow; without them all else is compared.
  const experts = useQuery({
    queryKey: ['runs-to-follow', view.room],
    queryFn: ({ signal }) => training.experts(view.room, signal),
    retry: false,
  });
  const comparison = useMemo(
    () =>
      comparisonOf(
        examined,
        experts.data?.experts.map((expert) => expert.run),
      ),
    [examined, experts.data],
  );
  const names = run.participants.map(({ name }) => name).join(', ');
  const title = t('debriefOf', { names });
  const instructor = run.participants.some(({ id }) => id === run.startedBy)
    ? undefined
    : project.members.find(({ user }) => user === run.startedBy)?.name;
  return (
    <Page title={title}>
      <div className={css['debrief']}>
        <div className={css['head']}>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" c="dimmed">
              <Anchor component={Link} to={`/project/${project.id}`} c="inherit" underline="always">
                {project.title}
              </Anchor>
              {' · '}
              {view.title}
            </Text>
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            <div className={css['facts']}>
              <span>{words.text(procedure.title)}</span>
              <span>{t(`mode_${run.mode}`)}</span>
              <time dateTime={new Date(run.startedAtMs).toISOString()}>{dateTime(run.startedAtMs)}</time>
              <span>{clockText(story.durationMs)}</span>
              {instructor && <span>{t('ledBy', { name: instructor })}</span>}
              <span className={css['onPaper']}>{globalThis.location.host}</span>
            </div>
          </div>
          <Group gap="xs" className={css['noPrint']}>
            <Button
              variant="default"
              leftSection={<IconFileSpreadsheet size={18} stroke={1.7} aria-hidden />}
              onClick={() => saveCsv(debriefFile(examined, words), debriefCsv(examined, comparison, words, t))}
            >
              {t('csv')}
            </Button>
            <Tooltip label={t('reportHint')}>
              <Button
                variant="default"
                leftSection={<IconPrinter size={18} stroke={1.7} aria-hidden />}
                onClick={() => window.print()}
              >
                {t('report')}
              </Button>
            </Tooltip>
            {project.role !== null && may(project.role, 'run.command') && (
              <Button
                component={Link}
                to={`/project/${project.id}/training/${view.room}`}
                variant="default"
                leftSection={<IconDeviceDesktopAnalytics size={18} stroke={1.7} aria-hidden />}
              >
                {t('console')}
              </Button>
            )}
          </Group>
        </div>
        <div className={css['verdict']} data-passed={sheet.isPassed}>
          <span className={css['points']} role="status">
            {t('pointsOf', { points: sheet.points, full: sheet.full })}
          </span>
          <div>
            <Group gap="xs">
              <StatusBadge status={sheet.isPassed ? 'done' : 'attention'}>
                {sheet.isPassed ? t('passed') : t('notPassed')}
              </StatusBadge>
              <Text size="sm" c="dimmed">
                {t('passMark', { points: sheet.passMark })} · {t('rubricVersion', { n: sheet.rubricVersion })}
              </Text>
            </Group>
            {sheet.failedBy.map((why) => (
              <Text key={why} size="sm" mt={4}>
                {t(`failedBy_${why}`)}
              </Text>
            ))}
          </div>
        </div>
        <VerifiedNote examined={examined} score={score} />
        <TimeSection examined={examined} room={view.room} words={words} atMs={atMs} onJump={setAtMs} />
        <ScoreSection sheet={sheet} words={words} onJump={setAtMs} />
        <FaultSection examined={examined} words={words} />
        <StepSection examined={examined} comparison={comparison} words={words} />
        <MotionSection project={project} examined={examined} room={view.room} />
      </div>
    </Page>
  );
}
