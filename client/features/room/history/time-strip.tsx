import { Button, Menu, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerSkipBack, IconPlayerSkipForward } from '@tabler/icons-react';
import { memo, useEffect, useMemo, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { PersonDot, ProblemNotice, useQuantities } from '../../../ui/index.ts';
import type { PastState } from '../../../net/past-view.ts';
import { useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './past.module.css';
import { pastStrings } from './strings.ts';
import { PLAY_SPEED } from './time-line.ts';
import { daysOf, stretchesOf } from './time-marks.ts';
import { useColorsOf, useDeedAt, usePastFact, usePastState } from './use-past.ts';

/** Longer histories are read only when somebody wants to look back. */
const READ_AT_ONCE = 20_000;
const SPEEDS = [1, 5, 20, 100] as const;
const MOST_STRETCHES = 240;

/** The room's time line: drag, step or play to any moment; its right end is now. `isFlat`: part of a sheet. */
export function TimeStrip({ isFlat = false }: { isFlat?: boolean }) {
  const t = pastStrings.useText();
  const { past } = useRoom().session;
  const { seq, wanted, total, replayed, failure } = usePastState();
  const { number } = useQuantities();
  useEffect(() => {
    if (past.state.get().total <= READ_AT_ONCE) void past.prepare();
  }, [past]);
  const last = total - 1;
  const at = wanted ?? last;
  return (
    <section className={css['strip']} data-time-strip data-flat={isFlat || undefined} aria-label={t('timeline')}>
      <div className={css['told']}>
        <Told seq={at} isNow={wanted === null} isArriving={wanted !== null && wanted !== seq} />
        <span className={`${css['count']} wh-figures`}>{t('stepOf', { step: number(at), total: number(last) })}</span>
      </div>
      <Transport />
      <Line at={at} last={last} replayed={replayed} />
      <Button
        className={css['now']}
        size="compact-sm"
        variant="default"
        disabled={wanted === null}
        onClick={() => past.backToNow()}
      >
        {t('now')}
      </Button>
      {failure && (
        <div className={css['failure']}>
          <ProblemNotice thrown={failure} onRetry={() => void past.prepare()} />
        </div>
      )}
    </section>
  );
}

/** Who did what at the moment that is shown. */
function Told({ seq, isNow, isArriving }: { seq: number; isNow: boolean; isArriving: boolean }) {
  const t = pastStrings.useText();
  const room = roomStrings.useText();
  const deed = useDeedAt(seq);
  const color = useColorsOf(useAuthors());
  const percent = usePastFact(percentRead);
  const { moment, share } = useQuantities();
  if (isArriving) return <span className={css['deed']}>{t('reading', { percent: share(percent * 100) })}</span>;
  if (isNow || !deed) return <span className={css['deed']}>{isNow ? t('youSeeNow') : ''}</span>;
  return (
    <span className={css['deed']}>
      <PersonDot name={deed.author} color={color(deed.authorId)} size={20} hasTooltip={false} />
      <span className={css['ellipsis']}>
        <strong>{deed.author}</strong> {room(deed.text, { name: deed.name, count: deed.count })}
      </span>
      <time dateTime={new Date(deed.at).toISOString()}>{moment(deed.at, Date.now())}</time>
    </span>
  );
}

const percentRead = ({ replayed, total }: PastState): number => Math.floor((100 * replayed) / Math.max(1, total));

function Transport() {
  const t = pastStrings.useText();
  const { past } = useRoom().session;
  const playing = usePastFact(({ speed }) => speed);
  const [chosen, setChosen] = useState<number>(PLAY_SPEED);
  const isPlaying = playing !== null;
  const isFirst = usePastFact(({ wanted, total }) => (wanted ?? total - 1) <= 0);
  const isNow = usePastFact(({ wanted }) => wanted === null);
  const choose = (speed: number) => {
    setChosen(speed);
    if (isPlaying) past.play(speed);
  };
  return (
    <div className={css['transport']}>
      <Step label={t('stepBack')} icon={IconPlayerSkipBack} isOff={isFirst} onClick={() => past.step(-1)} />
      <Step
        label={isPlaying ? t('pause') : t('play')}
        icon={isPlaying ? IconPlayerPause : IconPlayerPlay}
        isOff={false}
        onClick={() => (isPlaying ? past.pause() : past.play(chosen))}
      />
      <Step label={t('stepForward')} icon={IconPlayerSkipForward} isOff={isNow} onClick={() => past.step(1)} />
      <Menu position="top" shadow="md">
        <Menu.Target>
          <button type="button" className={`${css['speed']} wh-figures`}>
            <span className="wh-spoken">{t('speed')}: </span>
            {t('perSecond', { count: chosen })}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('speed')}</Menu.Label>
          {SPEEDS.map((speed) => (
            <Menu.Item key={speed} onClick={() => choose(speed)} fw={speed === chosen ? 600 : undefined}>
              {t('perSecondSpoken', { count: speed })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

interface StepProps {
  readonly label: string;
  readonly icon: typeof IconPlayerPlay;
  readonly isOff: boolean;
  readonly onClick: () => void;
}

function Step({ label, icon: Icon, isOff, onClick }: StepProps) {
  return (
    <Tooltip label={label}>
      <button type="button" className={css['step']} aria-label={label} disabled={isOff} onClick={onClick}>
        <Icon size={18} stroke={1.7} aria-hidden />
      </button>
    </Tooltip>
  );
}

/** Everybody whose steps were read, in the order in which they came; the same list until there are more entries. */
function useAuthors(): readonly string[] {
  const { past } = useRoom().session;
  const isRead = usePastFact(({ replayed, total }) => replayed >= total && replayed);
  return useMemo(
    () => (isRead ? [...new Set(past.entries().map(({ author }) => author.id as string))] : []),
    [past, isRead],
  );
}

function Line({ at, last, replayed }: { at: number; last: number; replayed: number }) {
  const t = pastStrings.useText();
  const room = roomStrings.useText();
  const { past } = useRoom().session;
  const { number, moment } = useQuantities();
  const deed = useDeedAt(at);
  const isNow = at === last;
  const onKeyDown = (event: KeyboardEvent) => {
    const { speed } = past.state.get();
    if (event.key === ' ' && speed === null) past.play(PLAY_SPEED);
    else if (event.key === ' ') past.pause();
    else if (event.key === 'Escape') past.backToNow();
    else return;
    event.preventDefault();
  };
  const spoken =
    isNow || !deed
      ? t('spokenNow', { total: number(last) })
      : t('spoken', {
          ...{ step: number(at), total: number(last), time: moment(deed.at, Date.now()), author: deed.author },
          deed: room(deed.text, { name: deed.name, count: deed.count }),
        });
  return (
    <div className={css['line']}>
      <Marks isRead={replayed > last} />
      <input
        type="range"
        className={css['slider']}
        aria-label={t('time')}
        aria-valuetext={spoken}
        min={0}
        max={Math.max(1, last)}
        step={1}
        value={at}
        disabled={last < 1}
        style={{ '--share': `${(100 * at) / Math.max(1, last)}%` } as CSSProperties}
        onChange={(event) => {
          past.pause();
          past.seek(Number(event.currentTarget.value));
        }}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

/** Who worked when, and where days begin. Drawn once per history, not per step. */
const Marks = memo(function Marks({ isRead }: { isRead: boolean }) {
  const { past } = useRoom().session;
  const { dayShort } = useQuantities();
  const entries = isRead ? past.entries() : null;
  const stretches = useMemo(() => (entries ? stretchesOf(entries, MOST_STRETCHES) : []), [entries]);
  const days = useMemo(() => (entries ? daysOf(entries) : []), [entries]);
  const color = useColorsOf(useAuthors());
  const count = entries?.length ?? 1;
  const place = (seq: number) => `${(100 * seq) / Math.max(1, count - 1)}%`;
  return (
    <div className={css['marks']} aria-hidden>
      <svg viewBox={`0 0 ${count} 1`} preserveAspectRatio="none">
        {stretches.map(({ from, width, user, height }) => (
          <rect key={from} x={from} width={width} y={1 - height} height={height} fill={color(user)} />
        ))}
      </svg>
      {days.map(({ seq, at, hasName }) => (
        <span key={seq} className={css['day']} style={{ insetInlineStart: place(seq) }}>
          {hasName && dayShort(at)}
        </span>
      ))}
    </div>
  );
});
