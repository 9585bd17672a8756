import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBulb } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { BriefView } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import {
  AssetPicture,
  Countdown,
  EmptyState,
  Page,
  ProblemNotice,
  StatusBadge,
  useQuantities,
  Wait,
} from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { BriefActions } from './brief-actions.tsx';
import css from './brief-page.module.css';
import { StartSubmissionDialog } from './start-submission-dialog.tsx';
import { briefStrings } from './strings.ts';
import { SubmissionCard } from './submission-card.tsx';

/** Somebody who watches a brief sees a submission come in, be rated or accepted, without asking again. */
const REFRESH_MS = 5_000;

export default function BriefPage() {
  const { id = '' } = useParams();
  const query = useQuery({
    queryKey: ['brief', id],
    queryFn: ({ signal }) => api.brief(id, signal),
    refetchInterval: REFRESH_MS, // not while the page is out of sight,
    refetchOnWindowFocus: 'always', // therefore at once when it is back
  });
  if (query.data) return <BriefContent brief={query.data} />;
  return (
    <Page title="">
      {query.error ? <ProblemNotice thrown={query.error} onRetry={() => void query.refetch()} /> : <Wait />}
    </Page>
  );
}

function BriefContent({ brief }: { brief: BriefView }) {
  const t = briefStrings.useText();
  const { dateTime, share } = useQuantities();
  const [isStarting, starting] = useDisclosure();
  const mayStart = brief.isOpen && may(brief.role, 'submission.start');
  const weightSum = brief.criteria.reduce((sum, { weight }) => sum + weight, 0);

  return (
    <Page title={brief.title}>
      <div className={css['top']}>
        <AssetPicture
          className={css['picture']}
          src={brief.picture && api.assetUrl(brief.picture)}
          title={brief.title}
          ratio={4 / 3}
          isFirst
        />
        <Stack gap="lg">
          <div>
            <Text size="sm" c="dimmed">
              <Link to={`/project/${brief.project}`} style={{ color: 'inherit' }}>
                {t('inProject', { project: brief.projectTitle })}
              </Link>{' '}
              · {t('askedBy', { name: brief.ownerName })}
            </Text>
            <Title order={1} mt={4} style={{ overflowWrap: 'anywhere' }}>
              {brief.title}
            </Title>
          </div>
          <Group>
            <StatusBadge status={brief.isOpen ? 'active' : 'quiet'}>
              <Countdown deadlineAt={brief.deadlineAt} isOpen={brief.isOpen} />
            </StatusBadge>
          </Group>
          <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{brief.goal}</Text>
          <dl className={css['facts']}>
            <dt>{t('deadline')}</dt>
            <dd>{dateTime(brief.deadlineAt)}</dd>
            <dt>{t('licence')}</dt>
            <dd>{brief.licence}</dd>
          </dl>
          <div>
            <Title order={2} size="h3" mb="xs">
              {t('criteria')}
            </Title>
            <ul className={css['weights']}>
              {brief.criteria.map(({ id, label, weight }) => (
                <li key={id} className={css['weight']}>
                  <span>{label}</span>
                  <span className={css['weightBar']} aria-hidden>
                    <span style={{ width: `${(100 * weight) / weightSum}%` }} />
                  </span>
                  <span>{share(Math.round((100 * weight) / weightSum) * 100)}</span>
                </li>
              ))}
            </ul>
          </div>
          {!brief.isOpen && <Text size="sm">{t('closedText')}</Text>}
          <BriefActions brief={brief} onStart={mayStart ? starting.open : null} />
        </Stack>
      </div>
      <Submissions brief={brief} onStart={mayStart ? starting.open : null} />
      <StartSubmissionDialog brief={brief} isOpen={isStarting} onClose={starting.close} />
    </Page>
  );
}

function Submissions({ brief, onStart }: { brief: BriefView; onStart: (() => void) | null }) {
  const t = briefStrings.useText();
  const [order, setOrder] = useState<'best' | 'newest'>('best');
  const newestAt = (submission: BriefView['submissions'][number]) => submission.iterations.at(-1)?.at ?? 0;
  const shown = brief.submissions
    .filter(({ state, isMine }) => isMine || state === 'submitted' || state === 'accepted')
    .toSorted((a, b) =>
      order === 'best' ? (b.score ?? 0) - (a.score ?? 0) || newestAt(b) - newestAt(a) : newestAt(b) - newestAt(a),
    );
  return (
    <section className={css['section']} aria-labelledby="submissions">
      <div className={css['sectionHead']}>
        <Title order={2} id="submissions">
          {t('submissions')}
        </Title>
        {shown.length > 1 && (
          <SegmentedControl
            size="xs"
            value={order}
            onChange={(value) => setOrder(value as 'best' | 'newest')}
            data={[
              { value: 'best', label: t('sortBest') },
              { value: 'newest', label: t('sortNewest') },
            ]}
          />
        )}
      </div>
      {shown.length === 0 ? (
        <EmptyState
          icon={<IconBulb size={40} stroke={1.2} />}
          title={t('noneTitle')}
          text={t('noneText')}
          action={
            onStart && (
              <Button variant="default" onClick={onStart}>
                {t('startMine')}
              </Button>
            )
          }
        />
      ) : (
        <div className={css['grid']}>
          {shown.map((submission) => (
            <SubmissionCard key={submission.id} brief={brief} submission={submission} />
          ))}
        </div>
      )}
    </section>
  );
}
