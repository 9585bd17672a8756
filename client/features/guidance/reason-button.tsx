import { Button, Checkbox, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LEAST_REASON } from '#protocol/guidance/index';
import { ProblemNotice, shared } from '../../ui/index.ts';
import { sayIn } from './guidance.ts';
import { guidanceStrings } from './strings.ts';

interface Props {
  readonly label: string;
  readonly room: string;
  readonly type: string;
  readonly payload: (reason: string, isTicked: boolean) => unknown;
  /** Something more to decide with it. */
  readonly tick?: string;
  readonly color?: string;
}

/** A decision about a job, with the reason that stays in its record. */
export function ReasonButton({ label, room, type, payload, tick, color = 'gray' }: Props) {
  const t = guidanceStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure();
  const [reason, setReason] = useState('');
  const [isTicked, setTicked] = useState(false);
  const decide = useMutation({
    mutationFn: () => sayIn(room, type, payload(reason.trim(), isTicked)),
    onSuccess: async () => {
      dialog.close();
      setReason('');
      await queries.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="xs" variant="default" c={color === 'gray' ? undefined : color} onClick={dialog.open}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={label}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            decide.mutate();
          }}
        >
          <Stack>
            <Textarea
              data-autofocus
              label={t('reason')}
              description={t('reasonHint')}
              autosize
              minRows={2}
              maxLength={1000}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            {tick && (
              <Checkbox
                label={tick}
                checked={isTicked}
                onChange={({ currentTarget }) => setTicked(currentTarget.checked)}
              />
            )}
            {decide.error && <ProblemNotice thrown={decide.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                {words('cancel')}
              </Button>
              <Button type="submit" loading={decide.isPending} disabled={reason.trim().length < LEAST_REASON}>
                {label}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
