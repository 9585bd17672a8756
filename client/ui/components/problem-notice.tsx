import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useProblemText } from '../strings/problem-text.ts';
import { shared } from '../strings/strings.ts';

interface Props {
  readonly thrown: unknown;
  readonly onRetry?: () => void;
  readonly action?: ReactNode;
}

/** What happened, what is safe, what to do: in the place where it happened. */
export function ProblemNotice({ thrown, onRetry, action }: Props) {
  const t = shared.useText();
  const { message, next } = useProblemText()(thrown);
  return (
    <Alert
      variant="default"
      role="alert"
      icon={<IconAlertTriangle size={20} color="var(--wh-stop)" />}
      title={message}
      styles={{
        root: { borderColor: 'var(--wh-stop)', background: 'var(--wh-stop-wash)' },
        title: { color: 'var(--wh-text)' },
      }}
    >
      {next && <Text size="sm">{next}</Text>}
      {(onRetry || action) && (
        <Group mt="xs" gap="xs">
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('tryAgain')}
            </Button>
          )}
          {action}
        </Group>
      )}
    </Alert>
  );
}
