import { Anchor, Button, Group, Rating, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BriefView, SubmissionView } from '#protocol/api/index';
import { Countdown, PersonDot, ProblemNotice, useNow, useQuantities } from '../../../ui/index.ts';
import { RatingDialog, StartSubmissionDialog } from '../../brief/index.ts';
import { HandInDialog } from '../dialogs/hand-in-dialog.tsx';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './panels.module.css';

/** In a brief's room: what is asked for and what came in. In a submission's room: handing in, and what others think. */
export function CrowdPanel() {
  const t = roomStrings.useText();
  const { api, info } = useRoom();
  const queries = useQueryClient();
  const id = info.brief ?? info.id;
  const key = ['brief', id];
  const brief = useQuery({ queryKey: key, queryFn: ({ signal }) => api.brief(id, signal), refetchInterval: 15_000 });
  const save = (next: BriefView) => queries.setQueryData(key, next);
  if (brief.isPending)
    return (
      <Stack p="sm" aria-busy>
        <Skeleton height={20} width="70%" />
        <Skeleton height={80} />
        <Skeleton height={120} />
      </Stack>
    );
  if (brief.isError)
    return (
      <div style={{ padding: 12 }}>
        <ProblemNotice thrown={brief.error} onRetry={() => void brief.refetch()} />
      </div>
    );
  const submission = brief.data.submissions.find((one) => one.room === info.id);
  return (
    <div className={css['panel']}>
      <div className={css['scroll']}>
        {info.purpose === 'submission' && submission && (
          <Mine brief={brief.data} submission={submission} onSaved={save} />
        )}
        <Asked brief={brief.data} isShort={info.purpose === 'submission'} />
        {info.purpose === 'brief' && <Submissions brief={brief.data} />}
        {info.purpose === 'submission' && (
          <div className={css['section']}>
            <Button component={Link} to={`/brief/${id}`} variant="default" size="xs" fullWidth>
              {t('toBrief')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function Asked({ brief, isShort }: { brief: BriefView; isShort: boolean }) {
  const t = roomStrings.useText();
  const [isStarting, setIsStarting] = useState(false);
  return (
    <>
      <section className={css['section']} aria-label={t('goal')}>
        <h2>{t('goal')}</h2>
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} lineClamp={isShort ? 4 : undefined}>
          {brief.goal}
        </Text>
        <Group justify="space-between" mt="sm">
          <Text size="sm" fw={560}>
            <Countdown deadlineAt={brief.deadlineAt} isOpen={brief.isOpen} />
          </Text>
          <Text size="xs" c="dimmed">
            {brief.licence}
          </Text>
        </Group>
        {!isShort && brief.isOpen && brief.role !== 'observer' && (
          <Button fullWidth mt="sm" onClick={() => setIsStarting(true)}>
            {t('startSubmission')}
          </Button>
        )}
        <StartSubmissionDialog brief={brief} isOpen={isStarting} onClose={() => setIsStarting(false)} />
      </section>
      <section className={css['section']} aria-label={t('criteria')}>
        <h2>{t('criteria')}</h2>
        {brief.criteria.map(({ id, label, weight }) => (
          <div key={id} className={css['criterion']}>
            <span>{label}</span>
            <span className={css['quiet']}>× {weight}</span>
          </div>
        ))}
      </section>
    </>
  );
}

function Submissions({ brief }: { brief: BriefView }) {
  const t = roomStrings.useText();
  const { number } = useQuantities();
  const shown = brief.submissions.filter(({ state }) => state !== 'withdrawn');
  return (
    <section className={css['section']} aria-label={t('submissions')}>
      <h2>{t('submissionCount', { count: shown.length })}</h2>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('noSubmissions')}
        </Text>
      )}
      {shown.map((one) => (
        <Group key={one.id} gap="xs" py={4} wrap="nowrap">
          <PersonDot name={one.author.name} user={one.author.id} size={26} />
          <div className={css['grow']}>
            <Anchor
              size="sm"
              fw={560}
              component={Link}
              to={`/room/${one.room}`}
              className={css['ellipsis']}
              display="block"
            >
              {one.title}
            </Anchor>
            <Text size="xs" c="dimmed">
              {one.author.name} · {t(`state_${one.state}`)}
            </Text>
          </div>
          {one.score !== null && (
            <Text size="sm" fw={600} aria-label={t('scoreOf', { score: number(one.score, 1) })}>
              ★ {number(one.score, 1)}
            </Text>
          )}
        </Group>
      ))}
    </section>
  );
}

interface MineProps {
  readonly brief: BriefView;
  readonly submission: SubmissionView;
  readonly onSaved: (brief: BriefView) => void;
}

function Mine({ brief, submission, onSaved }: MineProps) {
  const t = roomStrings.useText();
  const { session } = useRoom();
  const pending = useReadable(session.pendingCount);
  const { ago, number } = useQuantities();
  const now = useNow();
  const [open, setOpen] = useState<'handIn' | 'rate' | null>(null);
  const last = submission.iterations.at(-1);
  const isOver = submission.state === 'accepted' || submission.state === 'withdrawn' || !brief.isOpen;
  const mayRate =
    !submission.isMine && submission.state !== 'draft' && submission.state !== 'withdrawn' && brief.role !== 'observer';
  return (
    <section className={css['section']} aria-label={t('submission')}>
      <Group justify="space-between" mb={6} wrap="nowrap">
        <Text fw={600} className={css['ellipsis']}>
          {submission.title}
        </Text>
        <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
          {t(`state_${submission.state}`)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {t('byPerson', { name: submission.author.name })}
        {last && ` · ${t('handedInAgo', { ago: ago(last.at, now) })}`}
      </Text>
      {submission.score !== null && (
        <Group gap="xs" mt="xs" aria-label={t('scoreOf', { score: number(submission.score, 1) })}>
          <Rating readOnly fractions={10} size="sm" value={submission.score} aria-hidden />
          <Text size="sm" fw={600}>
            {number(submission.score, 1)}
          </Text>
          <Text size="xs" c="dimmed">
            {t('ratingCount', { count: submission.ratingCount })}
          </Text>
        </Group>
      )}
      {submission.isMine && !isOver && (
        <Button fullWidth mt="sm" disabled={pending > 0} onClick={() => setOpen('handIn')}>
          {submission.state === 'draft' ? t('handIn') : t('handInAgain')}
        </Button>
      )}
      {mayRate && (
        <Button fullWidth mt="sm" onClick={() => setOpen('rate')}>
          {t('rate')}
        </Button>
      )}
      {submission.ratings.map((rating) => (
        <div key={`${rating.name}${rating.at}`} className={css['reply']}>
          <div className={css['who']}>
            <strong>{rating.name}</strong> <span className={css['quiet']}>{ago(rating.at, now)}</span>
          </div>
          {brief.criteria.map(({ id, label }) =>
            rating.scores[id] === undefined ? null : (
              <div key={id} className={css['criterion']}>
                <span>{label}</span>
                <span aria-label={t('stars', { count: rating.scores[id] })}>{'★'.repeat(rating.scores[id])}</span>
              </div>
            ),
          )}
          {rating.note && <p className={css['text']}>{rating.note}</p>}
        </div>
      ))}
      <HandInDialog
        brief={brief}
        submission={submission}
        isOpen={open === 'handIn'}
        onClose={() => setOpen(null)}
        onSaved={onSaved}
      />
      <RatingDialog
        brief={brief}
        submission={submission}
        isOpen={open === 'rate'}
        onClose={() => setOpen(null)}
        onSaved={onSaved}
      />
    </section>
  );
}
