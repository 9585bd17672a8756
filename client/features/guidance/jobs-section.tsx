import { Button, Group, Text, Title } from '@mantine/core';
import { IconClipboardCheck, IconLayoutDashboard, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { EmptyState, ProblemNotice, Wait } from '../../ui/index.ts';
import { isOver } from './guidance.ts';
import css from './guidance.module.css';
import { JobRow } from './job-row.tsx';
import { guidanceStrings } from './strings.ts';
import { useJobs, usePlans } from './use-jobs.ts';

const SHOWN = 4;

/** On a project's page: what is being made now, and the ways to all about it. */
export function JobsSection({ project }: { readonly project: Project }) {
  const t = guidanceStrings.useText();
  const jobs = useJobs(project.id);
  const plans = usePlans(project.id);
  const { role } = project;
  if (role === null) return null;
  const open = (jobs.data?.jobs ?? []).filter(({ summary }) => !isOver(summary));
  const hasPlan = (plans.data?.plans.length ?? 0) > 0;
  const base = `/project/${project.id}/jobs`;
  const start = may(role, 'job.open') && hasPlan && (
    <Button
      component={Link}
      to={`/jobs/start?project=${project.id}`}
      variant="default"
      leftSection={<IconPlayerPlay size={18} stroke={1.7} aria-hidden />}
    >
      {t('start')}
    </Button>
  );
  const plan = may(role, 'job.plan') && !hasPlan && (
    <Button component={Link} to={`${base}?view=plans`} variant="default">
      {t('firstPlan')}
    </Button>
  );
  return (
    <section className={css['section']} aria-labelledby="jobs">
      <div className={css['head']}>
        <Title order={2} id="jobs">
          {t('jobs')}
        </Title>
        <Group gap="xs">
          {may(role, 'job.figures') && (
            <Button
              component={Link}
              to={`${base}?view=board`}
              variant="subtle"
              color="gray"
              leftSection={<IconLayoutDashboard size={18} stroke={1.7} aria-hidden />}
            >
              {t('board')}
            </Button>
          )}
          <Button component={Link} to={base} variant="subtle" color="gray">
            {t('allJobs', { count: jobs.data?.jobs.length ?? 0 })}
          </Button>
          {open.length > 0 && start}
        </Group>
      </div>
      {jobs.error && <ProblemNotice thrown={jobs.error} onRetry={() => void jobs.refetch()} />}
      {!jobs.data && !jobs.error && <Wait />}
      {jobs.data && open.length === 0 && (
        <EmptyState
          icon={<IconClipboardCheck size={40} stroke={1.2} />}
          title={t('noJobs')}
          text={t(hasPlan ? 'noJobsText' : 'noPlansText')}
          action={start || plan || undefined}
        />
      )}
      {open.length > 0 && (
        <ul className={css['rows']}>
          {open.slice(0, SHOWN).map((job) => (
            <JobRow key={job.room} job={job} />
          ))}
        </ul>
      )}
      {open.length > SHOWN && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('moreJobs', { count: open.length - SHOWN })}
        </Text>
      )}
    </section>
  );
}
