import { Button, Group, Progress, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconFileImport,
  IconListCheck,
  IconPlayerStop,
  IconPlus,
  IconStack3,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ProcedureSummary, Project, ReviewEntry } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { check, stepsOf, textIn } from '#protocol/procedures/index';
import {
  currentLanguage,
  EmptyState,
  noticeDone,
  ProblemNotice,
  useListSearch,
  useQuantities,
  Wait,
} from '../../../ui/index.ts';
import { api } from '../../session/index.ts';
import { blankProcedure, partsOfSnapshot } from '../model/design-parts.ts';
import { proposeFrom } from '../model/proposal.ts';
import { standingOf } from '../model/review.ts';
import { procedures } from '../procedures.ts';
import { procedureStrings } from '../strings.ts';
import { ImportDialog } from './import-dialog.tsx';
import css from './procedures-section.module.css';
import { StandingBadge } from './standing-badge.tsx';

/** Procedures of a project: where each stands, and three ways to begin one. */
export function ProceduresSection({ project }: { project: Project }) {
  const t = procedureStrings.useText();
  const navigate = useNavigate();
  const [isImporting, importing] = useDisclosure();
  const list = useQuery({
    queryKey: ['procedures', project.id],
    queryFn: ({ signal }) => procedures.list(project.id, signal),
  });
  const reviews = useQuery({
    queryKey: ['reviews-of', project.id],
    queryFn: ({ signal }) => procedures.reviewsOfProject(project.id, signal),
  });
  const mayEdit = project.role !== null && may(project.role, 'procedure.edit');
  const open = (id: string) => void navigate(`/project/${project.id}/procedures/${id}`);
  const texts = (words: string) => ({
    en: procedureStrings.en.newProcedure,
    zh: procedureStrings.zh.newProcedure,
    [currentLanguage()]: words,
  });
  const languages = [currentLanguage()];
  const only = (words: string) => ({ [currentLanguage()]: words });
  const blank = useMutation({
    mutationFn: () =>
      procedures.create(
        project.id,
        blankProcedure(only(t('newProcedure')), languages, only(t('newStep')), only(t('newChapter'))),
      ),
    onSuccess: ({ id }) => open(id),
  });
  /** 0 to 1 while a procedure is proposed. */
  const [share, setShare] = useState(0);
  const stopProposal = useRef<AbortController | null>(null);
  useEffect(() => () => stopProposal.current?.abort(), []);
  const propose = useMutation({
    mutationFn: async () => {
      const stop = (stopProposal.current = new AbortController());
      setShare(0);
      const parts = partsOfSnapshot(await api.snapshot(project.room));
      const order = { title: texts(t('assemblyOf', { title: project.title })), languages: ['en', 'zh'] };
      try {
        const { procedure, stuck } = await proposeFrom(parts, order, api.hallUrl, setShare, stop.signal);
        const { id } = await procedures.create(project.id, procedure);
        return { id, stuck };
      } catch (thrown) {
        // The person has stopped it: nothing has happened.
        if (stop.signal.aborted) return null;
        throw thrown;
      }
    },
    onSuccess: (made) => {
      if (!made) return;
      const { id, stuck } = made;
      if (stuck > 0) noticeDone(t('proposalStuck', { count: stuck }));
      open(id);
    },
  });
  const failed = list.error ?? blank.error ?? propose.error;
  const ways = mayEdit && (
    <Group gap="xs" justify="center">
      <Button
        variant="default"
        leftSection={<IconPlus size={18} stroke={1.7} aria-hidden />}
        loading={blank.isPending}
        onClick={() => blank.mutate()}
      >
        {t('beginBlank')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconStack3 size={18} stroke={1.7} aria-hidden />}
        disabled={project.partCount < 2}
        loading={propose.isPending}
        onClick={() => propose.mutate()}
      >
        {t('beginFromDesign')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileImport size={18} stroke={1.7} aria-hidden />}
        onClick={importing.open}
      >
        {t('beginImport')}
      </Button>
    </Group>
  );
  const all = list.data?.procedures ?? [];
  const { field, shown } = useListSearch(all, t('procedures'), ({ title, savedBy }) =>
    [...Object.values(title), savedBy.name].join('\n'),
  );
  return (
    <section className={css['section']} aria-labelledby="procedures">
      <div className={css['sectionHead']}>
        <Title order={2} id="procedures">
          {t('procedures')}
        </Title>
        {all.length > 0 && ways}
      </div>
      {failed && <ProblemNotice thrown={failed} />}
      {propose.isPending && (
        <Group gap="sm" wrap="nowrap" role="status">
          <Text size="sm">{t('proposing')}</Text>
          <Progress flex={1} miw={80} value={100 * share} aria-label={t('proposing')} />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            onClick={() => stopProposal.current?.abort()}
          >
            {t('proposingStop')}
          </Button>
        </Group>
      )}
      {!list.data && !failed && <Wait />}
      {list.data && all.length === 0 && (
        <EmptyState
          icon={<IconListCheck size={40} stroke={1.2} />}
          title={t('noProcedures')}
          text={t('noProceduresText')}
          action={ways || undefined}
        />
      )}
      {field}
      {shown.length > 0 && (
        <div className={css['rows']}>
          {shown.map((one) => (
            <Row
              key={one.id}
              summary={one}
              reviews={(reviews.data?.reviews ?? []).filter(({ procedure }) => procedure === one.id)}
            />
          ))}
        </div>
      )}
      {mayEdit && <ImportDialog project={project.id} isOpen={isImporting} onClose={importing.close} onOpen={open} />}
    </section>
  );
}

function Row({ summary, reviews }: { summary: ProcedureSummary; reviews: readonly ReviewEntry[] }) {
  const t = procedureStrings.useText();
  const { ago } = useQuantities();
  const { id, project, version } = summary;
  const whole = useQuery({
    queryKey: ['procedure', id, version],
    queryFn: ({ signal }) => procedures.read(id, signal),
    staleTime: Infinity, // a version never changes
  });
  const facts = whole.data && {
    steps: [...stepsOf(whole.data.procedure)].length,
    problems: check(whole.data.procedure).length,
  };
  const title = textIn(summary.title, currentLanguage(), 'en') || t('untitled');
  return (
    <Link to={`/project/${project}/procedures/${id}`} className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560} truncate>
          {title}
        </Text>
        <div className={css['facts']}>
          {facts && <span>{t('stepCount', { count: facts.steps })}</span>}
          <span>{t('versionNow', { n: version })}</span>
          <span>{t('savedBy', { name: summary.savedBy.name, when: ago(summary.savedAt, Date.now()) })}</span>
          {facts && facts.problems > 0 && (
            <span className={css['problems']}>
              <IconAlertTriangle size={14} aria-hidden /> {t('problemCount', { count: facts.problems })}
            </span>
          )}
        </div>
      </div>
      <StandingBadge standing={standingOf(summary, reviews)} release={summary.releases[0]?.release ?? null} />
    </Link>
  );
}
