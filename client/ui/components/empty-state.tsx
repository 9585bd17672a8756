import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './empty-state.module.css';

interface Props {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  /** The first thing one can do here. */
  readonly action?: ReactNode;
}

/** What a list shows before it has anything. */
export function EmptyState({ icon, title, text, action }: Props) {
  return (
    <div className={css['sheet']}>
      <Stack align="center" gap="xs" maw={440} ta="center">
        <span className={css['icon']} aria-hidden>
          {icon}
        </span>
        <Title order={3}>{title}</Title>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        {action && <div className={css['action']}>{action}</div>}
      </Stack>
    </div>
  );
}
