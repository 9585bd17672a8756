import { Button, Textarea } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState, type CSSProperties } from 'react';
import { partOf, type Comment } from '#protocol/design/index';
import { CommentId } from '#protocol/ids';
import { noticeDone, noticeProblem, useNow, useQuantities } from '../../../ui/index.ts';
import { colorOf } from '../model/holding.ts';
import { newId } from '../../../net/new-id.ts';
import { useDocument, useMe, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './panels.module.css';

interface Props {
  readonly comment: Comment;
  readonly number: number;
  readonly isOpen: boolean;
}

/** One comment with its replies. Opening it turns the camera to its face. */
export function CommentThread({ comment, number, isOpen }: Props) {
  const t = roomStrings.useText();
  const { session, view } = useRoom();
  const document = useDocument();
  const me = useMe();
  const refusal = useRefusal();
  const { ago, dateTime } = useQuantities();
  const now = useNow();
  const [reply, setReply] = useState('');
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);

  const author = useReadable(session.participants).find(({ user }) => user === comment.author.id);
  const pinColor = author ? colorOf(author.color) : '#5b6b82'; // as the pin in 3D: grey for who is not here
  const part = partOf(document, comment.anchor.part);
  const isMine = comment.author.id === me.user;
  const submit = (outcome: ReturnType<typeof session.submit>): boolean => {
    if ('problem' in outcome) noticeProblem(outcome.problem);
    return !('problem' in outcome);
  };
  const toggle = () => {
    if (isOpen) return view.openComment.set(null);
    view.openComment.set(comment.id);
    view.focusComment(comment.id);
  };
  const sendReply = () => {
    const text = reply.trim();
    if (!text) return;
    if (submit(session.submit('comment.reply', { id: comment.id, reply: CommentId.parse(newId()), text })))
      setReply('');
  };
  const resolve = () => {
    const resolved = !comment.resolved;
    if (submit(session.submit('comment.resolve', { id: comment.id, resolved })) && resolved)
      noticeDone(t('commentResolved', { number }), () => session.undo());
  };
  const remove = () => {
    if (submit(session.submit('comment.delete', { id: comment.id })))
      noticeDone(t('commentDeleted', { number }), () => session.undo());
  };
  const mayResolve = refusal('comment.resolve', [], isMine) === null;
  const mayDelete = refusal('comment.delete', [], isMine) === null;
  const mayReply = refusal('comment.reply') === null;
  const by = (author: string, at: number) => (
    <>
      <strong>{author}</strong>{' '}
      <time className={css['quiet']} dateTime={new Date(at).toISOString()} title={dateTime(at)}>
        {ago(at, now)}
      </time>
    </>
  );
  return (
    <li ref={item} className={css['thread']} data-open={isOpen || undefined}>
      <button type="button" className={css['threadHead']} aria-expanded={isOpen} onClick={toggle}>
        <span
          className={css['pin']}
          data-resolved={comment.resolved || undefined}
          style={{ '--pin': pinColor } as CSSProperties}
        >
          <span className="wh-spoken">{t('commentNumber')} </span>
          {number}
        </span>
        <span className={css['who']}>
          {by(comment.author.name, comment.at)}
          <span className={css['quiet']} style={{ display: 'block' }}>
            {part?.name ?? t('partGone')}
            {!isOpen && comment.replies.length > 0 && ` · ${t('replyCount', { count: comment.replies.length })}`}
          </span>
        </span>
      </button>
      <p className={css['text']}>{comment.text}</p>
      {isOpen &&
        comment.replies.map((one) => (
          <div key={one.id} className={css['reply']}>
            <div className={css['who']}>{by(one.author.name, one.at)}</div>
            <p className={css['text']} style={{ marginTop: 2 }}>
              {one.text}
            </p>
          </div>
        ))}
      {isOpen && mayReply && (
        <Textarea
          mt={8}
          size="xs"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={4000}
          aria-label={t('reply')}
          placeholder={t('reply')}
          value={reply}
          onChange={(event) => setReply(event.currentTarget.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              sendReply();
            }
          }}
        />
      )}
      {isOpen && (
        <div className={css['actions']}>
          {mayReply && reply.trim() && (
            <Button size="compact-xs" onClick={sendReply}>
              {t('send')}
            </Button>
          )}
          {mayResolve && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={comment.resolved ? <IconArrowBackUp size={14} /> : <IconCheck size={14} />}
              onClick={resolve}
            >
              {comment.resolved ? t('reopen') : t('resolve')}
            </Button>
          )}
          {mayDelete && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              leftSection={<IconTrash size={14} />}
              onClick={remove}
            >
              {t('delete')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
