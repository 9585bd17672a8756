import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { LEAST_REASON } from '#protocol/guidance/index';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';

interface Props {
  /** What is asked: why. */
  readonly label: string;
  /** On the button of the act. */
  readonly act: string;
  /** False when it could not be done; the dialog stays then. */
  readonly onGive: (reason: string) => boolean;
  readonly children?: ReactNode;
}

/** Why somebody does it, in a dialog that closes with the act: the reason stays in the record. `children`: chosen with it. */
export function ReasonForm({ label, act, onGive, children }: Props) {
  const t = guidanceRoomStrings.useText();
  const { open } = useJob();
  const [text, setText] = useState('');
  const reason = text.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (onGive(reason)) open(null);
      }}
    >
      <Stack gap="sm">
        <Textarea
          label={label}
          description={t('reasonHint')}
          size="md"
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {children}
        <Group gap="xs">
          <Button type="submit" size="lg" mih={56} disabled={reason.length < LEAST_REASON} data-main-act="">
            {act}
          </Button>
          <Button size="lg" mih={56} variant="default" onClick={() => open(null)}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
