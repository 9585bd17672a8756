import {
  ActionIcon,
  Anchor,
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
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPhoneCall, IconTrash, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { may } from '#protocol/permissions/index';
import { HALL_AUTHOR } from '#protocol/training/ids';
import { CidText, currentLanguage, EmptyState, noticeProblem, Page, ProblemNotice, Wait } from '../../ui/index.ts';
import { InviteDialog } from '../project/invite-dialog.tsx';
import { api, session } from '../session/index.ts';
import { askBell } from './bell-asks.ts';
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
  const [isInviting, inviting] = useDisclosure();
  // The hall itself owns the demo; it answers no call.
  const people = members
    .filter(({ user, role: theirs }) => user !== HALL_AUTHOR && may(theirs, 'job.help'))
    .filter(({ user }) => !experts.some(({ person }) => person === user))
    .map(({ user, name }) => ({ value: user, label: name }));
  const refresh = (work: Promise<unknown>) =>
    work.then(() => queries.invalidateQueries({ queryKey: ['experts', id] }), noticeProblem);
  const failed = project.error ?? list.error;
  return (
    <Page title={t('experts')} isNarrow>
      <Anchor component={Link} to={`/project/${id}/jobs`} size="sm" c="var(--wh-text-quiet)">
        {t('toJobs')}
      </Anchor>
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
      {list.data && !mine && me && mayPlan && may(role, 'job.help') && (
        <Group mb="md">
          <Button
            variant={project.data?.isDemo ? 'filled' : 'default'}
            leftSection={<IconPhoneCall size={18} stroke={1.7} aria-hidden />}
            onClick={() =>
              void refresh(
                helpApi
                  .putExpert(id, { person: me, languages: [currentLanguage()], subjects: [], rank: experts.length + 1 })
                  .then(askBell),
              )
            }
          >
            {t('callMe')}
          </Button>
          <Text size="sm" c="dimmed" style={{ flex: '1 1 240px' }}>
            {t('callMeText')}
          </Text>
        </Group>
      )}
      {list.data && experts.length === 0 && (
        <EmptyState
          icon={<IconUsers size={28} stroke={1.5} />}
          title={t('nobody')}
          text={t(project.data?.isDemo ? 'expertsDemo' : 'nobodyText')}
          {...(project.data?.isDemo && {
            action: <CidText value={location.href} keep={null} label={t('experts')} />,
          })}
        />
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
      {mayPlan && people.length > 0 && (
        <AddExpert
          people={people}
          rank={experts.length}
          onAdd={(expert) => void refresh(helpApi.putExpert(id, expert))}
        />
      )}
      {mayPlan && list.data && people.length === 0 && project.data && !project.data.isDemo && (
        <Group mt="lg">
          <Text size="sm" c="dimmed" style={{ flex: '1 1 240px' }}>
            {t('allOnList')}
          </Text>
          {may(role, 'member.invite') && (
            <Button
              variant="default"
              leftSection={<IconUserPlus size={18} stroke={1.7} aria-hidden />}
              onClick={inviting.open}
            >
              {t('inviteExpert')}
            </Button>
          )}
          <InviteDialog project={project.data} isOpen={isInviting} onClose={inviting.close} first="reviewer" />
        </Group>
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
