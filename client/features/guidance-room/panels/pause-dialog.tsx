import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';

const LEAST_REASON = 3;

export function PauseDialog() {
  const t = guidanceRoomStrings.useText();
  const { hand, open } = useJob();
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={() => open(null)} title={t('pause')} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (hand.do('job.pause', { reason: reason.trim() })) open(null);
        }}
      >
        <Textarea
          label={t('pauseWhy')}
          description={t('reasonHint')}
          size="md"
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group mt="md" gap="xs">
          <Button type="submit" size="lg" mih={56} disabled={reason.trim().length < LEAST_REASON} data-main-act="">
            {t('pause')}
          </Button>
          <Button size="lg" mih={56} variant="default" onClick={() => open(null)}>
            {t('cancel')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
