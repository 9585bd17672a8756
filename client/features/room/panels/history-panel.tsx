import { Button, NativeSelect, Skeleton, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { partsOf } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { ProblemNotice, useNow, useQuantities } from '../../../ui/index.ts';
import { PanelEmpty } from '../layout/panel-empty.tsx';
import { pastStrings } from '../history/strings.ts';
import { usePastFact } from '../history/use-past.ts';
import { historyLines, type HistoryEntry, type HistoryLine } from '../model/history-lines.ts';
import { useDocument, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { useHistory } from '../use-history.ts';
import css from './panels.module.css';

/** Lines drawn at first, and added by each press: ten thousand at once would take a second. */
const LINES = 300;

/** What happened in this room, newest first, in plain words. A line shows the room as it was after it. */
export function HistoryPanel() {
  const t = roomStrings.useText();
  const past = pastStrings.useText();
  const { history, session } = useRoom();
  const { state, entries, hasOlder, failure } = useEntries();
  const [who, setWho] = useState('');
  const lines = useLines(entries);
  const people = useMemo(() => [...new Map(lines.map((line) => [line.authorId, line.author]))], [lines]);
  const shown = useMemo(() => (who ? lines.filter((line) => line.authorId === who) : lines), [who, lines]);
  const seq = usePastFact((now) => now.wanted);
  // Newest first: the first line that was over by then. Lines above it had not happened.
  const current = seq === null ? -1 : shown.findIndex((line) => line.key <= seq);
  const part = usePart(shown.length, current);
  return (
    <div className={css['panel']}>
      <div className={css['bar']}>
        <NativeSelect
          size="xs"
          style={{ flex: 1 }}
          aria-label={t('historyOf')}
          value={who}
          onChange={(event) => setWho(event.currentTarget.value)}
          data={[{ value: '', label: t('everyone') }, ...people.map(([value, label]) => ({ value, label }))]}
        />
      </div>
      <div className={css['scroll']}>
        {state === 'loading' && (
          <Stack gap="sm" p="sm" aria-busy>
            {Array.from({ length: 6 }, (_, index) => (
              <Skeleton key={index} height={30} />
            ))}
          </Stack>
        )}
        {state === 'failed' && (
          <div style={{ padding: 12 }}>
            <ProblemNotice thrown={failure} onRetry={() => void history.refresh()} />
          </div>
        )}
        {state === 'ready' && lines.length === 0 && (
          <PanelEmpty icon={<IconHistory size={28} stroke={1.5} />} title={t('noHistory')} text={t('noHistoryText')} />
        )}
        {part.first > 0 && <More label={past('showNewer')} onClick={part.showNewer} />}
        <ol className={css['list']} aria-label={t('history')}>
          {shown.slice(part.first, part.end).map((line, index) => (
            <li key={line.key}>
              <Line
                line={line}
                moment={
                  current === -1
                    ? 'shown'
                    : part.first + index < current
                      ? 'to come'
                      : part.first + index === current
                        ? 'current'
                        : 'shown'
                }
              />
            </li>
          ))}
        </ol>
        {part.end < shown.length ? (
          <More label={t('showOlder')} onClick={part.showOlder} />
        ) : (
          hasOlder && (
            <More
              label={t('showOlder')}
              onClick={() => {
                void history.loadOlder();
                void session.past.prepare();
                part.showOlder();
              }}
            />
          )
        )}
      </div>
    </div>
  );
}

/** The whole journal as soon as the time line has read it, its newest part until then. */
function useEntries() {
  const { session } = useRoom();
  const { state, lines, hasOlder, failure } = useHistory();
  const replayed = usePastFact((past) => past.replayed >= past.total && past.replayed);
  return useMemo(() => {
    const all: readonly HistoryEntry[] | null = replayed ? session.past.entries() : null;
    return all && all.length >= lines.length
      ? { state: 'ready' as const, entries: all, hasOlder: false, failure: null }
      : { state, entries: lines, hasOlder, failure };
  }, [session, replayed, state, lines, hasOlder, failure]);
}

/** Parts are called as they are now, whatever moment is shown. */
function useLines(entries: readonly HistoryEntry[]): HistoryLine[] {
  const document = useDocument();
  const isPast = usePastFact(({ seq }) => seq !== null);
  const now = useRef(document);
  if (!isPast) now.current = document;
  const parts = partsOf(now.current);
  return useMemo(() => historyLines(entries, (id) => parts.get(id)?.name), [entries, parts]);
}

/** The lines that are drawn: about the current one, the newest at first. */
function usePart(count: number, current: number) {
  const [range, setRange] = useState({ first: 0, end: LINES });
  const isOutside = current >= 0 && (current < range.first || current >= range.end);
  if (isOutside) {
    const first = Math.max(0, current - LINES / 2);
    setRange({ first, end: first + LINES });
  } else if (current === -1 && range.first > 0) setRange({ first: 0, end: LINES });
  return {
    first: Math.min(range.first, count),
    end: Math.min(range.end, count),
    showNewer: () => setRange(({ first, end }) => ({ first: Math.max(0, first - LINES), end })),
    showOlder: () => setRange(({ first, end }) => ({ first, end: end + LINES })),
  };
}

function More({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Stack p="sm">
      <Button size="xs" variant="default" onClick={onClick}>
        {label}
      </Button>
    </Stack>
  );
}

/** Drawn again only when its own moment changes: a step on the time line touches two of three hundred. */
const Line = memo(function Line({ line, moment }: { line: HistoryLine; moment: 'shown' | 'current' | 'to come' }) {
  const t = roomStrings.useText();
  const past = pastStrings.useText();
  const { session, view } = useRoom();
  const { ago, dateTime } = useQuantities();
  const now = useNow();
  const place = useRef<HTMLButtonElement>(null);
  const isCurrent = moment === 'current';
  useEffect(() => {
    if (isCurrent) place.current?.scrollIntoView({ block: 'nearest' });
  });
  const show = () => {
    session.past.seek(line.last);
    view.selection.set(new Set(line.parts.map((id) => PartId.parse(id)).filter((id) => isThere(session, id))));
  };
  return (
    <button
      ref={place}
      type="button"
      className={css['deed']}
      data-moment={moment === 'shown' ? undefined : moment}
      aria-current={isCurrent ? 'step' : undefined}
      title={past('lookAtThis')}
      onClick={show}
    >
      <strong>{line.author}</strong> {t(line.text, { name: line.name, count: line.count })}
      <br />
      <time className={css['quiet']} dateTime={new Date(line.at).toISOString()} title={dateTime(line.at)}>
        {ago(line.at, now)}
      </time>
    </button>
  );
});

const isThere = ({ document }: ReturnType<typeof useRoom>['session'], id: PartId): boolean =>
  partsOf(document.get()).has(id);
