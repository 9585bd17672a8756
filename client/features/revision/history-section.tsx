import { Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RevisionView } from '#protocol/api/index';
import { PersonDot, ProblemNotice, useQuantities, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { contributorColors } from './contributor-colors.ts';
import css from './revision-page.module.css';
import { revisionStrings } from './strings.ts';

const LINE_PX = 40;
const VIEW_PX = 400;
/** Lines drawn above and below what is seen, so that fast scrolling shows no gap. */
const SPARE = 8;

/** What was done, newest first. Only what is in sight is drawn: a journal may have 100 000 lines. */
export function HistorySection({ revision }: { revision: RevisionView }) {
  const t = revisionStrings.useText();
  const { dateTime } = useQuantities();
  const colors = contributorColors(revision);
  const [query, setQuery] = useState('');
  const [scrolledPx, setScrolledPx] = useState(0);
  const history = useQuery({
    queryKey: ['history', revision.cid],
    queryFn: ({ signal }) => api.revisionHistory(revision.cid, signal),
    staleTime: Infinity, // a revision never changes
  });
  const lines = (history.data?.lines ?? []).toSorted((a, b) => b.seq - a.seq);
  const said = (type: string) => didText(t, type);
  const wanted = query.trim().toLowerCase();
  const shown = wanted
    ? lines.filter(({ author, type }) => `${author} ${said(type)}`.toLowerCase().includes(wanted))
    : lines;
  const first = Math.max(0, Math.floor(scrolledPx / LINE_PX) - SPARE);
  const visible = shown.slice(first, first + Math.ceil(VIEW_PX / LINE_PX) + 2 * SPARE);

  return (
    <section className={css['section']} aria-labelledby="history">
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, justifyContent: 'space-between', marginBottom: 16 }}>
        <div>
          <Title order={2} id="history">
            {t('history')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('historyText', { count: revision.journal.length })}
          </Text>
        </div>
        {lines.length > 12 && (
          <TextInput
            type="search"
            aria-label={t('historySearch')}
            placeholder={t('historySearch')}
            leftSection={<IconSearch size={18} stroke={1.6} />}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        )}
      </div>
      {history.error ? (
        <ProblemNotice thrown={history.error} onRetry={() => void history.refetch()} />
      ) : history.isPending ? (
        <Wait />
      ) : (
        <div
          className={`${css['history']} ${css['panel']}`}
          style={{ height: Math.min(VIEW_PX, shown.length * LINE_PX + 2), overflowY: 'auto' }}
          tabIndex={0}
          role="list"
          aria-label={t('history')}
          onScroll={(event) => setScrolledPx(event.currentTarget.scrollTop)}
        >
          <div style={{ height: shown.length * LINE_PX }} role="presentation">
            {visible.map((line, index) => (
              <div
                key={line.seq}
                role="listitem"
                className={css['line']}
                style={{ top: (first + index) * LINE_PX, height: LINE_PX }}
                title={line.cid}
              >
                <span>{line.seq}</span>
                <PersonDot name={line.author} size={24} color={colors.get(line.author)} />
                <Text size="sm" truncate>
                  <Text span inherit fw={560}>
                    {line.author}
                  </Text>{' '}
                  {said(line.type)}
                </Text>
                <time dateTime={new Date(line.at).toISOString()}>{dateTime(line.at)}</time>
              </div>
            ))}
          </div>
        </div>
      )}
    </section>
  );
}

type T = ReturnType<typeof revisionStrings.useText>;
const DID = {
  'room.opened': 'did_genesis',
  'parts.add': 'did_parts_add',
  'parts.delete': 'did_parts_delete',
  'part.move': 'did_part_move',
  'part.place': 'did_part_place',
  'part.rename': 'did_part_rename',
  'part.setMaterial': 'did_part_setMaterial',
  'part.setHidden': 'did_part_setHidden',
  'part.setDimensions': 'did_part_setDimensions',
  'comment.add': 'did_comment_add',
  'comment.reply': 'did_comment_reply',
  'comment.resolve': 'did_comment_resolve',
  'comment.delete': 'did_comment_delete',
  'history.undo': 'did_history_undo',
  'history.redo': 'did_history_redo',
} as const;

function didText(t: T, type: string): string {
  const key = DID[type as keyof typeof DID];
  return key ? t(key) : t('did_something', { type });
}
