import { Tooltip } from '@mantine/core';
import { IconCloudCheck, IconCloudOff, IconCloudUp } from '@tabler/icons-react';
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
  const isAway = useReadable(session.connection).state === 'reconnecting';
  const isWaiting = pending > 0 && (isAway || phase !== 'not yet');
  const text = isAway
    ? pending > 0
      ? t('waiting', { count: pending })
      : t('nothingWaits')
    : isWaiting
      ? t('saving', { count: pending })
      : t('everythingSaved');
  const Icon = isAway ? IconCloudOff : isWaiting ? IconCloudUp : IconCloudCheck;
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
        data-state={isWaiting || isAway ? 'waiting' : 'saved'}
        aria-label={isSmall ? text : undefined}
      >
        <Icon size={18} stroke={1.7} aria-hidden />
        {!isSmall && text}
      </span>
    </Tooltip>
  );
}
