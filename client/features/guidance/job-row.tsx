import { Button, Text } from '@mantine/core';
import { IconFileCertificate, IconLogin2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { JobView } from '#protocol/api/guidance';
import { noticeProblem, StatusBadge, useQuantities, type Status } from '../../ui/index.ts';
import { guidance, isOver, stepTitle } from './guidance.ts';
import css from './guidance.module.css';
import { guidanceStrings } from './strings.ts';

const LOOK: Record<JobView['summary']['status'], Status> = {
  waiting: 'quiet',
  running: 'active',
  paused: 'quiet',
  onHold: 'attention',
  finished: 'done',
  scrapped: 'stop',
};

/** One job in a list: what it is, where it is, and the way into it, or to its record. */
export function JobRow({ job }: { readonly job: JobView }) {
  const t = guidanceStrings.useText();
  const { dateTime } = useQuantities();
  const { summary, room } = job;
  const steps = summary.steps.map((step) => stepTitle(summary, step)).join(', ');
  return (
    <li className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
          {job.title}
        </Text>
        <div className={css['facts']}>
          <span>{t('orderNamed', { order: summary.order })}</span>
          <span>{summary.station}</span>
          <span>{t('revision', { n: summary.revision })}</span>
          <span>{dateTime(summary.openedAtMs)}</span>
          {steps && !isOver(summary) && <span>{steps}</span>}
        </div>
      </div>
      {summary.undecided > 0 && (
        <StatusBadge status="attention">{t('undecided', { count: summary.undecided })}</StatusBadge>
      )}
      <StatusBadge status={LOOK[summary.status]}>{t(`status_${summary.status}`)}</StatusBadge>
      {isOver(summary) ? (
        <RecordButton room={room} title={job.title} />
      ) : (
        <Button
          component={Link}
          to={`/room/${room}`}
          variant="default"
          aria-label={`${t('enter')}: ${job.title}`}
          leftSection={<IconLogin2 size={18} stroke={1.7} aria-hidden />}
        >
          {t('enter')}
        </Button>
      )}
    </li>
  );
}

function RecordButton({ room, title }: { readonly room: string; readonly title: string }) {
  const t = guidanceStrings.useText();
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: () => guidance.recordOf(room),
    onSuccess: ({ cid }) => navigate(`/record/${cid}`),
    onError: noticeProblem,
  });
  return (
    <Button
      variant="default"
      loading={open.isPending}
      aria-label={`${t('record')}: ${title}`}
      leftSection={<IconFileCertificate size={18} stroke={1.7} aria-hidden />}
      onClick={() => open.mutate()}
    >
      {t('record')}
    </Button>
  );
}
