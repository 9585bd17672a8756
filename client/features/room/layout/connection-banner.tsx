import { useEffect, useRef, useState } from 'react';
import { Loader } from '@mantine/core';
import { useReadable, useLine } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './room-layout.module.css';

/** A room that moves to another server process is back before this; nobody needs to read of it. */
const SHOWN_AFTER_MS = 1_000;

/** Stands under the header while the line is cut: work goes on and nothing is lost. */
export function ConnectionBanner() {
  const t = roomStrings.useText();
  const { session } = useLine();
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  const isAway = connection.state === 'reconnecting';
  // Opened from what this device keeps, before or without the hall.
  const wasThere = useRef(!isAway);
  if (!isAway) wasThere.current = true;
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isAway) return;
    const timer = setTimeout(() => setLong(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  if (!isAway || !isLong) return null;
  return (
    <div className={css['banner']} role="status">
      <Loader size="xs" aria-hidden />
      <span>
        <strong>{t(wasThere.current ? 'reconnecting' : 'connecting')}</strong>{' '}
        {t(wasThere.current ? 'editsKept' : 'keptMeanwhile')} {pending > 0 && t('editsWaiting', { count: pending })}
      </span>
    </div>
  );
}
