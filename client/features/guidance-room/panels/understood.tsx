import { IconCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { guidanceRoomStrings } from '../strings.ts';

const SHOWN_MS = { good: 4000, news: 4000, bad: 9000 };

/** What was understood without hands, and what happened just now. Screen readers hear of both. */
export function Understood() {
  const t = guidanceRoomStrings.useText();
  const { handsFree, said } = useJob();
  const understood = useReadable(handsFree.understood);
  const latest = said.at(-1);
  const [seen, setSeen] = useState<number | null>(latest?.key ?? null);
  const [key, tone] = [latest?.key, latest?.tone];
  useEffect(() => {
    if (key === undefined || tone === undefined) return undefined;
    const timer = setTimeout(() => setSeen(key), SHOWN_MS[tone]);
    return () => clearTimeout(timer);
  }, [key, tone]);
  return (
    <>
      <div role="status">
        {understood && (
          <p key={understood.key} className={css['understood']} style={{ margin: 0 }}>
            <IconCheck size={24} aria-hidden />
            {t(`understood_${understood.command}`)} · {t(`by_${understood.means}`)}
          </p>
        )}
      </div>
      <div role="log" aria-live="polite">
        {latest && latest.key !== seen && (
          <p key={latest.key} className={css['latest']} data-tone={latest.tone} style={{ margin: 0 }}>
            {latest.text}
          </p>
        )}
      </div>
    </>
  );
}
