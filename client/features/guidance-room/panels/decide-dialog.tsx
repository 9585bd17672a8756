import { Checkbox, Modal, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { rowsOf, type Disposition } from '#protocol/guidance/index';
import { useJob } from '../job-context.tsx';
import { sayDeviation } from '../model/said.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { ReasonForm } from './reason-form.tsx';

/** A way out of a deviation, what it means, and why it is taken. */
export function DecideDialog({ deviation: id, way }: { readonly deviation: string; readonly way: Disposition }) {
  const t = guidanceRoomStrings.useText();
  const { document, job, say, hand, open } = useJob();
  const [releasesStep, setReleases] = useState(true);
  const isOpen = job.undecided.includes(id);
  // Decided by somebody else meanwhile.
  useEffect(() => {
    if (!isOpen) open(null);
  }, [isOpen, open]);
  const deviation = rowsOf(document, 'deviations').find((one) => one.id === id);
  if (!deviation) return null;
  const isConcession = way === 'concession';
  const decide = (reason: string) =>
    hand.do('deviation.dispose', {
      deviation: id,
      disposition: way,
      reason,
      releasesStep: isConcession && releasesStep,
    });
  return (
    <Modal opened onClose={() => open(null)} title={t(way)} size="lg">
      <Text size="lg">{sayDeviation(deviation, say, t)}</Text>
      <Text my="sm">{t(`means_of_${way}`)}</Text>
      <ReasonForm label={t('reason')} act={t('decide')} onGive={decide}>
        {isConcession && (
          <Checkbox
            size="md"
            label={t('lets')}
            checked={releasesStep}
            onChange={(event) => setReleases(event.currentTarget.checked)}
          />
        )}
      </ReasonForm>
    </Modal>
  );
}
