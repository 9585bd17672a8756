import { Button, Modal, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { LEAST_REASON } from '#protocol/guidance/index';
import { useReadable } from '../../room/room-context.tsx';
import { ReleaseHere } from '../../shift/release-here.tsx';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';
import { WhoMay } from './who-may.tsx';

/** Which skill is missing, who can do the step, and the release by who may, with a reason that stays in the record. */
export function SkillDialog({ gate: id }: { gate: string }) {
  const t = guidanceRoomStrings.useText();
  const { job, steps, hand, open, may, session } = useJob();
  const isAway = useReadable(session.connection).state !== 'live';
  const [reason, setReason] = useState('');
  const gate = job.plan.gates.find((one) => one.id === id);
  const task = steps.flatMap(({ tasks }) => tasks).find((one) => one.id === id);
  const isThere = task?.isDone ?? false;
  // Granted, or released by somebody else, while this was open.
  useEffect(() => {
    if (isThere) open(null);
  }, [isThere, open]);
  if (gate?.kind !== 'skill') return null;
  const release = () => {
    if (hand.do('step.release', { step: gate.step, what: 'skill', reason: reason.trim() })) open(null);
  };
  return (
    <Modal opened onClose={() => open(null)} title={t('gate_skill', { code: gate.code, level: gate.level })} size="lg">
      <Text size="lg">{t('skillMissing', { code: gate.code, level: gate.level })}</Text>
      <Text c="dimmed">{t('skillWho')}</Text>
      {!may('job.supervise') && !isAway && <WhoMay action="job.supervise" />}
      {may('job.supervise') && (
        <>
          <Textarea
            mt="md"
            size="md"
            label={t('reason')}
            description={t('reasonHint')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button mt="md" size="lg" mih={56} disabled={reason.trim().length < LEAST_REASON} onClick={release}>
            {t('releaseSkill')}
          </Button>
        </>
      )}
      {!may('job.supervise') && isAway && (
        <ReleaseHere session={session} step={gate.step} what="skill" onReleased={() => open(null)} />
      )}
    </Modal>
  );
}
