import { Loader } from '@mantine/core';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './room-layout.module.css';

/** Stands under the header while the line is cut: work goes on and nothing is lost. */
export function ConnectionBanner() {
  const t = roomStrings.useText();
  const { session } = useRoom();
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  if (connection.state !== 'reconnecting') return null;
  return (
    <div className={css['banner']} role="status">
      <Loader size="xs" aria-hidden />
      <span>
        <strong>{t('reconnecting')}</strong> {t('editsKept')} {pending > 0 && t('editsWaiting', { count: pending })}
      </span>
    </div>
  );
}
