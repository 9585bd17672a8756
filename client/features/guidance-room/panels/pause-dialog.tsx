import { Modal } from '@mantine/core';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';
import { ReasonForm } from './reason-form.tsx';

export function PauseDialog() {
  const t = guidanceRoomStrings.useText();
  const { hand, open } = useJob();
  return (
    <Modal opened onClose={() => open(null)} title={t('pause')} size="lg">
      <ReasonForm label={t('pauseWhy')} act={t('pause')} onGive={(reason) => hand.do('job.pause', { reason })} />
    </Modal>
  );
}
