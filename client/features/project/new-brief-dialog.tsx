import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Modal,
  NumberInput,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import type { Project } from '#protocol/api/index';
import { ProblemNotice, shared, useQuantities } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { LICENCES } from './licences.ts';
import { projectStrings } from './strings.ts';

interface Row {
  /** Of the row in this form; the brief's own ids come from the order. */
  readonly key: number;
  readonly label: string;
  readonly weight: number;
}
const MAX_CRITERIA = 12;
const TWO_WEEKS_MS = 14 * 86_400_000;

/** Local time for `<input type="datetime-local">`. */
function localInput(atMs: number): string {
  const date = new Date(atMs);
  return new Date(atMs - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** "Ask the crowd": the form on the left, on the right what people will see. */
export function NewBriefDialog({
  project,
  isOpen,
  onClose,
}: {
  project: Project;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const { share } = useQuantities();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [goal, setGoal] = useState('');
  const [deadline, setDeadline] = useState(() => localInput(Date.now() + TWO_WEEKS_MS));
  const [licence, setLicence] = useState<string>(LICENCES[0]);
  const [rows, setRows] = useState<readonly Row[]>(() => [
    { key: 0, label: t('criterionFunction'), weight: 3 },
    { key: 1, label: t('criterionMake'), weight: 2 },
    { key: 2, label: t('criterionLook'), weight: 1 },
  ]);
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);

  const deadlineAt = new Date(deadline).getTime();
  const isPast = !(deadlineAt > Date.now());
  const named = rows.filter(({ label }) => label.trim());
  const weightSum = named.reduce((sum, { weight }) => sum + weight, 0);
  const isComplete = title.trim() && goal.trim() && licence.trim() && !isPast && named.length > 0;
  const change = (key: number, part: Partial<Row>) =>
    setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row)));

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    try {
      const { id } = await api.openBrief(project.id, {
        title: title.trim(),
        goal: goal.trim(),
        deadlineAt,
        licence: licence.trim(),
        criteria: named.map(({ label, weight }, index) => ({ id: `c${index + 1}`, label: label.trim(), weight })),
      });
      await navigate(`/brief/${id}`);
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title={t('askCrowd')} size={940}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
          <Stack>
            <TextInput
              data-autofocus
              required
              label={t('briefTitle')}
              placeholder={t('briefTitlePlaceholder')}
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <Textarea
              required
              label={t('briefGoal')}
              description={t('briefGoalHint')}
              autosize
              minRows={4}
              maxRows={14}
              maxLength={8000}
              value={goal}
              onChange={(event) => setGoal(event.currentTarget.value)}
            />
            <TextInput
              required
              type="datetime-local"
              label={t('briefDeadline')}
              description={t('briefDeadlineHint')}
              value={deadline}
              error={isPast ? t('briefDeadlinePast') : undefined}
              onChange={(event) => setDeadline(event.currentTarget.value)}
            />
            <Autocomplete
              required
              label={t('briefLicence')}
              description={t('briefLicenceHint')}
              data={[...LICENCES]}
              value={licence}
              maxLength={200}
              onChange={setLicence}
            />
            <fieldset style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
              <Text component="legend" size="sm" fw={500} p={0}>
                {t('briefCriteria')}
              </Text>
              <Text size="xs" c="dimmed" mb="xs">
                {t('briefCriteriaHint')}
              </Text>
              <Stack gap="xs">
                {rows.map((row, index) => (
                  <Group key={row.key} gap="xs" wrap="nowrap">
                    <TextInput
                      style={{ flex: 1 }}
                      aria-label={t('criterion', { n: index + 1 })}
                      value={row.label}
                      maxLength={120}
                      onChange={(event) => change(row.key, { label: event.currentTarget.value })}
                    />
                    <NumberInput
                      w={72}
                      aria-label={t('criterionWeight', { n: index + 1 })}
                      min={1}
                      max={100}
                      allowDecimal={false}
                      clampBehavior="strict"
                      value={row.weight}
                      onChange={(value) => change(row.key, { weight: Number(value) || 1 })}
                    />
                    <ActionIcon
                      aria-label={t('criterionRemove', { n: index + 1 })}
                      disabled={rows.length === 1}
                      onClick={() => setRows((all) => all.filter(({ key }) => key !== row.key))}
                    >
                      <IconTrash size={18} stroke={1.7} />
                    </ActionIcon>
                  </Group>
                ))}
                <Button
                  variant="subtle"
                  color="gray"
                  leftSection={<IconPlus size={18} />}
                  disabled={rows.length >= MAX_CRITERIA}
                  onClick={() =>
                    setRows((all) => [
                      ...all,
                      { key: Math.max(...all.map(({ key }) => key)) + 1, label: '', weight: 1 },
                    ])
                  }
                >
                  {t('criterionAdd')}
                </Button>
              </Stack>
            </fieldset>
          </Stack>
          <Stack gap="xs">
            <Text size="xs" c="dimmed">
              {t('briefPreview')}
            </Text>
            <Paper withBorder p="lg" bg="var(--wh-ground)">
              <Stack gap="sm">
                <Title order={2} style={{ overflowWrap: 'anywhere' }}>
                  {title.trim() || t('briefTitlePlaceholder')}
                </Title>
                <Text
                  style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}
                  c={goal.trim() ? undefined : 'dimmed'}
                >
                  {goal.trim() || t('briefGoalHint')}
                </Text>
                <PreviewFacts deadlineAt={isPast ? null : deadlineAt} licence={licence} />
                <Stack gap={4}>
                  {named.map((row) => (
                    <Group key={row.key} justify="space-between" wrap="nowrap">
                      <Text size="sm">{row.label}</Text>
                      <Text size="sm" c="dimmed">
                        {t('criterionWeightSum', {
                          percent: share(Math.round((10_000 * row.weight) / weightSum / 100) * 100),
                        })}
                      </Text>
                    </Group>
                  ))}
                </Stack>
              </Stack>
            </Paper>
            {thrown !== null && <ProblemNotice thrown={thrown} />}
          </Stack>
        </SimpleGrid>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isComplete}>
            {t('briefOpen')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function PreviewFacts({ deadlineAt, licence }: { deadlineAt: number | null; licence: string }) {
  const { dateTime } = useQuantities();
  return (
    <Group gap="md">
      <Text size="sm" c="dimmed">
        {deadlineAt === null ? '—' : dateTime(deadlineAt)}
      </Text>
      <Text size="sm" c="dimmed">
        {licence.trim() || '—'}
      </Text>
    </Group>
  );
}
