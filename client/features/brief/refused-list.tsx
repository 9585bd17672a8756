import { List, Text } from '@mantine/core';
import type { z } from 'zod';
import type { SubmissionAccepted } from '#protocol/api/index';

interface Props {
  readonly lead: string;
  readonly refused: z.infer<typeof SubmissionAccepted>['refused'];
}

/** Changes that the project does not take, with who made them and why not. */
export function RefusedList({ lead, refused }: Props) {
  return (
    <div>
      <Text size="sm" fw={560}>
        {lead}
      </Text>
      <List size="sm" mt="xs">
        {refused.map(({ type, author, message }, index) => (
          <List.Item key={index}>
            {author} · <span style={{ fontFamily: 'var(--mantine-font-family-monospace)' }}>{type}</span>: {message}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
