import { Button, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNotice } from '../../../ui/index.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';

interface Props {
  readonly project: string;
  readonly members: readonly { readonly value: string; readonly label: string }[];
  /** The group to change; without it a new one is made. */
  readonly group?: { readonly id: string; readonly name: string; readonly members: readonly string[] };
  readonly onDone: (id: string) => void;
}

/** Name and people of a group. */
export function GroupForm({ project, members, group, onDone }: Props) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const [name, setName] = useState(group?.name ?? '');
  const [people, setPeople] = useState<string[]>([...(group?.members ?? [])]);
  const save = useMutation({
    mutationFn: () =>
      group ? training.saveGroup(group.id, name.trim(), people) : training.createGroup(project, name.trim(), people),
    onSuccess: async ({ id }) => {
      // Who comes and goes has another standing in whatever was assigned to the group.
      const stale = [['groups', project], ['courses', project], ...(group ? [['standings']] : [])];
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
      onDone(id);
    },
  });
  return (
    <Stack gap="xs" mt="xs">
      <TextInput label={t('groupName')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <MultiSelect label={t('groupMembers')} searchable data={[...members]} value={people} onChange={setPeople} />
      {save.error && <ProblemNotice thrown={save.error} />}
      <Button
        variant="default"
        disabled={!name.trim() || people.length === 0}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t(group ? 'saveGroup' : 'makeGroup')}
      </Button>
    </Stack>
  );
}
