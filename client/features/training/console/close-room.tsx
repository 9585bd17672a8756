import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDoor, IconDoorOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { TrainingSession } from '#net/index';
import { may } from '#protocol/permissions/index';
import { closedIn, runsOf, type RunRow } from '#protocol/training/index';
import { noticeProblem, shared, useQuantities } from '../../../ui/index.ts';
import { trainingStrings } from '../strings.ts';
import css from './console.module.css';
import { useReadable } from './use-session.ts';

interface Props {
  readonly project: string;
  readonly session: TrainingSession;
}

/** The end of a training: asked for once, with what becomes of the runs. */
export function CloseRoom({ project, session }: Props) {
  const t = trainingStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const [isAsking, asking] = useDisclosure();
  const document = useReadable(session.document);
  if (!may(session.me.role, 'training.open') || closedIn(document)) return null;
  const open = runsOf(document).filter(({ outcome }) => outcome === null);
  const close = () => {
    asking.close();
    const ends = open.map((run) => session.submitTraining('run.end', { run: run.id as never }));
    const sent = [...ends, session.submitTraining('training.close', { isClosed: true })];
    for (const one of sent) if ('problem' in one) return noticeProblem(one.problem);
    // The list of rooms is of the hall: it knows of it as soon as the op is there.
    void queries.invalidateQueries({ queryKey: ['trainings', project] });
  };
  return (
    <>
      <Button variant="default" leftSection={<IconDoorOff size={18} stroke={1.7} aria-hidden />} onClick={asking.open}>
        {t('closeRoom')}
      </Button>
      <Modal opened={isAsking} onClose={asking.close} title={t('closeAsk')}>
        <Stack>
          <Text size="sm">{t('closeText')}</Text>
          {open.length > 0 && (
            <Text size="sm" fw={560} c="var(--wh-attention)">
              {t('closeEnds', { count: open.length, names: namesOf(open) })}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={asking.close}>
              {words('cancel')}
            </Button>
            <Button onClick={close}>{t(open.length > 0 ? 'closeEndYes' : 'closeYes')}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

const namesOf = (runs: readonly RunRow[]): string =>
  [...new Set(runs.flatMap(({ participants }) => participants.map(({ name }) => name)))].join(', ');

/** Who has closed it, and the way back. Nothing while the training goes on. */
export function ClosedNote({ project, session }: Props) {
  const t = trainingStrings.useText();
  const { dateTime } = useQuantities();
  const queries = useQueryClient();
  const closed = closedIn(useReadable(session.document));
  if (!closed) return null;
  const reopen = () => {
    const sent = session.submitTraining('training.close', { isClosed: false });
    if ('problem' in sent) return noticeProblem(sent.problem);
    void queries.invalidateQueries({ queryKey: ['trainings', project] });
  };
  return (
    <div className={css['closed']} role="status">
      <IconDoorOff size={20} stroke={1.7} aria-hidden />
      <span>{t('closedBy', { name: closed.by.name, at: dateTime(closed.atMs) })}</span>
      {may(session.me.role, 'training.open') && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDoor size={16} stroke={1.7} aria-hidden />}
          onClick={reopen}
        >
          {t('reopen')}
        </Button>
      )}
    </div>
  );
}
