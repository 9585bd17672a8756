import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useRun } from '../run-context.tsx';
import css from './panels.module.css';

export const TONE_ICONS = { good: IconCircleCheck, news: IconInfoCircle, bad: IconAlertTriangle };
/** Long enough to read two lines. */
const SHOWN_MS = { good: 3500, news: 3500, bad: 7000 };

/** What was said just now, where the eyes are; the list of messages has it too, and tells screen readers. */
export function LatestSaid() {
  const { said } = useRun();
  // A new step stands in large letters already.
  const latest = said.findLast(({ tone: one }) => one !== 'news');
  const [seen, setSeen] = useState<number | null>(latest?.key ?? null);
  const [key, tone] = [latest?.key, latest?.tone];
  useEffect(() => {
    if (key === undefined || tone === undefined) return undefined;
    const timer = setTimeout(() => setSeen(key), SHOWN_MS[tone]);
    return () => clearTimeout(timer);
  }, [key, tone]);
  if (!latest || latest.key === seen) return null;
  const Icon = TONE_ICONS[latest.tone];
  return (
    <div className={`${css['said']} ${css['latest']}`} data-tone={latest.tone} aria-hidden>
      <Icon size={16} />
      <span>{latest.text}</span>
    </div>
  );
}
