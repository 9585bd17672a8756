import { Button, Group, Progress, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSchool } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { CourseView, StandingView } from '#protocol/api/courses';
import type { Project } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import {
  currentLanguage,
  EmptyState,
  ProblemNotice,
  StatusBadge,
  useListSearch,
  useQuantities,
  Wait,
} from '../../../ui/index.ts';
import { procedures } from '../../procedures/procedures.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import css from '../views/training.module.css';
import { CourseDialog } from './course-dialog.tsx';

/** Courses of a project, each with where I stand and what comes next. */
export function CoursesSection({ project }: { readonly project: Project }) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isMaking, making] = useDisclosure();
  const mayEdit = project.role !== null && may(project.role, 'course.edit');
  const courses = useQuery({
    queryKey: ['courses', project.id],
    queryFn: ({ signal }) => training.courses(project.id, signal),
  });
  const list = useQuery({
    queryKey: ['procedures', project.id],
    queryFn: ({ signal }) => procedures.list(project.id, signal),
    enabled: mayEdit,
  });
  const released = (list.data?.procedures ?? []).filter(({ releases }) => releases.length > 0);
  // What is to be done comes first, the next day on top.
  const dueOf = ({ standing: { isDone, dueAt } }: CourseView) => (isDone ? Infinity : (dueAt ?? Number.MAX_VALUE));
  const all = (courses.data?.courses ?? []).toSorted((a, b) => (dueOf(a) === dueOf(b) ? 0 : dueOf(a) - dueOf(b)));
  const { field, shown } = useListSearch(all, t('courses'), ({ course: { title, modules } }) =>
    [title, ...modules.map((one) => one.title)].flatMap((text) => Object.values(text)).join('\n'),
  );
  const button = mayEdit && released.length > 0 && (
    <Button variant="default" leftSection={<IconPlus size={18} stroke={1.7} aria-hidden />} onClick={making.open}>
      {t('newCourse')}
    </Button>
  );
  const text = !mayEdit
    ? t('noCoursesTrainee')
    : released.length > 0 || !list.data
      ? t('noCoursesText')
      : t('noProceduresForCourse');
  return (
    <div className={css['sub']}>
      <div className={css['head']}>
        <Title order={3}>{t('courses')}</Title>
        <Group gap="xs">
          <Button component={Link} to={`/project/${project.id}/cmi5`} variant="subtle" color="gray">
            {t('coursesOfOthers')}
          </Button>
          {all.length > 0 && button}
        </Group>
      </div>
      {courses.error && <ProblemNotice thrown={courses.error} onRetry={() => void courses.refetch()} />}
      {!courses.data && !courses.error && <Wait />}
      {courses.data && all.length === 0 && (
        <EmptyState
          icon={<IconSchool size={40} stroke={1.2} />}
          title={t('noCourses')}
          text={text}
          action={button || undefined}
        />
      )}
      {field}
      {shown.length > 0 && (
        <ul className={css['rows']}>
          {shown.map((one) => (
            <li key={one.id}>
              <CourseRow view={one} />
            </li>
          ))}
        </ul>
      )}
      {mayEdit && isMaking && (
        <CourseDialog
          released={released}
          view={null}
          onClose={making.close}
          onSave={async (course) => {
            const { id } = await training.createCourse(project.id, course);
            await queries.invalidateQueries({ queryKey: ['courses', project.id] });
            await navigate(`/project/${project.id}/courses/${id}`);
          }}
        />
      )}
    </div>
  );
}

function CourseRow({ view }: { readonly view: CourseView }) {
  const t = trainingStrings.useText();
  const { course, standing } = view;
  const say = (text: CourseView['course']['title']) => textIn(text, currentLanguage(), 'en');
  const next = course.modules.find(({ id }) =>
    standing.modules.some(({ module, state }) => module === id && (state === 'open' || state === 'lapsed')),
  );
  const done = standing.modules.filter(({ state }) => state === 'passed').length;
  const total = course.modules.length;
  return (
    <Link className={css['row']} to={`/project/${view.project}/courses/${view.id}`}>
      <div className={css['grow']}>
        <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
          {say(course.title)}
        </Text>
        <div className={css['facts']}>
          <span>{t('doneOf', { done, total })}</span>
          <span>
            {standing.isDone ? t('allDone') : next ? t('next', { module: say(next.title) }) : t('nothingNext')}
          </span>
        </div>
      </div>
      <Progress
        value={(done / Math.max(1, total)) * 100}
        w={120}
        color="var(--wh-done)"
        aria-label={t('doneOf', { done, total })}
      />
      <StandingMark standing={standing} />
    </Link>
  );
}

/** Done, in progress, due, overdue. */
export function StandingMark({ standing }: { readonly standing: StandingView }) {
  const t = trainingStrings.useText();
  const { dayShort } = useQuantities();
  if (standing.isOverdue) return <StatusBadge status="stop">{t('overdue')}</StatusBadge>;
  if (standing.isDone)
    return (
      <StatusBadge status="done">
        {standing.nextRefresherAt === null
          ? t('done')
          : t('nextRefresher', { day: dayShort(standing.nextRefresherAt) })}
      </StatusBadge>
    );
  if (standing.dueAt !== null)
    return <StatusBadge status="attention">{t('due', { day: dayShort(standing.dueAt) })}</StatusBadge>;
  return <StatusBadge status="active">{t('notDone')}</StatusBadge>;
}
