import { ActionIcon, Button } from '@mantine/core';
import {
  IconArrowRight,
  IconCamera,
  IconCheck,
  IconHandFinger,
  IconListCheck,
  IconScan,
  IconUserPlus,
  IconVolume,
  type Icon,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { currentLanguage } from '../../../ui/index.ts';
import { ReadAloud } from '../hands-free/read-aloud.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { joining } from '../model/joining.ts';
import { needKey, sayNeed } from '../model/said.ts';
import type { Need } from '../model/tasks.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { DecideNow } from './ways-out.tsx';

const ICONS: Partial<Record<Need['kind'], Icon>> = {
  press: IconCheck,
  approve: IconCheck,
  scan: IconScan,
  photo: IconCamera,
  fill: IconArrowRight,
  readOff: IconArrowRight,
};

/** The one next act, large, at the lower rim: what a pedal or a nod does too. */
export function ActionBar() {
  const t = guidanceRoomStrings.useText();
  const job = useJob();
  const { next, held, goOn, open, steps, say, me, may, hand, info } = job;
  const mine = held && held.ways.length > 0 ? held : null;
  const aloud = useMemo(() => new ReadAloud(), []);
  const step = steps.at(-1)?.step;
  const need = next?.task.need;
  const NextIcon = (need && ICONS[need.kind]) ?? IconHandFinger;
  return (
    <footer className={css['actions']}>
      {mine && <DecideNow {...mine} />}
      {need && next && me.isCrew ? (
        <Button
          className={css['next']}
          leftSection={<NextIcon size={30} aria-hidden />}
          // What is said by both is said once.
          aria-label={[...new Set([t(needKey(need)), sayNeed(next.task, say, t, true)])].join(': ')}
          onClick={goOn}
        >
          {t(needKey(need))}
        </Button>
      ) : mine ? null : me.isCrew || !may('job.act') || info.isClosed ? (
        <div className={css['waits']} role="status">
          <WaitingFor />
        </div>
      ) : (
        <Button
          className={css['next']}
          leftSection={<IconUserPlus size={30} aria-hidden />}
          onClick={() => hand.do('job.join', { person: joining(job) })}
        >
          {t('join')}
        </Button>
      )}
      {/* On a telephone the head's own count of steps opens it: what is waited for needs the room. */}
      <ActionIcon
        className={`${css['side']} ${css['onlyWide']}`}
        variant="default"
        size={64}
        aria-label={t('overview')}
        onClick={() => open({ kind: 'overview' })}
      >
        <IconListCheck size={28} stroke={1.7} />
      </ActionIcon>
      {ReadAloud.isThere && step && (
        <ActionIcon
          className={css['side']}
          variant="default"
          size={64}
          aria-label={t('readAloud')}
          onClick={() =>
            aloud.say(
              `${say.text(step.title)}. ${say.text(step.instruction)}`,
              currentLanguage() === 'zh' ? 'zh' : 'en',
            )
          }
        >
          <IconVolume size={28} stroke={1.7} />
        </ActionIcon>
      )}
    </footer>
  );
}

/** What keeps the step, when it is not me. */
function WaitingFor() {
  const t = guidanceRoomStrings.useText();
  const { steps, say, me } = useJob();
  if (!me.isCrew) return t('notCrew');
  const step = steps.at(-1);
  if (step && step.held.length > 0) return t('waitsForDecision');
  if (step && step.active.phase !== 'active') return t('getReady');
  const open = steps.flatMap(({ tasks }) => tasks).find(({ isDone }) => !isDone)?.need;
  if (open?.kind === 'tool') return t('waitsTool', { tool: say.name('tools', open.tool) });
  if (open?.kind === 'wait') return t(`waits_${open.what}`);
  return t('waitsNothing');
}
