import { Button, Group, Loader, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { shared } from '../strings/strings.ts';

/** Quicker than this needs no sign, slower than the second says what happens and can be left. */
export const SHOW_AFTER_MS = 400;
export const EXPLAIN_AFTER_MS = 2000;

/** How long a wait has lasted, in steps that matter. */
export function useWait(isWaiting: boolean): 'not yet' | 'show' | 'explain' {
  const [phase, setPhase] = useState<'not yet' | 'show' | 'explain'>('not yet');
  useEffect(() => {
    setPhase('not yet');
    if (!isWaiting) return;
    const show = setTimeout(() => setPhase('show'), SHOW_AFTER_MS);
    const explain = setTimeout(() => setPhase('explain'), EXPLAIN_AFTER_MS);
    return () => {
      clearTimeout(show);
      clearTimeout(explain);
    };
  }, [isWaiting]);
  return phase;
}

interface Props {
  /** What is going on, shown once it lasts. */
  readonly text?: string;
  readonly onCancel?: () => void;
  /** The outline of what will come. */
  readonly skeleton?: ReactNode;
}

export function Wait({ text, onCancel, skeleton }: Props) {
  const t = shared.useText();
  const phase = useWait(true);
  if (phase === 'not yet') return <div style={{ minHeight: 120 }} />;
  return (
    <Stack gap="sm" aria-busy role="status">
      {skeleton ?? <Loader mx="auto" my="xl" aria-label={t('loading')} />}
      {phase === 'explain' && (
        <Group justify="center" gap="sm">
          <Text size="sm" c="dimmed">
            {text ?? t('stillWorking')}
          </Text>
          {onCancel && (
            <Button size="xs" variant="default" onClick={onCancel}>
              {t('stop')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

/** Grey cards in the places of a picture grid. */
export function CardSkeletons({ count }: { count: number }) {
  return Array.from({ length: count }, (_, index) => (
    <Stack key={index} gap="xs">
      <Skeleton radius="lg" style={{ aspectRatio: '16 / 10' }} />
      <Skeleton height={16} width="60%" />
      <Skeleton height={12} width="35%" />
    </Stack>
  ));
}
