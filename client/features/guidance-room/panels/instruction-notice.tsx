import { IconFileDiff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ChangeOfJob } from '#protocol/api/guidance';
import { useReadable } from '../../room/room-context.tsx';
import banner from '../../room/layout/room-layout.module.css';
import { api } from '../../session/index.ts';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';

/** Asked again so often, ms: releases are rare. */
const EVERY_MS = 60_000;

/** A newer instruction is there: whether this job goes over to it, and if not, why. Told too when it has gone over. */
export function InstructionNotice() {
  const t = guidanceRoomStrings.useText();
  const { session, job, tell, steps } = useJob();
  const isLive = useReadable(session.connection).state === 'live';
  const { data } = useQuery({
    queryKey: ['instruction-change', session.room, job.release, steps.at(-1)?.active.step, job.away],
    queryFn: ({ signal }) => api.ask(ChangeOfJob, 'GET', `/jobs/${session.room}/instruction-change`, { signal }),
    enabled: isLive && job.status !== 'finished' && job.status !== 'scrapped',
    refetchInterval: EVERY_MS,
    retry: false,
  });
  const count = useRef(job.migrations.length);
  useEffect(() => {
    if (job.migrations.length > count.current) tell(t('goesOnUnder', { n: job.revision }));
    count.current = job.migrations.length;
  }, [job.migrations.length, job.revision, tell, t]);
  const change = data?.change;
  if (!change || change.change === 'stays') return null;
  const why = change.change === 'waits' ? (change.reasons.length > 0 ? 'notYet' : 'waits') : change.change;
  return (
    <div className={banner['banner']} role="status">
      <IconFileDiff size={18} stroke={1.7} aria-hidden />
      <span>
        <strong>{t('newerInstruction', { n: change.to.revision })}</strong>{' '}
        {t(`instruction_${why}`, { n: job.revision, names: change.takenBy.join(t('comma')) })}
      </span>
    </div>
  );
}
