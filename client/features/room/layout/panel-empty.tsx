import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}

/** What a panel shows before it has anything: what will be here, and the first step. */
export function PanelEmpty({ icon, title, text, action }: Props) {
  return (
    <Stack align="center" ta="center" gap={6} px="md" py={32}>
      <span aria-hidden style={{ color: 'var(--wh-sheet-ink)', display: 'inline-flex' }}>
        {icon}
      </span>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
      {action && <div style={{ marginTop: 6 }}>{action}</div>}
    </Stack>
  );
}
