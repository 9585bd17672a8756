import { useEffect, useState } from 'react';
import { useQuantities } from '../strings/quantities.ts';
import { shared } from '../strings/strings.ts';

/** The time now, refreshed each `everyMs`, for texts such as "3 days left". */
export function useNow(everyMs = 30_000): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** "5 days left", or "Closed". */
export function Countdown({ deadlineAt, isOpen }: { deadlineAt: number; isOpen: boolean }) {
  const t = shared.useText();
  const { span, dateTime } = useQuantities();
  const leftMs = deadlineAt - useNow();
  return (
    <time dateTime={new Date(deadlineAt).toISOString()} title={dateTime(deadlineAt)}>
      {isOpen && leftMs > 0 ? t('dueIn', { time: span(leftMs) }) : t('closed')}
    </time>
  );
}
