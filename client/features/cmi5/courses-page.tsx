import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconPackage, IconPackageExport, IconSchool } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { TrainingApi } from '#net/training-api';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import {
  currentLanguage,
  EmptyState,
  isLocalOnly,
  noticeProblem,
  Page,
  ProblemNotice,
  StatusBadge,
  Wait,
} from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { cmi5 } from './cmi5.ts';
import { ExportCourse } from './export-button.tsx';
import { cmi5Strings } from './strings.ts';
import css from './cmi5.module.css';

const training = new TrainingApi(api);

/** `/project/:id/cmi5`: courses that others made, and packages of ours for their platforms. */
export default function CoursesPage() {
  const t = cmi5Strings.useText();
  const { id = '' } = useParams();
  const queries = useQueryClient();
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const courses = useQuery({ queryKey: ['cmi5', id], queryFn: ({ signal }) => cmi5.courses(id, signal) });
  const [reading, setReading] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const role = project.data?.role ?? null;
  const mayEdit = role !== null && may(role, 'training.open');
  const fresh = () => queries.invalidateQueries({ queryKey: ['cmi5', id] });
  const take = async (file: File | undefined) => {
    if (!file) return;
    setReading(file.name);
    setRefused(null);
    try {
      await cmi5.upload(id, file);
      await fresh();
    } catch (thrown) {
      setRefused(thrown);
    } finally {
      setReading(null);
    }
  };
  const list = courses.data?.courses ?? [];
  return (
    <Page title={t('courses')}>
      <Stack gap="lg">
        <div>
          <Title order={1}>{t('courses')}</Title>
          <Text c="dimmed">{t('coursesText')}</Text>
        </div>
        {courses.error && <ProblemNotice thrown={courses.error} onRetry={() => void courses.refetch()} />}
        {!courses.data && !courses.error && <Wait />}
        <h2 className="wh-spoken">{t('listed')}</h2>
        {courses.data && list.length === 0 && (
          <EmptyState
            icon={<IconSchool size={40} stroke={1.2} />}
            title={t('noCourses')}
            text={t(mayEdit ? 'noCoursesText' : 'noCoursesLearner')}
          />
        )}
        <ul className={css['rows']}>
          {list.map((course) => {
            const title = textIn(course.title, currentLanguage(), 'en');
            return (
              <li key={course.id} className={css['row']}>
                <div className={css['grow']}>
                  <Text fw={560}>{title}</Text>
                  <Text size="sm" c="dimmed">
                    {t('units', { count: course.units })}
                  </Text>
                </div>
                {mayEdit && (
                  <Button
                    variant="subtle"
                    aria-label={`${t('remove')}: ${title}`}
                    onClick={() => void cmi5.remove(course.id).then(fresh, noticeProblem)}
                  >
                    {t('remove')}
                  </Button>
                )}
                <Button
                  component={Link}
                  to={`/project/${id}/cmi5/${course.id}`}
                  variant="default"
                  aria-label={`${t('open')}: ${title}`}
                >
                  {t('open')}
                </Button>
              </li>
            );
          })}
        </ul>
        {mayEdit && (
          <Dropzone
            multiple={false}
            loading={reading !== null}
            onDrop={(files: File[]) => void take(files[0])}
            inputProps={{ 'aria-label': t('drop'), accept: '.zip,.xml' }}
          >
            <Stack align="center" gap="xs" style={{ pointerEvents: 'none' }}>
              <IconPackage size={44} stroke={1.1} aria-hidden />
              <Text fw={560}>{reading === null ? t('drop') : t('reading', { name: reading })}</Text>
              <Text size="sm" c="dimmed">
                {t('dropHint')}
              </Text>
            </Stack>
          </Dropzone>
        )}
        {refused !== null && <ProblemNotice thrown={refused} />}
        {mayEdit && <Packages project={id} />}
      </Stack>
    </Page>
  );
}

function Packages({ project }: { readonly project: string }) {
  const t = cmi5Strings.useText();
  const queries = useQueryClient();
  const packages = useQuery({
    queryKey: ['cmi5 packages', project],
    queryFn: ({ signal }) => cmi5.packages(project, signal),
  });
  const own = useQuery({ queryKey: ['courses', project], queryFn: ({ signal }) => training.courses(project, signal) });
  const fresh = () => queries.invalidateQueries({ queryKey: ['cmi5 packages', project] });
  const list = packages.data?.packages ?? [];
  return (
    <section aria-labelledby="packages">
      <Title order={2} id="packages">
        {t('packages')}
      </Title>
      <Text c="dimmed" mb="sm">
        {t('packagesText')}
      </Text>
      {packages.data && list.length === 0 && (
        <EmptyState
          icon={<IconPackageExport size={40} stroke={1.2} />}
          title={t('noPackages')}
          text={t('noPackagesText')}
        />
      )}
      <ul className={css['rows']}>
        {list.map(({ id, title, seats, learners, expiresAt, isRevoked }) => (
          <li key={id} className={css['row']}>
            <div className={css['grow']}>
              <Text fw={560}>{title}</Text>
              <Text size="sm" c="dimmed" className="wh-figures">
                {t('learners', { learners, seats })} ·{' '}
                {t('until', { date: new Date(expiresAt).toLocaleDateString(currentLanguage()) })}
              </Text>
            </div>
            {isRevoked ? (
              <StatusBadge status="quiet">{t('revoked')}</StatusBadge>
            ) : (
              <Button
                variant="subtle"
                aria-label={`${t('revoke')}: ${title}`}
                onClick={() => void cmi5.revoke(id).then(fresh, noticeProblem)}
              >
                {t('revoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isLocalOnly() && (
        <Text size="sm" mt="sm" c="var(--wh-attention)">
          {t('localOnly', { origin: location.origin })}
        </Text>
      )}
      <Text size="sm" mt="sm" c="dimmed">
        {t('toldOnce')}
      </Text>
      <Group mt="sm">
        {(own.data?.courses ?? []).map(({ id, course }) => (
          <ExportCourse
            key={id}
            project={project}
            course={id}
            title={textIn(course.title, currentLanguage(), 'en')}
            isNamed
          />
        ))}
      </Group>
    </section>
  );
}
