import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { noticeProblem, ProblemNotice, shared, useNow, useQuantities, type Text as Say } from '../../ui/index.ts';
import type { ImportStep } from './import-file.ts';
import { imports, type RunningImport } from './imports.ts';
import { projectStrings } from './strings.ts';

/** Percent: a bar of no length cannot be seen, by screen readers neither. */
const LEAST_SEEN = 2;

/** One import: what it does now, how far it is, and the way out: cancel, try again, or undo. */
export function ImportBar({ job }: { job: RunningImport }) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const { bytes } = useQuantities();
  const { state } = job;
  const seconds = Math.max(0, Math.round((useNow(1000) - job.startedAtMs) / 1000));

  if (state.kind === 'failed')
    return (
      <ProblemNotice
        thrown={state.thrown}
        onRetry={() => imports.retry(job.id)}
        action={
          <Button size="xs" variant="subtle" color="gray" onClick={() => imports.dismiss(job.id)}>
            {words('close')}
          </Button>
        }
      />
    );
  if (state.kind === 'done') {
    const { counts, warnings } = state.imported.result;
    return (
      <Paper withBorder p="md" role="status">
        <Group justify="space-between" wrap="wrap" gap="sm">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <IconCircleCheck size={24} color="var(--wh-done)" style={{ flex: 'none' }} aria-hidden />
            <div style={{ minWidth: 0 }}>
              <Text fw={560}>{t('importedParts', { count: counts.placed, name: job.file.name })}</Text>
              <Text size="sm" c="dimmed">
                {t('importedShapes', { count: counts.shapes })}
                {warnings.length > 0 && ` ${warnings.map(({ message }) => message).join(' ')}`}
              </Text>
            </div>
          </Group>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => void imports.undo(job.id).catch(noticeProblem)}>
              {words('undo')}
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={() => imports.dismiss(job.id)}>
              {words('close')}
            </Button>
          </Group>
        </Group>
      </Paper>
    );
  }
  const { step, fraction } = state.progress;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={560} truncate title={job.file.name}>
            {job.file.name}{' '}
            <Text span size="sm" c="dimmed">
              {bytes(job.file.size)}
            </Text>
          </Text>
          <Button size="xs" variant="default" style={{ flex: 'none' }} onClick={() => imports.cancel(job.id)}>
            {words('cancel')}
          </Button>
        </Group>
        <Progress
          value={Math.max(LEAST_SEEN, fraction * 100)}
          animated
          color="signal.6"
          aria-label={t('importing', { name: job.file.name })}
        />
        <Group justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {sentence(t, step)}
          </Text>
          <Text size="sm" c="dimmed" className="wh-figures">
            {t('elapsed', { seconds })}
          </Text>
        </Group>
      </Stack>
    </Paper>
  );
}

type T = ReturnType<typeof projectStrings.useText>;
const SENTENCES: Record<ImportStep, Parameters<T>[0]> = {
  uploading: 'stepUploading',
  waiting: 'stepWaiting',
  reading: 'stepReading',
  tessellating: 'stepTessellating',
  recovering_instances: 'stepInstances',
  optimising: 'stepOptimising',
  validating: 'stepValidating',
  storing: 'stepStoring',
  saving: 'stepSaving',
  done: 'stepDone',
};
const sentence = (t: Say<Parameters<T>[0]>, step: ImportStep): string => t(SENTENCES[step]);
