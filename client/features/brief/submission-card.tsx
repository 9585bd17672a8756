import { Button, Modal, Rating, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCircleCheck, IconLogin2, IconPencil, IconProgress, IconStar } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { BriefView, SubmissionView } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { AssetPicture, noticeDone, noticeProblem, StatusBadge, useQuantities } from '../../ui/index.ts';
import { api, useMe } from '../session/index.ts';
import { AcceptDialog } from './accept-dialog.tsx';
import css from './brief-page.module.css';
import { HandInDialog } from './hand-in-dialog.tsx';
import { RatingDialog } from './rating-dialog.tsx';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly submission: SubmissionView;
}

const STATES = {
  draft: { status: 'quiet', icon: IconPencil },
  submitted: { status: 'active', icon: IconProgress },
  accepted: { status: 'done', icon: IconCircleCheck },
  withdrawn: { status: 'quiet', icon: undefined },
} as const;

export function SubmissionCard({ brief, submission }: Props) {
  const t = briefStrings.useText();
  const { number } = useQuantities();
  const me = useMe();
  const queries = useQueryClient();
  const [isRating, rating] = useDisclosure();
  const [isHandingIn, handingIn] = useDisclosure();
  const [isAccepting, accepting] = useDisclosure();
  const [isListOpen, list] = useDisclosure();
  const { state, isMine, score } = submission;
  const newest = submission.iterations.at(-1);
  // An iteration whose picture could not be taken keeps the one before.
  const picture = submission.iterations.findLast((one) => one.picture !== null)?.picture ?? null;
  const keep = (view: BriefView) => {
    const key = ['brief', brief.id];
    void queries.cancelQueries({ queryKey: key }); // an answer on its way is older than this one
    queries.setQueryData(key, view);
  };
  const mayAccept = may(brief.role, 'submission.accept');
  const isRunning = brief.isOpen && (state === 'draft' || state === 'submitted');
  const withdraw = () =>
    api.withdraw(brief.id, submission.id).then((view) => {
      keep(view);
      noticeDone(t('withdrawn_notice', { title: submission.title }));
    }, noticeProblem);
  const mayRate = !isMine && state === 'submitted' && may(brief.role, 'submission.rate');
  const mayHandIn = isMine && isRunning;
  const myRating = submission.ratings.find(({ user }) => user === me.id);
  const iteration = submission.iterations.length;
  const { status, icon } = STATES[state];

  return (
    <article className={css['card']} data-accepted={state === 'accepted'}>
      <AssetPicture src={picture && api.assetUrl(picture)} title={submission.title} ratio={4 / 3} />
      <div className={css['cardText']}>
        <div style={{ display: 'flex', gap: 8, justifyContent: 'space-between', alignItems: 'flex-start' }}>
          <Text component="h3" fw={600} m={0} lineClamp={2}>
            {submission.title}
          </Text>
          <StatusBadge status={status} icon={icon}>
            {t(state)}
          </StatusBadge>
        </div>
        <Text size="sm" c="dimmed">
          {isMine ? t('mine') : t('by', { name: submission.author.name })} ·{' '}
          {t('iterations', { count: submission.iterations.length })}
        </Text>
        {newest?.note && (
          <Text size="sm" lineClamp={3}>
            {newest.note}
          </Text>
        )}
        <div className={css['stars']}>
          {score === null ? (
            <Text size="sm" c="dimmed">
              {t('notRated')}
            </Text>
          ) : (
            <>
              <Rating value={score} fractions={10} readOnly size="sm" color="signal.6" aria-hidden />
              <Text size="sm" fw={600}>
                {t('score', { score: number(score, 1) })}
              </Text>
              <Button size="compact-xs" variant="subtle" color="gray" onClick={list.open}>
                {t('ratingsCount', { count: submission.ratingCount })}
              </Button>
            </>
          )}
        </div>
        <EarlierRatings submission={submission} />
        <div className={css['cardActions']}>
          <Button
            component={Link}
            to={`/room/${submission.room}`}
            size="xs"
            variant={isMine && state === 'draft' ? 'filled' : 'default'}
            leftSection={<IconLogin2 size={16} stroke={1.7} />}
          >
            {isMine && isRunning ? t('continue') : t('walkIn')}
          </Button>
          {mayRate && (
            <Button size="xs" variant="default" leftSection={<IconStar size={16} stroke={1.7} />} onClick={rating.open}>
              {!myRating
                ? t('rate')
                : myRating.iteration < iteration
                  ? t('rateIteration', { iteration })
                  : t('changeRating')}
            </Button>
          )}
          {mayHandIn && (
            <Button size="xs" variant="default" onClick={handingIn.open}>
              {state === 'submitted' ? t('handInAgain') : t('handIn')}
            </Button>
          )}
          {mayHandIn && state === 'submitted' && (
            <Button size="xs" variant="subtle" color="gray" onClick={() => void withdraw()}>
              {t('withdraw')}
            </Button>
          )}
          {state === 'submitted' && mayAccept && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconCircleCheck size={16} stroke={1.7} />}
              onClick={accepting.open}
            >
              {t('acceptMore')}
            </Button>
          )}
        </div>
      </div>
      <RatingDialog brief={brief} submission={submission} isOpen={isRating} onClose={rating.close} onSaved={keep} />
      <HandInDialog
        brief={brief}
        submission={submission}
        isOpen={isHandingIn}
        onClose={handingIn.close}
        onSaved={keep}
      />
      {mayAccept && (
        <AcceptDialog brief={brief} submission={submission} isOpen={isAccepting} onClose={accepting.close} />
      )}
      <Modal opened={isListOpen} onClose={list.close} title={t('allRatings')}>
        <RatingList brief={brief} submission={submission} />
      </Modal>
    </article>
  );
}

/** Says of ratings that they were given before the newest iteration was handed in. */
function EarlierRatings({ submission: { iterations, ratings } }: Pick<Props, 'submission'>) {
  const t = briefStrings.useText();
  const earlier = ratings.filter(({ iteration }) => iteration < iterations.length);
  if (earlier.length === 0) return null;
  const ofOne = new Set(ratings.map(({ iteration }) => iteration)).size === 1;
  return (
    <Text size="xs" c="dimmed">
      {ofOne ? t('forIteration', { iteration: earlier[0]!.iteration }) : t('forEarlier', { count: earlier.length })}
    </Text>
  );
}

function RatingList({ brief, submission }: Props) {
  const t = briefStrings.useText();
  const { day } = useQuantities();
  return (
    <Stack gap="lg">
      {submission.ratings.map((rating) => (
        <div key={rating.user}>
          <Text size="sm" fw={560}>
            {rating.name}{' '}
            <Text span size="xs" c="dimmed">
              {day(rating.at)}
              {submission.iterations.length > 1 && ` · ${t('forIteration', { iteration: rating.iteration })}`}
            </Text>
          </Text>
          {brief.criteria.map(({ id, label }) => (
            <div key={id} className={css['weight']} style={{ gridTemplateColumns: '1fr auto' }}>
              <Text size="sm">{label}</Text>
              <Rating value={rating.scores[id] ?? 0} readOnly size="xs" color="signal.6" />
            </div>
          ))}
          {rating.note && (
            <Text size="sm" mt={4} style={{ whiteSpace: 'pre-line' }}>
              {rating.note}
            </Text>
          )}
        </div>
      ))}
    </Stack>
  );
}
