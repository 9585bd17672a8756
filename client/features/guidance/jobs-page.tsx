import {
  Anchor,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Tabs,
  Text,
  TextInput,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { IconLayoutDashboard, IconPlayerPlay, IconPhoneCall, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { Project } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { EmptyState, Page, ProblemNotice, Wait } from '../../ui/index.ts';
import { BeSupervisor, mayTryRoles } from '../project/demo-role.tsx';
import { api } from '../session/index.ts';
import { BoardView } from './board-view.tsx';
import { GenealogyView } from './genealogy-view.tsx';
import { isOver } from './guidance.ts';
import css from './guidance.module.css';
import { JobRow } from './job-row.tsx';
import { PlansView } from './plans-view.tsx';
import { StationsView } from './stations-view.tsx';
import { guidanceStrings } from './strings.ts';
import { useJobs, useJobsLive } from './use-jobs.ts';

const VIEWS = ['list', 'board', 'plans', 'stations', 'parts'] as const;
type View = (typeof VIEWS)[number];

/** `/project/:id/jobs`: jobs, the supervisor's board, plans, stations, and what went into what. */
export default function JobsPage() {
  const t = guidanceStrings.useText();
  const { id = '' } = useParams();
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  if (project.data) return <JobsOf project={project.data} />;
  return (
    <Page title={t('jobs')}>
      {project.error ? <ProblemNotice thrown={project.error} onRetry={() => void project.refetch()} /> : <Wait />}
    </Page>
  );
}

function JobsOf({ project }: { readonly project: Project }) {
  const t = guidanceStrings.useText();
  const [search, setSearch] = useSearchParams();
  useJobsLive(project.id);
  const { role } = project;
  const mayObserve = role !== null && may(role, 'job.figures');
  const isShown: Record<View, boolean> = {
    list: true,
    board: mayObserve || mayTryRoles(project),
    plans: true,
    stations: true,
    parts: true,
  };
  const asked = VIEWS.find((view) => view === search.get('view')) ?? 'list';
  const view = isShown[asked] ? asked : 'list';
  return (
    <Page title={`${t('jobs')} · ${project.title}`}>
      <Group justify="space-between" mb="lg" align="flex-end">
        <div>
          <Anchor component={Link} to={`/project/${project.id}`} size="sm" c="var(--wh-text-quiet)">
            {project.title}
          </Anchor>
          <Title order={1}>{t('jobs')}</Title>
        </div>
        <Group gap="xs">
          <Button
            component={Link}
            to={`/project/${project.id}/experts`}
            variant="subtle"
            color="gray"
            leftSection={<IconPhoneCall size={18} stroke={1.7} aria-hidden />}
          >
            {t('experts')}
          </Button>
          {role !== null && may(role, 'job.open') && (
            <Button
              component={Link}
              to={`/jobs/start?project=${project.id}`}
              leftSection={<IconPlayerPlay size={18} stroke={1.7} aria-hidden />}
            >
              {t('start')}
            </Button>
          )}
        </Group>
      </Group>
      <Tabs value={view} onChange={(next) => next && setSearch({ view: next }, { replace: true })} keepMounted={false}>
        <Tabs.List mb="lg">
          {VIEWS.filter((one) => isShown[one]).map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`view_${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <VisuallyHidden>
          <h2>{t(`view_${view}`)}</h2>
        </VisuallyHidden>
        <Tabs.Panel value="list">
          <JobsList project={project.id} />
        </Tabs.Panel>
        <Tabs.Panel value="board">
          {mayObserve ? (
            <BoardView project={project} />
          ) : (
            <EmptyState
              icon={<IconLayoutDashboard size={40} stroke={1.2} />}
              title={t('boardForSupervisors')}
              text={t('boardInDemo')}
              action={<BeSupervisor project={project} />}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="plans">
          <PlansView project={project} />
        </Tabs.Panel>
        <Tabs.Panel value="stations">
          <StationsView project={project} />
        </Tabs.Panel>
        <Tabs.Panel value="parts">
          <GenealogyView project={project.id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

const STATES = ['open', 'waits', 'over', 'all'] as const;

function JobsList({ project }: { readonly project: string }) {
  const t = guidanceStrings.useText();
  const jobs = useJobs(project);
  const [state, setState] = useState<(typeof STATES)[number]>('open');
  const [words, setWords] = useState('');
  if (!jobs.data)
    return jobs.error ? <ProblemNotice thrown={jobs.error} onRetry={() => void jobs.refetch()} /> : <Wait />;
  const wanted = words.trim().toLowerCase();
  const shown = jobs.data.jobs.filter(({ title, summary }) => {
    const isIn = {
      open: !isOver(summary),
      waits: summary.undecided > 0 || summary.status === 'onHold',
      over: isOver(summary),
      all: true,
    }[state];
    return isIn && `${title} ${summary.order} ${summary.station}`.toLowerCase().includes(wanted);
  });
  return (
    <Stack>
      <Group>
        <SegmentedControl
          aria-label={t('filter')}
          value={state}
          onChange={(value) => setState(value as typeof state)}
          data={STATES.map((value) => ({ value, label: t(`filter_${value}`) }))}
        />
        <TextInput
          aria-label={t('find')}
          placeholder={t('find')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={words}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
        />
      </Group>
      {jobs.data.jobs.length === 0 ? (
        <EmptyState icon={<IconPlayerPlay size={40} stroke={1.2} />} title={t('noJobsYet')} text={t('noJobsYetText')} />
      ) : shown.length === 0 ? (
        <Text c="dimmed">{t('nothingFound')}</Text>
      ) : (
        <ul className={css['rows']}>
          {shown.map((job) => (
            <JobRow key={job.room} job={job} />
          ))}
        </ul>
      )}
    </Stack>
  );
}
