import { SegmentedControl } from '@mantine/core';
import { IconMessageCircle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { commentsOf } from '#protocol/design/index';
import { PanelEmpty } from '../layout/panel-empty.tsx';
import { numberedComments, type CommentFilter } from '../model/comment-list.ts';
import { useDocument, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { Button } from '@mantine/core';
import { CommentThread } from './comment-thread.tsx';
import css from './panels.module.css';

/** What was said about the design: each comment is pinned to a face and carries its pin's number. */
export function CommentsPanel() {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const document = useDocument();
  const refusal = useRefusal();
  const open = useReadable(view.openComment);
  const [filter, setFilter] = useState<CommentFilter>('open');
  const comments = useMemo(() => numberedComments(document, filter), [document, filter]);
  const total = commentsOf(document).size;
  const openCount = useMemo(() => numberedComments(document, 'open').length, [document]);
  const refused = refusal('comment.add');
  if (total === 0)
    return (
      <PanelEmpty
        icon={<IconMessageCircle size={28} stroke={1.5} />}
        title={t('noComments')}
        text={refused ? t('noCommentsReader') : t('noCommentsText')}
        action={
          !refused && (
            <Button size="xs" variant="default" onClick={() => view.tool.set('comment')}>
              {t('pinComment')}
            </Button>
          )
        }
      />
    );
  return (
    <div className={css['panel']}>
      <div className={css['bar']}>
        <SegmentedControl
          size="xs"
          aria-label={t('commentFilter')}
          value={filter}
          onChange={(value) => setFilter(value as CommentFilter)}
          data={[
            { value: 'open', label: `${t('openComments')} ${openCount}` },
            { value: 'resolved', label: `${t('resolvedComments')} ${total - openCount}` },
          ]}
        />
      </div>
      {comments.length === 0 ? (
        <PanelEmpty
          icon={<IconMessageCircle size={28} stroke={1.5} />}
          title={t('noneHere')}
          text={filter === 'open' ? t('allResolved') : t('noneResolved')}
        />
      ) : (
        <ul className={css['list']}>
          {comments.map(({ comment, number }) => (
            <CommentThread key={comment.id} comment={comment} number={number} isOpen={open === comment.id} />
          ))}
        </ul>
      )}
    </div>
  );
}
