import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  Paper,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Title,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconTrash, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useParams } from 'react-router';
import { may } from '#protocol/permissions/index';
import { EmptyState, noticeProblem, Page, ProblemNotice, Wait } from '../../ui/index.ts';
import { api, session } from '../session/index.ts';
import { helpApi } from './help-api.ts';
import { ExpertLine } from './ring-dialog.tsx';
import { helpStrings } from './strings.ts';

/** `/project/:id/experts`: who can be called from this project's jobs. */
export default function ExpertsPage() {
  const t = helpStrings.useText();
  const { id = '' } = useParams();
  const queries = useQueryClient();
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const list = useQuery({
    queryKey: ['experts', id],
    queryFn: ({ signal }) => helpApi.experts(id, signal),
    refetchInterval: 10_000,
  });
  const me = session.get()?.me.id;
  const members = project.data?.members ?? [];
  const role = members.find(({ user }) => user === me)?.role ?? project.data?.role ?? 'observer';
  const mayPlan = may(role, 'job.plan');
  const experts = list.data?.experts ?? [];
  const mine = experts.find(({ person }) => person === me);
  const refresh = (work: Promise<unknown>) =>
    work.then(() => queries.invalidateQueries({ queryKey: ['experts', id] }), noticeProblem);
  const failed = project.error ?? list.error;
  return (
    <Page title={t('experts')} isNarrow>
      <Title order={1} mb={4}>
        {t('experts')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('expertsLead')}
      </Text>
      {failed && <ProblemNotice thrown={failed} />}
      {!list.data && !failed && <Wait text={t('experts')} />}
      {mine && (
        <Switch
          size="md"
          mb="md"
          label={t('duty')}
          checked={mine.isOnDuty}
          onChange={(event) => void refresh(helpApi.setDuty(event.currentTarget.checked))}
        />
      )}
      {list.data && experts.length === 0 && (
        <EmptyState icon={<IconUsers size={28} stroke={1.5} />} title={t('nobody')} text={t('nobodyText')} />
      )}
      <Stack gap="xs">
        {experts.map((expert) => (
          <Paper key={expert.person} withBorder p="sm" radius="md">
            <Group justify="space-between" wrap="nowrap">
              <ExpertLine expert={expert} />
              {mayPlan && (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  size={40}
                  aria-label={`${t('remove')}: ${expert.name}`}
                  onClick={() => void refresh(helpApi.removeExpert(id, expert.person))}
                >
                  <IconTrash size={18} stroke={1.7} />
                </ActionIcon>
              )}
            </Group>
          </Paper>
        ))}
      </Stack>
      {mayPlan && (
        <AddExpert
          people={members
            .filter(
              ({ user, role: theirs }) => may(theirs, 'job.help') && !experts.some(({ person }) => person === user),
            )
            .map(({ user, name }) => ({ value: user, label: name }))}
          rank={experts.length}
          onAdd={(expert) => void refresh(helpApi.putExpert(id, expert))}
        />
      )}
    </Page>
  );
}

interface AddProps {
  readonly people: { readonly value: string; readonly label: string }[];
  readonly rank: number;
  readonly onAdd: (expert: Parameters<typeof helpApi.putExpert>[1]) => void;
}

function AddExpert({ people, rank, onAdd }: AddProps) {
  const t = helpStrings.useText();
  const [person, setPerson] = useState<string | null>(null);
  const [languages, setLanguages] = useState<string[]>([]);
  const [subjects, setSubjects] = useState<string[]>([]);
  const [place, setPlace] = useState<number>(rank + 1);
  return (
    <Paper withBorder p="md" radius="md" mt="lg" component="section" aria-label={t('addExpert')}>
      <Title order={2} size="h4" mb="sm">
        {t('addExpert')}
      </Title>
      <Stack gap="sm">
        <Select label={t('person')} data={people} value={person} onChange={setPerson} searchable />
        <TagsInput label={t('subjects')} description={t('subjectsHint')} value={subjects} onChange={setSubjects} />
        <TagsInput label={t('languages')} description={t('languagesHint')} value={languages} onChange={setLanguages} />
        <NumberInput
          label={t('rank')}
          min={1}
          max={999}
          value={place}
          onChange={(value) => setPlace(Number(value) || 1)}
        />
        <Button
          disabled={person === null}
          onClick={() => {
            if (person === null) return;
            onAdd({ person, languages, subjects, rank: place });
            setPerson(null);
            setPlace(place + 1);
          }}
        >
          {t('save')}
        </Button>
      </Stack>
    </Paper>
  );
}
