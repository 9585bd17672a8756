import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconCheck, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { RecordView } from '#protocol/api/guidance';
import { rowsOf, type SignedRecord } from '#protocol/guidance/index';
import { CidText, dateTime } from '../../../ui/index.ts';
import { ProofFiles } from '../../guidance/proof-files.tsx';
import { api } from '../../session/index.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { guidanceRoomStrings } from '../strings.ts';

const ASK_AGAIN_MS = 2500;

/** The job while nobody works at a step: before, in a pause, when all is done, and when it is over. */
export function JobStanding() {
  const t = guidanceRoomStrings.useText();
  const { job, procedure, say, state } = useJob();
  const isDone = job.status === 'running' && state !== null && state.status !== 'running';
  return (
    <section className={`${css['panel']} ${css['standing']}`} aria-label={t('job')}>
      <h2 className={css['head']}>{say.text(procedure.title)}</h2>
      <Text c="dimmed">
        {t('station', { station: job.station })} · {job.order} · {t('revision', { n: job.revision })}
      </Text>
      {job.status === 'waiting' && <Begin />}
      {(job.status === 'paused' || job.status === 'onHold') && <Paused />}
      {isDone && <SignOff />}
      {job.status === 'scrapped' && <p className={css['read']}>{t('scrapped')}</p>}
      {(job.status === 'finished' || job.status === 'scrapped') && <Over />}
    </section>
  );
}

function Begin() {
  const t = guidanceRoomStrings.useText();
  const { job, me, may, goOn } = useJob();
  const codes = job.plan.kit.length;
  return (
    <>
      <p className={css['read']}>{t('waiting')}</p>
      {codes > 0 && (
        <Text>
          {t('kit')}: {t('kitText', { count: codes })}
        </Text>
      )}
      {may('job.act') && (
        <Button className={css['next']} leftSection={<IconPlayerPlay size={30} aria-hidden />} onClick={goOn}>
          {t(me.isCrew ? 'begin' : 'joinAndBegin')}
        </Button>
      )}
    </>
  );
}

function Paused() {
  const t = guidanceRoomStrings.useText();
  const { job, document, may, goOn, hand } = useJob();
  const pause = rowsOf(document, 'pauses').findLast(({ endedAtMs }) => endedAtMs === null);
  const isHold = job.status === 'onHold';
  const mayGoOn = isHold ? may('job.supervise') : may('job.act');
  return (
    <>
      <p className={css['read']}>{t(isHold ? 'onHold' : 'paused')}</p>
      {pause && <Text>{pause.reason}</Text>}
      {mayGoOn && (
        <Button
          className={css['next']}
          leftSection={<IconPlayerPlay size={30} aria-hidden />}
          onClick={isHold ? () => hand.do('job.resume', {}) : goOn}
        >
          {t('goOn')}
        </Button>
      )}
    </>
  );
}

/** Deliberate, and so by a press of its own: no pedal and no nod signs for anybody. */
function SignOff() {
  const t = guidanceRoomStrings.useText();
  const { hand, me, may, job, open } = useJob();
  const [statement, setStatement] = useState(() => t('statementText'));
  const isHeld = job.undecided.length > 0 || job.inRework.length > 0;
  return (
    <>
      <p className={css['read']}>{t('allDone')}</p>
      {isHeld && (
        <Button size="lg" mih={56} variant="default" onClick={() => open({ kind: 'deviations' })}>
          {t('deviations')}: {t('waitsForDecision')}
        </Button>
      )}
      {me.isCrew && may('job.signOff') && (
        <>
          <Textarea
            label={t('statement')}
            size="md"
            value={statement}
            onChange={(event) => setStatement(event.currentTarget.value)}
          />
          <Button
            className={css['next']}
            leftSection={<IconCheck size={30} aria-hidden />}
            disabled={isHeld || statement.trim().length < 3}
            onClick={() => hand.do('job.signOff', { statement: statement.trim() })}
          >
            {t('signOff')}
          </Button>
        </>
      )}
    </>
  );
}

function Over() {
  const t = guidanceRoomStrings.useText();
  const { job, session, info } = useJob();
  const { data } = useQuery({
    queryKey: ['job-record', session.room],
    queryFn: ({ signal }) => api.ask(RecordView, 'GET', `/jobs/${session.room}/record`, { signal }),
    // It is made when all is on disk, which may be a moment after the last op was shown here.
    retry: false,
    refetchInterval: (query) => (query.state.data ? false : ASK_AGAIN_MS),
  });
  return (
    <>
      {job.status === 'finished' && job.signature && (
        <p className={css['read']}>
          {t('finished')} {t('finishedText', { serial: job.serial, when: dateTime(job.signature.atMs) })}
        </p>
      )}
      {data ? (
        <>
          <CidText value={data.cid} />
          <Group gap="xs">
            <Button component={Link} to={`/record/${data.cid}`} size="lg" mih={56}>
              {t('record')}
            </Button>
          </Group>
          <ProofFiles cid={data.cid} signed={data.signed as SignedRecord} size="lg" />
        </>
      ) : (
        <Text role="status">{t('recordWaits')}</Text>
      )}
      {info.project && (
        <Button component={Link} to={`/jobs/start?project=${info.project}`} size="lg" mih={56} variant="default">
          {t('newJob')}
        </Button>
      )}
    </>
  );
}
