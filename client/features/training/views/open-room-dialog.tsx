import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { ProcedureSummary } from '#protocol/api/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, ProblemNotice, shared } from '../../../ui/index.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';

interface Props {
  readonly project: string;
  readonly released: readonly ProcedureSummary[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** A room for the newest release of each chosen procedure; then straight to its console. */
export function OpenRoomDialog({ project, released, isOpen, onClose }: Props) {
  const t = trainingStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const nameOf = (one: ProcedureSummary) => textIn(one.title, currentLanguage(), 'en');
  // With one procedure there is nothing to choose.
  const picked = released.filter(({ id }) => released.length === 1 || chosen.includes(id));
  const name = title.trim() || (picked[0] ? nameOf(picked[0]) : '');
  const open = useMutation({
    mutationFn: () =>
      training.open(
        project,
        name,
        picked.map(({ releases }) => releases[0]!.cid),
      ),
    onSuccess: async ({ room }) => {
      await queries.invalidateQueries({ queryKey: ['trainings', project] });
      onClose();
      await navigate(`/project/${project}/training/${room}`);
    },
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('openRoom')}>
      <Stack>
        <Checkbox.Group label={t('whichProcedures')} value={picked.map(({ id }) => id)} onChange={setChosen}>
          <Stack gap="xs" mt="xs">
            {released.map((one) => (
              <Checkbox
                key={one.id}
                value={one.id}
                label={nameOf(one)}
                description={t('release', { n: one.releases[0]!.release })}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label={t('roomTitle')}
          placeholder={name}
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {open.error && <ProblemNotice thrown={open.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button loading={open.isPending} disabled={picked.length === 0} onClick={() => open.mutate()}>
            {t('open')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
