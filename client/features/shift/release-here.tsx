import { Button, PasswordInput, Select, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { jobOf, LEAST_REASON, releaseKeyOf, rowsOf } from '#protocol/guidance/index';
import { UserId } from '#protocol/ids';
import { signRelease } from '../../offline/release-key.ts';
import { ProblemNotice } from '../../ui/index.ts';
import { shift } from './shift.ts';
import { shiftStrings } from './strings.ts';

interface Props {
  readonly session: GuidanceSession;
  readonly step: string;
  readonly what: 'skill' | 'step';
  readonly onReleased: () => void;
}

/** A supervisor who stands here releases a step with the key that they left on this device, and a reason. */
export function ReleaseHere({ session, step, what, onReleased }: Props) {
  const t = shiftStrings.useText();
  const [who, setWho] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const [reason, setReason] = useState('');
  const [thrown, setThrown] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const document = session.document.get();
  const { data: keys = [] } = useQuery({
    queryKey: ['release keys', session.room],
    queryFn: async () => (await shift.store.keys()).filter(({ user, did }) => releaseKeyOf(document, user) === did),
    networkMode: 'always',
  });
  if (keys.length === 0)
    return (
      <Text c="dimmed" mt="md">
        {t('noKeys')}
      </Text>
    );
  const release = async () => {
    const key = keys.find(({ user }) => user === (who ?? keys[0]!.user))!;
    const job = jobOf(document)!;
    const visit = rowsOf(document, 'visits').findLast((one) => one.step === step && one.leftAtMs === null);
    setBusy(true);
    setThrown(null);
    try {
      const slip = {
        step: step as never,
        visit: visit?.n ?? 0,
        what,
        reason: reason.trim(),
        by: UserId.parse(key.user),
      };
      const signature = await signRelease(key, pin, job, slip);
      const made = session.submitJob('step.releaseBy', { slip, signature });
      if ('problem' in made) setThrown(made.problem);
      else onReleased();
    } catch (cause) {
      setThrown(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label={t('releaseTitle')}>
      <Text mt="md" fw={600}>
        {t('releaseTitle')}
      </Text>
      <Select
        size="md"
        label={t('releaseWho')}
        allowDeselect={false}
        data={keys.map(({ user, name }) => ({ value: user, label: name }))}
        value={who ?? keys[0]!.user}
        onChange={setWho}
      />
      <Textarea
        size="md"
        label={t('releaseReason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <PasswordInput
        size="md"
        label={t('pin')}
        autoComplete="off"
        value={pin}
        onChange={(event) => setPin(event.currentTarget.value)}
      />
      {thrown !== null && <ProblemNotice thrown={thrown} />}
      <Button
        mt="md"
        size="lg"
        mih={56}
        loading={isBusy}
        disabled={pin === '' || reason.trim().length < LEAST_REASON}
        onClick={() => void release()}
      >
        {t('release')}
      </Button>
    </section>
  );
}
