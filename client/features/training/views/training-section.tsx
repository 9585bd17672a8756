import { Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDeviceDesktopAnalytics, IconLogin2, IconPlus, IconSchool } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import type { TrainingRoomView } from '#protocol/api/training';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, EmptyState, PersonDots, ProblemNotice, StatusBadge, Wait } from '../../../ui/index.ts';
import { procedures } from '../../procedures/procedures.ts';
import { CoursesSection } from '../courses/courses-section.tsx';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import { OpenRoomDialog } from './open-room-dialog.tsx';
import { ResultsTable } from './results-table.tsx';
import css from './training.module.css';

const REFRESH_MS = 15_000;

/** Training on a project's page: rooms, courses, results, each with what comes next. */
export function TrainingSection({ project }: { readonly project: Project }) {
  const t = trainingStrings.useText();
  const [isOpening, opening] = useDisclosure();
  const role = project.role;
  const mayOpen = role !== null && may(role, 'training.open');
  const rooms = useQuery({
    queryKey: ['trainings', project.id],
    queryFn: ({ signal }) => training.rooms(project.id, signal),
    refetchInterval: REFRESH_MS,
  });
  const list = useQuery({
    queryKey: ['procedures', project.id],
    queryFn: ({ signal }) => procedures.list(project.id, signal),
    enabled: mayOpen,
  });
  if (role === null) return null;
  const shown = rooms.data?.rooms ?? [];
  const hasRelease = (list.data?.procedures ?? []).some(({ releases }) => releases.length > 0);
  const button = mayOpen && hasRelease && (
    <Button
      variant={shown.length === 0 ? 'filled' : 'default'}
      leftSection={<IconPlus size={18} stroke={1.7} aria-hidden />}
      onClick={opening.open}
    >
      {t('openRoom')}
    </Button>
  );
  const empty = !mayOpen ? t('noRoomsTrainee') : hasRelease || !list.data ? t('noRoomsText') : t('noRoomsNoRelease');
  return (
    <section className={css['section']} aria-labelledby="training">
      <div className={css['head']}>
        <Title order={2} id="training">
          {t('training')}
        </Title>
        {shown.length > 0 && button}
      </div>
      {rooms.error && <ProblemNotice thrown={rooms.error} onRetry={() => void rooms.refetch()} />}
      {!rooms.data && !rooms.error && <Wait />}
      {rooms.data && shown.length === 0 && (
        <EmptyState
          icon={<IconSchool size={40} stroke={1.2} />}
          title={t('noRooms')}
          text={empty}
          action={button || undefined}
        />
      )}
      {shown.length > 0 && (
        <ul className={css['rows']}>
          {shown.map((room) => (
            <RoomRow key={room.room} room={room} mayConduct={may(role, 'run.command')} />
          ))}
        </ul>
      )}
      <CoursesSection project={project} />
      {shown.length > 0 && <ResultsTable project={project} rooms={shown} />}
      {mayOpen && (
        <OpenRoomDialog
          project={project.id}
          released={(list.data?.procedures ?? []).filter(({ releases }) => releases.length > 0)}
          isOpen={isOpening}
          onClose={opening.close}
        />
      )}
    </section>
  );
}

function RoomRow({ room, mayConduct }: { readonly room: TrainingRoomView; readonly mayConduct: boolean }) {
  const t = trainingStrings.useText();
  const { underWay, present } = room;
  const titles = room.procedures.map(({ title }) => textIn(title, currentLanguage(), 'en'));
  return (
    <li className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
          {room.title}
        </Text>
        <div className={css['facts']}>
          <span>{titles.join(' · ')}</span>
        </div>
        <div className={css['facts']}>
          <PersonDots names={present} size={22} />
          <span>{present.length > 0 ? t('peopleIn', { count: present.length }) : t('nobodyIn')}</span>
          {underWay > 0 ? (
            <StatusBadge status="active">{t('runsUnderWay', { count: underWay })}</StatusBadge>
          ) : (
            <span>{t('noRunsUnderWay')}</span>
          )}
        </div>
      </div>
      <Group gap="xs">
        {mayConduct && (
          <Button
            component={Link}
            to={`/project/${room.project}/training/${room.room}`}
            variant="default"
            aria-label={`${t('conduct')}: ${room.title}`}
            leftSection={<IconDeviceDesktopAnalytics size={18} stroke={1.7} aria-hidden />}
          >
            {t('conduct')}
          </Button>
        )}
        <Button
          component={Link}
          to={`/room/${room.room}`}
          variant="default"
          aria-label={`${t('enter')}: ${room.title}`}
          leftSection={<IconLogin2 size={18} stroke={1.7} aria-hidden />}
        >
          {t('enter')}
        </Button>
      </Group>
    </li>
  );
}
