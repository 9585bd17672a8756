import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { problemOf, problemText } from '../strings/problem-text.ts';
import { shared } from '../strings/strings.ts';

/** Long enough to read and to reach for Undo, ms. */
const UNDO_FOR_MS = 8000;

/** Something was done. With `undo`, the person can take it back instead of being asked before. */
export function noticeDone(message: string, undo?: () => void): void {
  const id = notifications.show({
    color: 'green',
    icon: <IconCheck size={18} />,
    autoClose: undo ? UNDO_FOR_MS : 3500,
    withCloseButton: !undo,
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {shared.text('undo')}
        </Button>
      </Group>
    ) : (
      message
    ),
  });
}

/** Something went wrong outside of a place that could show it. */
export function noticeProblem(thrown: unknown): void {
  const { message, next } = problemText(problemOf(thrown));
  notifications.show({
    color: 'red',
    icon: <IconAlertTriangle size={18} />,
    title: message,
    message: next,
    autoClose: 8000,
  });
}
