import { Button, Group, Paper, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { partOf, type CommentAnchor } from '#protocol/design/index';
import { CommentId } from '#protocol/ids';
import { noticeProblem } from '../../../ui/index.ts';
import { newId } from '../../../net/new-id.ts';
import { useDocument, useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from '../layout/room-layout.module.css';

/** Asks for the words of a comment after a face was picked in the 3D view. */
export function NewComment() {
  const { view } = useRoom();
  const anchor = useReadable(view.newComment);
  if (!anchor) return null;
  return <Ask key={`${anchor.part}${anchor.pointInPart.join()}`} anchor={anchor} />;
}

function Ask({ anchor }: { anchor: CommentAnchor }) {
  const t = roomStrings.useText();
  const { session, view } = useRoom();
  const part = partOf(useDocument(), anchor.part);
  const [text, setText] = useState('');
  const cancel = () => view.newComment.set(null);
  const send = () => {
    if (!text.trim()) return;
    const id = CommentId.parse(newId());
    const outcome = session.submit('comment.add', { id, anchor, text: text.trim() });
    if ('problem' in outcome) return noticeProblem(outcome.problem);
    view.newComment.set(null);
    view.openComment.set(id);
    view.tool.set('select');
  };
  return (
    <Paper className={css['newComment']} shadow="lg" withBorder p="sm" role="dialog" aria-label={t('newComment')}>
      <Text size="sm" fw={600} mb={6}>
        {t('newCommentOn', { name: part?.name ?? '' })}
      </Text>
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        aria-label={t('newComment')}
        placeholder={t('newCommentHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') cancel();
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            send();
          }
        }}
      />
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button size="xs" variant="default" onClick={cancel}>
          {t('cancel')}
        </Button>
        <Button size="xs" disabled={!text.trim()} onClick={send}>
          {t('pinIt')}
        </Button>
      </Group>
    </Paper>
  );
}
