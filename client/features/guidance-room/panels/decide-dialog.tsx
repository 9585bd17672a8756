import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { rowsOf, type Disposition } from '#protocol/guidance/index';
import { useJob } from '../job-context.tsx';
import { sayDeviation } from '../model/said.ts';
import { guidanceRoomStrings } from '../strings.ts';

const LEAST_REASON = 3;

/** A way out of a deviation, what it means, and why it is taken: that stays in the record. */
export function DecideDialog({ deviation: id, way }: { readonly deviation: string; readonly way: Disposition }) {
  const t = guidanceRoomStrings.useText();
  const { document, job, say, hand, open } = useJob();
  const [reason, setReason] = useState('');
  const [releasesStep, setReleases] = useState(true);
  const isOpen = job.undecided.includes(id);
  // Decided by somebody else meanwhile.
  useEffect(() => {
    if (!isOpen) open(null);
  }, [isOpen, open]);
  const deviation = rowsOf(document, 'deviations').find((one) => one.id === id);
  if (!deviation) return null;
  const decide = () => {
    const payload = { deviation: id, disposition: way, reason: reason.trim() };
    if (hand.do('deviation.dispose', { ...payload, releasesStep: way === 'concession' && releasesStep })) open(null);
  };
  return (
    <Modal opened onClose={() => open(null)} title={t(way)} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          decide();
        }}
      >
        <Stack gap="sm">
          <Text size="lg">{sayDeviation(deviation, say, t)}</Text>
          <Text>{t(`means_of_${way}`)}</Text>
          <Textarea
            label={t('reason')}
            description={t('reasonHint')}
            size="md"
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {way === 'concession' && (
            <Checkbox
              size="md"
              label={t('lets')}
              checked={releasesStep}
              onChange={(event) => setReleases(event.currentTarget.checked)}
            />
          )}
          <Group gap="xs">
            <Button type="submit" size="lg" mih={56} disabled={reason.trim().length < LEAST_REASON} data-main-act="">
              {t('decide')}
            </Button>
            <Button size="lg" mih={56} variant="default" onClick={() => open(null)}>
              {t('cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
