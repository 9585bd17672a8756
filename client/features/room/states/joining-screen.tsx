import { Button, Progress, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Logo } from '../../../ui/index.ts';
import { useWait } from '../../../ui/components/wait.tsx';
import { roomStrings } from '../strings.ts';
import css from './states.module.css';

export type JoinStep = 'ask' | 'enter' | 'build';
const FRACTION: Record<JoinStep, number> = { ask: 12, enter: 45, build: 85 };

/** While the room is on its way. Nothing flickers when it takes less than 0.4 s; past 2 s one can leave. */
export function JoiningScreen({ step, title }: { step: JoinStep; title: string | null }) {
  const t = roomStrings.useText();
  const phase = useWait(true);
  return (
    <main className={css['screen']} aria-busy>
      {phase !== 'not yet' && (
        <Stack align="center" gap="md" w="min(360px, 84vw)" role="status">
          <Logo size={40} />
          <Title order={2} ta="center">
            {title ?? t('entering')}
          </Title>
          <Progress w="100%" value={FRACTION[step]} aria-label={t('entering')} transitionDuration={200} />
          <Text size="sm" c="dimmed">
            {t(`join_${step}`)}
          </Text>
          {phase === 'explain' && (
            <Button component={Link} to="/" variant="default" size="xs">
              {t('toTheHall')}
            </Button>
          )}
        </Stack>
      )}
    </main>
  );
}
