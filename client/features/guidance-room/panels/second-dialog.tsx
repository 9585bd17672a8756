import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';

/** Somebody who did nothing in the step looks at it: right, or not, with a note. */
export function SecondDialog({ gate }: { gate: string }) {
  const t = guidanceRoomStrings.useText();
  const { steps, say, hand, open } = useJob();
  const [note, setNote] = useState('');
  const step = steps.find(({ tasks }) => tasks.some(({ id }) => id === gate))?.step;
  const decide = (isOk: boolean) => {
    if (hand.do('check.second', { gate, isOk, note: note.trim() })) open(null);
  };
  return (
    <Modal opened onClose={() => open(null)} title={t('gate_secondPerson')} size="lg">
      {step && (
        <Text size="lg" mb="sm">
          {say.text(step.title)}: {say.text(step.instruction)}
        </Text>
      )}
      <Textarea
        label={t('note')}
        size="md"
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group mt="md" gap="xs">
        <Button
          size="lg"
          mih={76}
          data-main-act=""
          leftSection={<IconCheck size={26} aria-hidden />}
          onClick={() => decide(true)}
        >
          {t('isOk')}
        </Button>
        <Button
          size="lg"
          mih={76}
          variant="default"
          leftSection={<IconAlertTriangle size={24} color="var(--wh-stop)" aria-hidden />}
          onClick={() => decide(false)}
        >
          {t('isNotOk')}
        </Button>
      </Group>
    </Modal>
  );
}
