import { Tooltip } from '@mantine/core';
import { IconCloudCheck, IconCloudUp } from '@tabler/icons-react';
import { useWait } from '../../../ui/components/wait.tsx';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './room-layout.module.css';

/** Whether my work is on the server's disk. A save that takes less than 0.4 s is not worth a flicker. */
export function SavedIndicator({ isSmall = false }: { isSmall?: boolean }) {
  const t = roomStrings.useText();
  const { session } = useRoom();
  const pending = useReadable(session.pendingCount);
  const roundTripMs = useReadable(session.roundTripMs);
  const phase = useWait(pending > 0);
  const isWaiting = pending > 0 && phase !== 'not yet';
  const text = isWaiting ? t('saving', { count: pending }) : t('everythingSaved');
  const Icon = isWaiting ? IconCloudUp : IconCloudCheck;
  return (
    <Tooltip
      label={
        roundTripMs === null
          ? t('savedMeaning')
          : `${t('savedMeaning')} ${t('roundTrip', { ms: Math.round(roundTripMs) })}`
      }
    >
      <span
        role="status"
        className={css['saved']}
        data-state={isWaiting ? 'waiting' : 'saved'}
        aria-label={isSmall ? text : undefined}
      >
        <Icon size={18} stroke={1.7} aria-hidden />
        {!isSmall && text}
      </span>
    </Tooltip>
  );
}
