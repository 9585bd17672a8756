import { Button } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useReadable } from '../../room/room-context.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import type { TrainingView } from './training-view.ts';

/** For who watches: the picture as each of the run's people has it. */
export function FollowButtons({ view }: { view: TrainingView }) {
  const t = trainingRoomStrings.useText();
  const { session, row } = useRun();
  const roster = useReadable(session.participants);
  const followed = useReadable(view.follow.with);
  if (row.participants.some(({ id }) => id === session.me.user)) return null;
  return roster
    .filter(({ user, isConnected }) => isConnected && row.participants.some(({ id }) => id === user))
    .map(({ participant, name }) => {
      const isOn = followed === participant;
      return (
        <Button
          key={participant}
          size="xs"
          variant={isOn ? 'filled' : 'default'}
          aria-pressed={isOn}
          leftSection={isOn ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
          onClick={() => view.follow.with.set(isOn ? null : participant)}
        >
          {t('seeAs', { name })}
        </Button>
      );
    });
}
