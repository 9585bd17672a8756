import { Button, NativeSelect, Skeleton, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { partsOf } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { ProblemNotice, useNow, useQuantities } from '../../../ui/index.ts';
import { PanelEmpty } from '../layout/panel-empty.tsx';
import { historyLines, type HistoryLine } from '../model/history-lines.ts';
import { useDocument, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { useHistory } from '../use-history.ts';
import css from './panels.module.css';

/** What happened in this room, newest first, in plain words. A line about parts selects them. */
export function HistoryPanel() {
  const t = roomStrings.useText();
  const { history, view } = useRoom();
  const document = useDocument();
  const { state, lines: entries, hasOlder, failure } = useHistory();
  const [who, setWho] = useState('');
  const parts = partsOf(document);
  const lines = useMemo(() => historyLines(entries, (id) => parts.get(id)?.name), [entries, parts]);
  const people = useMemo(() => [...new Map(lines.map((line) => [line.authorId, line.author]))], [lines]);
  const shown = who ? lines.filter((line) => line.authorId === who) : lines;
  const select = (line: HistoryLine) => {
    const there = line.parts.filter((id) => parts.has(id)).map((id) => PartId.parse(id));
    view.selection.set(new Set(there));
    view.frame(there);
  };
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
        <ol className={css['list']} aria-label={t('history')}>
          {shown.map((line) => (
            <li key={line.key}>
              <Line line={line} onSelect={line.parts.some((id) => parts.has(id)) ? () => select(line) : null} />
            </li>
          ))}
        </ol>
        {hasOlder && (
          <Stack p="sm">
            <Button size="xs" variant="default" onClick={() => void history.loadOlder()}>
              {t('showOlder')}
            </Button>
          </Stack>
        )}
      </div>
    </div>
  );
}

function Line({ line, onSelect }: { line: HistoryLine; onSelect: (() => void) | null }) {
  const t = roomStrings.useText();
  const { ago, dateTime } = useQuantities();
  const now = useNow();
  const content = (
    <>
      <strong>{line.author}</strong> {t(line.text, { name: line.name, count: line.count })}
      <br />
      <time className={css['quiet']} dateTime={new Date(line.at).toISOString()} title={dateTime(line.at)}>
        {ago(line.at, now)}
      </time>
    </>
  );
  return onSelect ? (
    <button type="button" className={css['deed']} onClick={onSelect}>
      {content}
    </button>
  ) : (
    <div className={css['deed']}>{content}</div>
  );
}
