import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCertificate, IconLogin2, IconPencil, IconTrash, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import type { CourseView, StandingView } from '#protocol/api/courses';
import type { Project } from '#protocol/api/index';
import type { TrainingRoomView } from '#protocol/api/training';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import {
  currentLanguage,
  EmptyState,
  noticeDone,
  Page,
  PersonDot,
  ProblemNotice,
  StatusBadge,
  useQuantities,
  Wait,
  type Status,
} from '../../ui/index.ts';
import { procedures } from '../procedures/procedures.ts';
import { api } from '../session/index.ts';
import { ExportCourse } from '../cmi5/index.ts';
import { AssignDialog } from './courses/assign-dialog.tsx';
import { CourseDialog } from './courses/course-dialog.tsx';
import css from './courses/courses.module.css';
import { StandingMark } from './courses/courses-section.tsx';
import { GroupsSection } from './courses/groups-section.tsx';
import { letGo } from './model/let-go.ts';
import { roomFor } from './model/releases-of-room.ts';
import { trainingStrings } from './strings.ts';
import { training } from './training.ts';
import list from './views/training.module.css';

type ModuleState = StandingView['modules'][number]['state'];
const STATUS: Record<ModuleState, Status> = {
  ...{ locked: 'quiet', open: 'active', passed: 'done', lapsed: 'attention', exhausted: 'stop' },
};

/** `/project/:id/courses/:course`: what it asks for, where I stand, and for instructors where everybody does. */
export default function CoursePage() {
  const { id = '', course = '' } = useParams();
  const t = trainingStrings.useText();
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const courses = useQuery({ queryKey: ['courses', id], queryFn: ({ signal }) => training.courses(id, signal) });
  const view = courses.data?.courses.find((one) => one.id === course);
  const failed = project.error ?? courses.error;
  if (project.data && view) return <Course project={project.data} view={view} />;
  const isGone = project.data && courses.data && !courses.isFetching;
  return (
    <Page title="">
      {failed ? (
        <ProblemNotice thrown={failed} onRetry={() => void Promise.all([project.refetch(), courses.refetch()])} />
      ) : isGone ? (
        <EmptyState
          icon={<IconCertificate size={40} stroke={1.2} />}
          title={t('noSuchCourse')}
          text={t('noSuchCourseText')}
          action={
            <Button component={Link} to={`/project/${id}`} variant="default">
              {project.data.title}
            </Button>
          }
        />
      ) : (
        <Wait />
      )}
    </Page>
  );
}

function Course({ project, view }: { readonly project: Project; readonly view: CourseView }) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const [isEditing, editing] = useDisclosure();
  const [isAssigning, assigning] = useDisclosure();
  const mayEdit = project.role !== null && may(project.role, 'course.edit');
  const released = useQuery({
    queryKey: ['procedures', project.id],
    queryFn: ({ signal }) => procedures.list(project.id, signal),
    enabled: mayEdit,
  });
  const { course, standing } = view;
  const navigate = useNavigate();
  const say = (text: CourseView['course']['title']) => textIn(text, currentLanguage(), 'en');
  const remove = () => {
    const here = `/project/${project.id}/courses/${view.id}`;
    letGo(t('courseLeaves', { course: say(course.title) }), {
      act: () => training.removeCourse(view.id),
      done: () => void queries.invalidateQueries({ queryKey: ['courses', project.id] }),
      back: () => void navigate(here),
    });
    void navigate(`/project/${project.id}`);
  };
  return (
    <Page title={say(course.title)}>
      <Text size="sm" c="dimmed">
        <Link to={`/project/${project.id}`} style={{ color: 'inherit' }}>
          {project.title}
        </Link>
      </Text>
      <Group justify="space-between" mt={4} align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {say(course.title)}
          </Title>
          {say(course.description) && (
            <Text mt={4} maw="68ch" style={{ whiteSpace: 'pre-line' }}>
              {say(course.description)}
            </Text>
          )}
          <Group mt="xs" gap="xs">
            <StandingMark standing={standing} />
          </Group>
        </div>
        <Group gap="xs">
          <Button
            component={Link}
            to={`/project/${project.id}/skills`}
            variant="default"
            leftSection={<IconCertificate size={18} stroke={1.7} aria-hidden />}
          >
            {t('toSkills')}
          </Button>
          {mayEdit && (
            <>
              <ExportCourse project={project.id} course={view.id} title={say(course.title)} />
              <Button variant="default" leftSection={<IconTrash size={18} stroke={1.7} aria-hidden />} onClick={remove}>
                {t('removeCourse')}
              </Button>
              <Button
                variant="default"
                leftSection={<IconPencil size={18} stroke={1.7} aria-hidden />}
                onClick={editing.open}
              >
                {t('editCourse')}
              </Button>
              <Button leftSection={<IconUserPlus size={18} stroke={1.7} aria-hidden />} onClick={assigning.open}>
                {t('assign')}
              </Button>
            </>
          )}
        </Group>
      </Group>
      <ModulePath view={view} mayOpen={project.role !== null && may(project.role, 'training.open')} />
      {mayEdit && <Standings view={view} seesAll={project.role !== null && may(project.role, 'results.read')} />}
      {mayEdit && <GroupsSection project={project} course={view.id} />}
      {isEditing && (
        <CourseDialog
          released={(released.data?.procedures ?? []).filter(({ releases }) => releases.length > 0)}
          view={view}
          onClose={editing.close}
          onSave={async (next) => {
            await training.saveCourse(view.id, view.version, next);
            await Promise.all([
              queries.invalidateQueries({ queryKey: ['courses', project.id] }),
              queries.invalidateQueries({ queryKey: ['standings', view.id] }),
            ]);
            noticeDone(t('courseSaved'));
          }}
        />
      )}
      {mayEdit && <AssignDialog project={project} view={view} isOpen={isAssigning} onClose={assigning.close} />}
    </Page>
  );
}

/** The modules in order with my own standing. */
function ModulePath({ view, mayOpen }: { readonly view: CourseView; readonly mayOpen: boolean }) {
  const { course, standing, project } = view;
  const t = trainingStrings.useText();
  const rooms = useQuery({
    queryKey: ['trainings', project],
    queryFn: ({ signal }) => training.rooms(project, signal),
  });
  const { day } = useQuantities();
  const say = (text: CourseView['course']['title']) => textIn(text, currentLanguage(), 'en');
  const titleOf = (id: string) => say(course.modules.find((one) => one.id === id)?.title ?? {});
  return (
    <ol className={css['path']}>
      {course.modules.map((module, at) => {
        const own = standing.modules.find((one) => one.module === module.id);
        return (
          <li key={module.id}>
            <span className={css['number']} aria-hidden>
              {at + 1}
            </span>
            <div className={list['grow']}>
              <Text fw={560}>{say(module.title)}</Text>
              <div className={list['facts']}>
                <span>{t(`mode_${module.mode}`)}</span>
                {module.isOptional && <span>{t('optional')}</span>}
                {own?.state === 'locked' && (
                  <span>{t('waitsForModules', { modules: own.missing.map(titleOf).join(', ') })}</span>
                )}
                {own && own.left !== null && <span>{t('attemptsLeft', { count: own.left })}</span>}
                {own && own.best !== null && <span>{t('bestPoints', { points: own.best })}</span>}
                {own && own.goodUntilMs !== null && <span>{t('goodUntil', { day: day(own.goodUntilMs) })}</span>}
              </div>
            </div>
            {own && <StatusBadge status={STATUS[own.state]}>{t(`state_${own.state}`)}</StatusBadge>}
            {rooms.data && (own?.state === 'open' || own?.state === 'lapsed') && (
              <WayIn module={module} rooms={rooms.data.rooms} mayOpen={mayOpen} project={project} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

interface WayInProps {
  readonly module: CourseView['course']['modules'][number];
  readonly rooms: readonly TrainingRoomView[];
  readonly mayOpen: boolean;
  readonly project: string;
}

/** To a room in which the module's procedure is run, in the mode that counts. */
function WayIn({ module, rooms, mayOpen, project }: WayInProps) {
  const t = trainingStrings.useText();
  const room = roomFor(rooms, module.line);
  if (room)
    return (
      <Button
        component={Link}
        to={`/room/${room.room}?mode=${module.mode}`}
        variant="default"
        aria-label={`${t('practise')}: ${textIn(module.title, currentLanguage(), 'en')}`}
        leftSection={<IconLogin2 size={18} stroke={1.7} aria-hidden />}
      >
        {t('practise')}
      </Button>
    );
  if (!mayOpen)
    return (
      <Text size="sm" c="dimmed">
        {t('noRoomAsk')}
      </Text>
    );
  return (
    <Button component={Link} to={`/project/${project}#training`} variant="default">
      {t('noRoomOpen')}
    </Button>
  );
}

/** `seesAll`: else the hall tells my own alone, which says nothing of who has the course. */
function Standings({ view, seesAll }: { readonly view: CourseView; readonly seesAll: boolean }) {
  const t = trainingStrings.useText();
  const standings = useQuery({
    queryKey: ['standings', view.id],
    queryFn: ({ signal }) => training.standings(view.id, signal),
  });
  const { modules } = view.course;
  const people = standings.data?.standings ?? [];
  return (
    <section className={list['section']} aria-labelledby="standings">
      <div className={list['head']}>
        <Title order={2} id="standings">
          {t('standings')}
        </Title>
        <Anchor component={Link} size="sm" to={`/project/${view.project}/skills`}>
          {t('toSkills')}
        </Anchor>
      </div>
      {standings.error && <ProblemNotice thrown={standings.error} onRetry={() => void standings.refetch()} />}
      {!standings.data && !standings.error && <Wait />}
      {standings.data && people.length === 0 && (
        <EmptyState
          icon={<IconUsers size={40} stroke={1.2} />}
          title={t(seesAll ? 'noStandings' : 'othersStandings')}
          text={t(seesAll ? 'noStandingsText' : 'othersStandingsText')}
        />
      )}
      {people.length > 0 && (
        <div className={list['scroll']} tabIndex={0} role="group" aria-label={t('standings')}>
          <table className={list['table']}>
            <thead>
              <tr>
                <th scope="col">{t('person')}</th>
                {modules.map(({ id, title }) => (
                  <th key={id} scope="col">
                    {textIn(title, currentLanguage(), 'en')}
                  </th>
                ))}
                <th scope="col">{t('result')}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((one) => (
                <tr key={one.user}>
                  <th scope="row">
                    <Group gap={8} wrap="nowrap">
                      <PersonDot name={one.name} user={one.user} size={22} hasTooltip={false} />
                      {one.name}
                    </Group>
                  </th>
                  {modules.map(({ id }) => {
                    const own = one.modules.find(({ module }) => module === id);
                    return (
                      <td key={id} className={list['brief']}>
                        {own && <StatusBadge status={STATUS[own.state]}>{t(`state_${own.state}`)}</StatusBadge>}
                      </td>
                    );
                  })}
                  <td>
                    <StandingMark standing={one} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
