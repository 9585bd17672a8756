import { Button, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSchool } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Project } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { EmptyState, ProblemNotice, Wait } from '../../../ui/index.ts';
import { procedures } from '../../procedures/procedures.ts';
import { CoursesSection } from '../courses/courses-section.tsx';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import { OpenRoomDialog } from './open-room-dialog.tsx';
import { ResultsTable } from './results-table.tsx';
import { RoomRow } from './room-row.tsx';
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
  const section = useRef<HTMLElement>(null);
  const isDrawn = rooms.isFetched && (list.isFetched || !mayOpen);
  // Whoever comes for it: what stands above is drawn by then.
  useEffect(() => {
    if (isDrawn && location.hash === '#training') section.current?.scrollIntoView();
  }, [isDrawn]);
  if (role === null) return null;
  const all = rooms.data?.rooms ?? [];
  const shown = all.filter(({ closed }) => !closed);
  const over = all.filter(({ closed }) => closed);
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
    <section ref={section} className={css['section']} aria-labelledby="training">
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
          title={t(over.length > 0 ? 'noRoomsOpen' : 'noRooms')}
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
      {over.length > 0 && (
        <details className={css['over']}>
          <summary>{t('closedRooms', { count: over.length })}</summary>
          <ul className={css['rows']}>
            {over.map((room) => (
              <RoomRow key={room.room} room={room} mayConduct={may(role, 'run.command')} />
            ))}
          </ul>
        </details>
      )}
      <CoursesSection project={project} />
      {all.length > 0 && <ResultsTable project={project} rooms={all} />}
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
