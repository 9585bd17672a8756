import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ScoreView } from '#protocol/api/training';
import { ERROR_KINDS, type ErrorKind } from '#protocol/procedures/index';
import { ProblemNotice, StatusBadge, Wait } from '../../../ui/index.ts';
import { api } from '../../session/index.ts';
import { wayBack } from '../../room/states/way-back.ts';
import { roomStrings } from '../../room/strings.ts';
import { trainingStrings } from '../../training/index.ts';
import { ExpertMark } from '../expert/expert-switch.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { CertificateLink } from './certificate-link.tsx';
import css from './panels.module.css';
import { OwnReports } from './own-reports.tsx';
import { clockText } from './run-panel.tsx';

type Line = ScoreView['sheet']['lines'][number];

/** What the run came to, in points by their reasons. Computed by the hall from the journal once all seals are open. */
export function ResultSheet({ onAgain }: { onAgain: () => void }) {
  const t = trainingRoomStrings.useText();
  const room = roomStrings.useText();
  const training = trainingStrings.useText();
  const { row, info, say, procedure } = useRun();
  const score = useQuery({
    queryKey: ['training-score', info.id, row.id],
    queryFn: ({ signal }) => api.ask(ScoreView, 'GET', `/trainings/${info.id}/runs/${row.id}/score`, { signal }),
    enabled: row.isRevealed,
    staleTime: Infinity,
  });
  const sheet = score.data?.sheet;
  return (
    <Stack gap="lg">
      <div>
        <Text c="dimmed">{t('result')}</Text>
        <Title order={2}>{say.text(procedure.title)}</Title>
      </div>
      {score.error && <ProblemNotice thrown={score.error} onRetry={() => void score.refetch()} />}
      {!sheet && !score.error && <Wait text={t('computing')} />}
      {sheet && (
        <>
          <div className={css['score']} role="status">
            <span className="wh-figures">{t('points', { points: sheet.points, full: sheet.full })}</span>
            <StatusBadge status={sheet.isPassed ? 'done' : 'attention'}>
              {t(sheet.isPassed ? 'passed' : 'notPassed')}
            </StatusBadge>
          </div>
          <Text size="sm" c="dimmed" className="wh-figures">
            {t(`mode_${row.mode}`)} · {t(`outcome_${row.outcome ?? 'completed'}`)} ·{' '}
            {t('duration', { time: clockText(sheet.durationMs) })} · {t('passMark', { points: sheet.passMark })}
          </Text>
          {sheet.failedBy.length > 0 && (
            <Stack gap={4}>
              {sheet.failedBy.map((why) => (
                <Text key={why}>{t(`failedBy_${why as 'points'}`)}</Text>
              ))}
            </Stack>
          )}
          <OwnReports sheet={sheet} />
          <Points lines={sheet.lines} />
        </>
      )}
      <Group>
        <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={onAgain}>
          {t('runAgain')}
        </Button>
        {row.mode === 'exam' && sheet?.isPassed && <CertificateLink head={score.data!.head} />}
        <ExpertMark />
        {row.isRevealed && info.project && (
          <Button component={Link} to={`/project/${info.project}/training/${info.id}/${row.id}`} variant="default">
            {training('debrief')}
          </Button>
        )}
        <Button component={Link} to={wayBack(info)} variant="default">
          {room('back_training')}
        </Button>
      </Group>
    </Stack>
  );
}

const isError = (reason: string): reason is ErrorKind => (ERROR_KINDS as readonly string[]).includes(reason);

/** One line for each reason: how often, and what it cost. */
function Points({ lines }: { lines: readonly Line[] }) {
  const t = trainingRoomStrings.useText();
  const groups = new Map<string, { count: number; points: number }>();
  for (const { reason, points } of lines) {
    const group = groups.get(reason) ?? { count: 0, points: 0 };
    groups.set(reason, { count: group.count + 1, points: group.points + points });
  }
  if (groups.size === 0) return <Text>{t('noDeductions')}</Text>;
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('reason')}</th>
          <th scope="col" data-figure>
            {t('times')}
          </th>
          <th scope="col" data-figure>
            {t('pointsLine')}
          </th>
        </tr>
      </thead>
      <tbody>
        {[...groups].map(([reason, { count, points }]) => (
          <tr key={reason}>
            <th scope="row">{isError(reason) ? t(`kind_${reason}`) : t(`line_${reason as 'time'}`)}</th>
            <td data-figure>{count}</td>
            <td data-figure>{points}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
