import { ActionIcon, Button, Text, Title, Tooltip } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useDisclosure } from '@mantine/hooks';
import { IconBadgeVr, IconLogin2, IconPencil } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import type { Project } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import {
  AssetPicture,
  Page,
  PersonDots,
  ProblemNotice,
  roleName,
  shared,
  StatusBadge,
  useTouch,
  Wait,
} from '../../ui/index.ts';
import { api, WantedReviews, WantedSignatures } from '../session/index.ts';
import { BriefsSection } from './briefs-section.tsx';
import { EditProjectDialog } from './edit-project-dialog.tsx';
import { FileDrop } from './file-drop.tsx';
import { FirstImport, isBeingDrawn } from './first-import.tsx';
import { useHeadset } from './headset.ts';
import { ImportBar } from './import-bar.tsx';
import { imports, useImports } from './imports.ts';
import { MembersSection } from './members-section.tsx';
import css from './project-page.module.css';
import { JobsSection } from '../guidance/index.ts';
import { ProceduresSection } from '../procedures/index.ts';
import { TrainingSection } from '../training/index.ts';
import { RevisionsSection } from './revisions-section.tsx';
import { projectStrings } from './strings.ts';

const REFRESH_MS = 10_000;

export default function ProjectPage() {
  const { id = '' } = useParams();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['project', id],
    queryFn: ({ signal }) => api.project(id, signal),
    refetchInterval: REFRESH_MS,
  });
  useEffect(
    () =>
      imports.onChange((project) => {
        void queries.invalidateQueries({ queryKey: ['project', project] });
        void queries.invalidateQueries({ queryKey: ['projects'] });
      }),
    [queries],
  );
  if (query.data) return <ProjectView project={query.data} />;
  return (
    <Page title="">
      {query.error ? <ProblemNotice thrown={query.error} onRetry={() => void query.refetch()} /> : <Wait />}
    </Page>
  );
}

function ProjectView({ project }: { project: Project }) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const hasHeadset = useHeadset();
  const isTouch = useTouch();
  const [isEditing, editing] = useDisclosure();
  const jobs = useImports(project.id);
  const role = project.role;
  const mayImport = role !== null && may(role, 'import.start') && may(role, 'parts.add');
  const running = jobs.find(({ state }) => state.kind === 'running');
  // Until there is something to see, what is coming in stands in its place.
  const first = project.picture === null ? (running ?? jobs.find(isBeingDrawn)) : undefined;
  usePicture(project, running !== undefined);
  const isEmpty = project.partCount === 0 && first === undefined;
  const roomPath = `/room/${project.room}`;
  const take = (file: File | undefined) => {
    if (file) imports.start(project, file);
  };

  return (
    <Page title={project.title}>
      <WantedSignatures project={project.id} />
      <WantedReviews project={project.id} />
      <div className={css['top']}>
        {first ? (
          <FirstImport job={first} />
        ) : isEmpty && mayImport ? (
          <FileDrop title={t(isTouch ? 'dropTitleTouch' : 'dropTitle')} hint={t('dropHint')} onFile={take} isLarge />
        ) : (
          <AssetPicture
            className={css['picture']}
            src={project.picture && api.assetUrl(project.picture)}
            title={project.title}
            ratio={16 / 10}
            isFirst
          />
        )}
        <div className={css['head']}>
          <div>
            <div style={{ display: 'flex', alignItems: 'flex-start', gap: 8 }}>
              <Title order={1} style={{ overflowWrap: 'anywhere', flex: 1 }}>
                {project.title}
              </Title>
              {role !== null && may(role, 'project.edit') && (
                <Tooltip label={t('edit')}>
                  <ActionIcon aria-label={t('edit')} onClick={editing.open}>
                    <IconPencil size={18} stroke={1.7} />
                  </ActionIcon>
                </Tooltip>
              )}
            </div>
            <div className={css['facts']} style={{ marginTop: 8 }}>
              {project.isDemo && (
                <StatusBadge status="quiet" icon={null}>
                  {t('demoBadge')}
                </StatusBadge>
              )}
              {!(first && project.partCount === 0) && <span>{words('parts', { count: project.partCount })}</span>}
              {role !== null && <span>{t('myRole', { role: roleName(words, role) })}</span>}
            </div>
          </div>
          {project.description && (
            <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{project.description}</Text>
          )}
          {role !== null && (
            <div style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
              <Button
                component={Link}
                to={roomPath}
                size="lg"
                fz="md"
                variant={isEmpty && mayImport ? 'default' : 'filled'}
                leftSection={<IconLogin2 size={22} stroke={1.7} />}
              >
                {t('enterRoom')}
              </Button>
              {hasHeadset && (
                <Text size="sm" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
                  <IconBadgeVr size={20} stroke={1.6} aria-hidden /> {t('enterVrHint')}
                </Text>
              )}
              <div className={css['facts']}>
                <PersonDots names={project.present} />
                <span>
                  {project.present.length > 0 ? t('hereNow', { count: project.present.length }) : t('nobodyHere')}
                </span>
              </div>
            </div>
          )}
          {jobs
            .filter((job) => job !== first || isBeingDrawn(job))
            .map((job) => (
              <ImportBar key={job.id} job={job} />
            ))}
          {mayImport && !isEmpty && !first && <FileDrop title={t('importTitle')} hint={t('dropHint')} onFile={take} />}
        </div>
      </div>
      <RevisionsSection project={project} />
      <ProceduresSection project={project} />
      <TrainingSection project={project} />
      <JobsSection project={project} />
      <div className={css['columns']}>
        <BriefsSection project={project} />
        <MembersSection project={project} />
      </div>
      {mayImport && (
        <Dropzone.FullScreen
          withinPortal={false}
          active
          multiple={false}
          inputProps={{ 'aria-label': t('dropAnywhere') }}
          onDrop={(files: File[]) => take(files[0])}
        >
          <Text size="lg" fw={600} ta="center" mt="40vh">
            {t('dropAnywhere')}
          </Text>
        </Dropzone.FullScreen>
      )}
      <EditProjectDialog key={project.title} project={project} isOpen={isEditing} onClose={editing.close} />
    </Page>
  );
}

/**
 * Whoever may edit the project and looks at its page has its picture drawn when there is none yet, and again when the
 * design was changed since and nobody works on it any more.
 */
function usePicture(project: Project, isImporting: boolean): void {
  const { id, room, picture, pictureAt, partCount, role, present, updatedAt } = project;
  const queries = useQueryClient();
  const isOld = picture === null || (pictureAt !== null && pictureAt < updatedAt && present.length === 0);
  const isDue = isOld && !isImporting && partCount > 0 && role !== null && may(role, 'project.edit');
  useEffect(() => {
    if (!isDue) return;
    void import('./project-picture.ts').then(async ({ drawProjectPicture }) => {
      if (await drawProjectPicture({ id, room }, updatedAt))
        await queries.invalidateQueries({ queryKey: ['project', id] });
    });
  }, [isDue, id, room, updatedAt, queries]);
}
