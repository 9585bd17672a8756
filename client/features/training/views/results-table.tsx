import { Anchor, Button, Title } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import type { TrainingRoomView } from '#protocol/api/training';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import {
  currentLanguage,
  EmptyState,
  PersonDot,
  ProblemNotice,
  StatusBadge,
  useQuantities,
  Wait,
} from '../../../ui/index.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import css from './training.module.css';

/** Shown before somebody asks for all. */
const FEW = 8;

interface Props {
  readonly project: Project;
  readonly rooms: readonly TrainingRoomView[];
}

/** Results of all rooms, newest first: everybody's for who may read them, else one's own. */
export function ResultsTable({ project, rooms }: Props) {
  const t = trainingStrings.useText();
  const { moment } = useQuantities();
  const [isWhole, setWhole] = useState(false);
  const mayAll = project.role !== null && may(project.role, 'results.read');
  const results = useQuery({
    queryKey: ['training-results', project.id],
    queryFn: ({ signal }) => training.resultsOf(project.id, signal),
  });
  const titles = new Map(rooms.flatMap(({ procedures }) => procedures.map((one) => [one.procedure, one.title])));
  const titleOf = (procedure: string) => textIn(titles.get(procedure) ?? {}, currentLanguage(), 'en');
  const all = results.data?.results ?? [];
  const shown = isWhole ? all : all.slice(0, FEW);
  return (
    <div className={css['sub']}>
      <Title order={3} mb="sm">
        {mayAll ? t('resultsAll') : t('resultsMine')}
      </Title>
      {results.error && <ProblemNotice thrown={results.error} onRetry={() => void results.refetch()} />}
      {!results.data && !results.error && <Wait />}
      {results.data && all.length === 0 && (
        <EmptyState icon={<IconListCheck size={40} stroke={1.2} />} title={t('noResults')} text={t('noResultsText')} />
      )}
      {shown.length > 0 && (
        <div className={css['scroll']} tabIndex={0} role="region" aria-label={t('resultsAll')}>
          <table className={css['table']}>
            <thead>
              <tr>
                <th scope="col">{t('person')}</th>
                <th scope="col" className={css['wide']}>
                  {t('procedure')}
                </th>
                <th scope="col" className={css['wide']}>
                  {t('mode')}
                </th>
                <th scope="col" className={css['figure']}>
                  {t('points')}
                </th>
                <th scope="col">{t('result')}</th>
                <th scope="col" className={css['wide']}>
                  {t('ended')}
                </th>
                <th scope="col">{t('debrief')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={`${one.run} ${one.person}`}>
                  <th scope="row">
                    <span className={css['name']}>
                      <PersonDot name={one.name} user={one.person} size={22} hasTooltip={false} />
                      {one.name}
                    </span>
                    <span className={css['under']}>
                      {titleOf(one.procedure)} · {t(`mode_${one.mode}`)} · {moment(one.endedAt, Date.now())}
                    </span>
                  </th>
                  <td className={css['wide']}>{titleOf(one.procedure)}</td>
                  <td className={css['wide']}>{t(`mode_${one.mode}`)}</td>
                  <td className={css['figure']}>
                    {one.outcome === 'abandoned' ? '–' : t('pointsOf', { points: one.points, full: one.full })}
                  </td>
                  <td>
                    <StatusBadge status={one.isPassed ? 'done' : one.outcome === 'abandoned' ? 'quiet' : 'attention'}>
                      {one.isPassed
                        ? t('passed')
                        : one.outcome === 'completed'
                          ? t('notPassed')
                          : t(`standing_${one.outcome}`)}
                    </StatusBadge>
                  </td>
                  <td className={css['wide']} style={{ whiteSpace: 'nowrap' }}>
                    {moment(one.endedAt, Date.now())}
                  </td>
                  <td>
                    <Anchor
                      component={Link}
                      size="sm"
                      to={`/project/${project.id}/training/${one.room}/${one.run}`}
                      aria-label={`${t('debrief')}: ${one.name}, ${moment(one.endedAt, Date.now())}`}
                    >
                      {t('debrief')}
                    </Anchor>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {all.length > shown.length && (
        <Button variant="subtle" mt="xs" onClick={() => setWhole(true)}>
          {t('showAll')} ({all.length})
        </Button>
      )}
    </div>
  );
}
