import { Button, Kbd, Text, TextInput, Title, VisuallyHidden } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { IconBox, IconPlus, IconSearch, IconZoomExclamation } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { BriefSummary, ProjectSummary } from '#protocol/api/index';
import { CardSkeletons, EmptyState, Page, ProblemNotice, useTouch, Wait } from '../../ui/index.ts';
import { api, AssignedCourses, WantedReviews, WantedSignatures } from '../session/index.ts';
import { UnsentRooms } from '../shift/unsent-rooms.tsx';
import { BriefCard } from './brief-card.tsx';
import { moveBetweenCards } from './card-keys.ts';
import { CreateProjectDialog } from './create-project-dialog.tsx';
import css from './hall-page.module.css';
import { ProjectCard } from './project-card.tsx';
import { hallStrings } from './strings.ts';

/** How often people and parts on the cards are brought up to date, ms. */
const REFRESH_MS = 15_000;

export default function HallPage() {
  const t = hallStrings.useText();
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const isPhone = useMediaQuery('(max-width: 520px)');
  const [isCreating, creating] = useDisclosure();
  const [dropped, setDropped] = useState<File | null>(null);
  const list = useQuery({
    queryKey: ['projects'],
    queryFn: ({ signal }) => api.projects(signal),
    refetchInterval: REFRESH_MS,
  });
  useHotkeys([
    ['/', () => search.current?.focus()],
    ['n', creating.open],
  ]);

  const field = (
    <TextInput
      ref={search}
      className={css['search']}
      type="search"
      aria-label={t('search')}
      placeholder={t('search')}
      leftSection={<IconSearch size={18} stroke={1.6} />}
      rightSection={!query && !isPhone ? <Kbd size="xs">/</Kbd> : undefined}
      value={query}
      onChange={(event) => setQuery(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setQuery('');
      }}
    />
  );
  const create = (file: File | null) => {
    setDropped(file);
    creating.open();
  };

  return (
    <Page title={t('title')} header={isPhone ? undefined : field}>
      <VisuallyHidden>
        <Title order={1}>{t('title')}</Title>
      </VisuallyHidden>
      <div className={css['titleRow']}>
        <Title order={2} size="h1">
          {t('yourProjects')}
        </Title>
        <Button leftSection={<IconPlus size={18} />} onClick={() => create(null)}>
          {t('newProject')}
        </Button>
        {isPhone && field}
      </div>
      <UnsentRooms />
      <WantedSignatures />
      <WantedReviews />
      <AssignedCourses />
      {list.data ? (
        <Lists
          projects={list.data.projects}
          briefs={list.data.briefs}
          query={query}
          onClear={() => setQuery('')}
          onCreate={() => create(null)}
        />
      ) : list.error ? (
        <ProblemNotice thrown={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Wait
          skeleton={
            <div className={css['grid']}>
              <CardSkeletons count={6} />
            </div>
          }
        />
      )}
      <Dropzone.FullScreen
        withinPortal={false}
        active={!isCreating}
        multiple={false}
        inputProps={{ 'aria-label': t('dropAnywhere') }}
        onDrop={(files: File[]) => create(files[0] ?? null)}
      >
        <Text size="lg" fw={600} ta="center" mt="40vh">
          {t('dropAnywhere')}
        </Text>
      </Dropzone.FullScreen>
      <CreateProjectDialog
        key={dropped?.name ?? ''}
        file={dropped}
        isOpen={isCreating}
        onClose={() => {
          creating.close();
          setDropped(null);
        }}
      />
    </Page>
  );
}

interface ListsProps {
  readonly projects: readonly ProjectSummary[];
  readonly briefs: readonly BriefSummary[];
  readonly query: string;
  readonly onClear: () => void;
  readonly onCreate: () => void;
}

function Lists({ projects, briefs, query, onClear, onCreate }: ListsProps) {
  const t = hallStrings.useText();
  const isTouch = useTouch();
  const wanted = query.trim().toLowerCase();
  const shownProjects = useMemo(
    () =>
      projects
        .filter(({ title, description }) => `${title}\n${description}`.toLowerCase().includes(wanted))
        .sort((a, b) => Number(b.isDemo) - Number(a.isDemo) || b.updatedAt - a.updatedAt),
    [projects, wanted],
  );
  const shownBriefs = briefs.filter(({ title, isOpen }) => isOpen && title.toLowerCase().includes(wanted));
  const hasOwn = projects.some(({ isDemo }) => !isDemo);

  if (wanted && shownProjects.length + shownBriefs.length === 0)
    return (
      <EmptyState
        icon={<IconZoomExclamation size={40} stroke={1.2} />}
        title={t('nothingFound', { query: query.trim() })}
        text={t('nothingFoundText')}
        action={
          <Button variant="default" onClick={onClear}>
            {t('clearSearch')}
          </Button>
        }
      />
    );
  return (
    <div onKeyDown={moveBetweenCards}>
      <div className={css['grid']}>
        {shownProjects.map((project, index) => (
          <ProjectCard key={project.id} project={project} isFirst={index < 3} />
        ))}
        {!hasOwn && !wanted && (
          <EmptyState
            icon={<IconBox size={44} stroke={1.1} />}
            title={t('emptyTitle')}
            text={t(isTouch ? 'emptyTextTouch' : 'emptyText')}
            action={
              <Button variant="default" leftSection={<IconPlus size={18} />} onClick={onCreate}>
                {t('newProject')}
              </Button>
            }
          />
        )}
      </div>
      {shownBriefs.length > 0 && (
        <section className={css['section']} aria-labelledby="briefs">
          <Title order={2} id="briefs">
            {t('crowdAsked')}
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            {t('crowdText')}
          </Text>
          <div className={css['grid']}>
            {shownBriefs.map((brief) => (
              <BriefCard key={brief.id} brief={brief} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
