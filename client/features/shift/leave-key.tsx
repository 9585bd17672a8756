import { Button, PasswordInput, Text, Title } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { may } from '#protocol/permissions/index';
import { LEAST_PIN, leaveKey } from '../../offline/release-key.ts';
import type { TakenJob } from '../../offline/shift.store.ts';
import { noticeDone, ProblemNotice } from '../../ui/index.ts';
import { api, useMe } from '../session/index.ts';
import { shift } from './shift.ts';
import { shiftStrings } from './strings.ts';

/** A supervisor leaves their key on this device, for the jobs that are on it. */
export function LeaveKey({ jobs }: { jobs: readonly TakenJob[] }) {
  const t = shiftStrings.useText();
  const me = useMe();
  const queries = useQueryClient();
  const [pin, setPin] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const keys = useQuery({ queryKey: ['release keys'], queryFn: () => shift.store.keys(), networkMode: 'always' });
  const mine = useQuery({
    queryKey: ['jobs i supervise', jobs.map(({ room }) => room)],
    queryFn: async ({ signal }) => {
      const infos = await Promise.all(jobs.map(({ room }) => api.room(room, signal)));
      return infos.filter(({ role }) => role !== null && may(role, 'job.supervise')).map(({ id }) => id as string);
    },
    retry: false,
  });
  const leave = async () => {
    setBusy(true);
    setThrown(null);
    try {
      await leaveKey(shift, me, pin, mine.data!);
      setPin('');
      noticeDone(t('keyLeft'));
      await queries.invalidateQueries({ queryKey: ['release keys'] });
    } catch (cause) {
      setThrown(cause);
    } finally {
      setBusy(false);
    }
  };
  const names = (keys.data ?? []).map(({ name }) => name).join(', ');
  if (!mine.data?.length)
    return names === '' ? null : (
      <Text mt="xl" c="dimmed">
        {t('keysHere', { names })}
      </Text>
    );
  return (
    <section aria-labelledby="supervisor">
      <Title order={2} id="supervisor" mt="xl" mb="sm">
        {t('supervisor')}
      </Title>
      <Text c="dimmed" maw="68ch">
        {t('supervisorText')} {names !== '' && t('keysHere', { names })}
      </Text>
      <PasswordInput
        mt="sm"
        maw={320}
        label={t('pin')}
        description={t('pinHint', { least: LEAST_PIN })}
        autoComplete="new-password"
        value={pin}
        onChange={(event) => setPin(event.currentTarget.value)}
      />
      {thrown !== null && <ProblemNotice thrown={thrown} />}
      <Button
        mt="sm"
        leftSection={<IconKey size={18} />}
        loading={isBusy}
        disabled={pin.length < LEAST_PIN}
        onClick={() => void leave()}
      >
        {t('leaveKey')}
      </Button>
    </section>
  );
}
