import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconDoorExit } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Problem } from '#protocol/errors';
import { problemOf, useProblemText } from '../../../ui/index.ts';
import { roomStrings } from '../strings.ts';
import css from './states.module.css';
import { useReturn } from './use-return.ts';

interface Props {
  /** What was thrown or said; null when the person left by themselves. */
  readonly problem: Problem | unknown;
  /** Edits that did not get out before the room closed. */
  readonly lost: number;
  /** Takes those along, where the same person may not come back: a guest whose sign-in has ended. */
  readonly onExport?: () => void;
  readonly back: string;
  readonly onAgain: () => void;
}

/** The room is over for me: why, what is safe, and the ways on. */
export function ClosedScreen({ problem, lost, onExport, back, onAgain }: Props) {
  const t = roomStrings.useText();
  const read = useProblemText();
  const words = problem ? read(problem) : { message: t('youLeft'), next: null };
  const { isAway, waiting } = useReturn(problem ? problemOf(problem) : null, onAgain);
  return (
    <main className={css['screen']}>
      <Stack className={css['card']} gap="sm" role="alert">
        <IconDoorExit size={32} stroke={1.5} aria-hidden color="var(--wh-sheet-ink)" />
        <Title order={1} size="h2">
          {words.message}
        </Title>
        {isAway && waiting > 0 && <Text>{t('editsOnDevice', { count: waiting })}</Text>}
        <Text c="dimmed">{words.next ?? t('savedIsSafe')}</Text>
        {lost > 0 && <Text c="var(--wh-attention)">{t('editsNotSaved', { count: lost })}</Text>}
        {isAway && (
          <Group gap="xs" role="status">
            <Loader size={16} />
            <Text size="sm">{t('entersByItself')}</Text>
          </Group>
        )}
        <Group gap="xs" mt="xs">
          <Button onClick={onAgain}>{t('enterAgain')}</Button>
          {lost > 0 && onExport && (
            <Button variant="default" onClick={onExport}>
              {t('exportJson')}
            </Button>
          )}
          <Button component={Link} to={back} variant="default">
            {back === '/' ? t('toTheHall') : t('goBack')}
          </Button>
        </Group>
      </Stack>
    </main>
  );
}
