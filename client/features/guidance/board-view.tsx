import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import type { JobView, StationView } from '#protocol/api/guidance';
import { may } from '#protocol/permissions/index';
import {
  ProblemNotice,
  StatusBadge,
  Wait,
  currentLanguage,
  noticeProblem,
  saveCsv,
  useQuantities,
} from '../../ui/index.ts';
import { BoardCharts } from './board-charts.tsx';
import { ChangesPanel } from './changes-panel.tsx';
import { nameIn } from './deviation-facts.ts';
import { DeviationRows } from './deviation-rows.tsx';
import { Evidence } from './evidence.tsx';
import { guidance, isOver, stepTitle } from './guidance.ts';
import css from './guidance.module.css';
import { ReasonButton } from './reason-button.tsx';
import { Section } from './section.tsx';
import { guidanceStrings } from './strings.ts';
import { useJobs, usePlans, useStations } from './use-jobs.ts';

/** What a supervisor sees all day: who waits for what, at which station; what is to be decided; where time is lost. */
export function BoardView({ project }: { readonly project: Project }) {
  const t = guidanceStrings.useText();
  const { duration, share } = useQuantities();
  const jobs = useJobs(project.id);
  const stations = useStations(project.id);
  const plans = usePlans(project.id);
  const figures = useQuery({
    queryKey: ['job-figures', project.id],
    queryFn: ({ signal }) => guidance.figures(project.id, signal),
  });
  const save = useMutation({
    mutationFn: () => guidance.csv(project.id, currentLanguage()),
    onSuccess: (bytes) => saveCsv('jobs.csv', new TextDecoder().decode(bytes)),
    onError: noticeProblem,
  });
  const failed = jobs.error ?? stations.error ?? figures.error;
  if (failed) return <ProblemNotice thrown={failed} onRetry={() => void figures.refetch()} />;
  if (!jobs.data || !stations.data || !figures.data) return <Wait />;
  const open = jobs.data.jobs.filter(({ summary }) => !isOver(summary));
  const elsewhere = open.filter(({ room }) => !stations.data.stations.some(({ job }) => job?.room === room));
  const { figures: all } = figures.data;
  const took = (ms: number | null) => (ms === null ? '–' : duration(ms));
  const mayDecide = project.role !== null && may(project.role, 'job.supervise');
  return (
    <Stack gap={32}>
      <dl className={css['figures']} style={{ marginBottom: 0 }}>
        <Figure name={t('openJobs')} value={`${open.length}`} />
        <Figure
          name={t('firstPass')}
          value={all.firstPassYield === null ? '–' : share(Math.round(all.firstPassYield * 10_000))}
        />
        <Figure name={t('medianJob')} value={took(all.medianJobMs)} />
        <Figure name={t('medianWaiting')} value={took(all.medianWaitingMs)} />
      </dl>
      <ChangesPanel project={project} />
      <Section id="now" title={t('now')}>
        <div className={css['cards']}>
          {stations.data.stations.map((station) => (
            <StationCard
              key={station.id}
              station={station}
              job={open.find(({ room }) => room === station.job?.room) ?? null}
              mayDecide={mayDecide}
            />
          ))}
          {elsewhere.map((job) => (
            <StationCard key={job.room} station={null} job={job} mayDecide={mayDecide} />
          ))}
        </div>
        {stations.data.stations.length === 0 && <Text c="dimmed">{t('noStations')}</Text>}
      </Section>
      <DeviationRows jobs={open} role={project.role} />
      <BoardCharts figures={all} jobs={jobs.data.jobs} plans={plans.data?.plans.map(({ plan }) => plan) ?? []} />
      <Group>
        <Button
          variant="default"
          loading={save.isPending}
          leftSection={<IconDownload size={18} stroke={1.7} aria-hidden />}
          onClick={() => save.mutate()}
        >
          {t('saveCsv')}
        </Button>
      </Group>
    </Stack>
  );
}

const Figure = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div className={css['figure']}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

interface CardProps {
  readonly station: StationView | null;
  readonly job: JobView | null;
  readonly mayDecide: boolean;
}

function StationCard({ station, job, mayDecide }: CardProps) {
  const t = guidanceStrings.useText();
  const { ago, number } = useQuantities();
  const summary = job?.summary ?? null;
  const waits = summary?.waitingFor ?? [];
  const isStuck = waits.some(({ what }) => what === 'decision' || what === 'skill' || what === 'hold');
  const down = station?.tools.filter(({ isUp }) => !isUp) ?? [];
  const done = summary
    ? new Set(summary.visits.filter(({ how }) => how === 'checked').map(({ step }) => step)).size
    : 0;
  return (
    <article className={css['card']} data-waits={isStuck} aria-label={station?.name ?? summary?.station}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed" truncate>
          {station?.name ?? summary?.station}
        </Text>
        {summary && (
          <StatusBadge status={isStuck ? 'attention' : 'active'}>
            {summary.undecided > 0 ? t('undecided', { count: summary.undecided }) : t(`status_${summary.status}`)}
          </StatusBadge>
        )}
      </Group>
      {summary && job ? (
        <>
          <span className={css['now']}>
            {summary.steps.map((step) => stepTitle(summary, step)).join(', ') || t('noStep')}
          </span>
          <div className={css['facts']}>
            <Anchor component={Link} to={`/room/${job.room}`} size="sm">
              {job.title}
            </Anchor>
            <span>{t('orderNamed', { order: summary.order })}</span>
            <span>{t('revision', { n: summary.revision })}</span>
          </div>
          <div className={css['facts']}>
            <span>{t('stepsDone', { done, total: Object.keys(summary.titles).length })}</span>
            {summary.crew.length > 0 && <span>{summary.crew.join(', ')}</span>}
            {summary.sinceMs !== null && <span>{t('since', { ago: ago(summary.sinceMs, Date.now()) })}</span>}
          </div>
          {waits.length > 0 && (
            <Text size="sm">
              {t('waitsFor')}{' '}
              {waits.map(({ what, about }) => t(`waits_${what}`, { about: nameIn(summary, about) })).join(t('comma'))}
            </Text>
          )}
          {summary.shown && (
            <figure className={css['shown']}>
              <Evidence
                cid={summary.shown.cid}
                kind={summary.shown.kind}
                step={summary.shown.step ? stepTitle(summary, summary.shown.step) : ''}
              />
              <figcaption>
                {t('lastShown', {
                  ago: ago(summary.shown.atMs, Date.now()),
                  step: summary.shown.step ? stepTitle(summary, summary.shown.step) : '',
                })}
              </figcaption>
            </figure>
          )}
          {mayDecide && summary.status === 'running' && summary.steps[0] && isStuck && (
            <Group gap="xs">
              <ReasonButton
                label={t('releaseStep')}
                room={job.room}
                type="step.release"
                payload={(reason) => ({
                  step: summary.steps[0],
                  what: waits.some(({ what }) => what === 'skill') ? 'skill' : 'step',
                  reason,
                })}
              />
            </Group>
          )}
        </>
      ) : (
        <Text c="dimmed">{t('free')}</Text>
      )}
      {down.length > 0 && (
        <Text size="sm" c="var(--wh-attention)">
          {t('toolsDown', { tools: down.map(({ device }) => device).join(t('comma')), count: number(down.length) })}
        </Text>
      )}
    </article>
  );
}
