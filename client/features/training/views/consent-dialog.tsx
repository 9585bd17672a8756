import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { trainingStrings } from '../strings.ts';

interface Props {
  readonly isOpen: boolean;
  /** For how long the project keeps motion; 0: not at all; null: not known yet. */
  readonly recordingDays: number | null;
  readonly onAnswer: (isGiven: boolean) => void;
  readonly onClose: () => void;
}

/** Asked before anything is recorded: what, for whom, how long. Both answers are one press, and neither is the usual one. */
export function ConsentDialog({ isOpen, recordingDays, onAnswer, onClose }: Props) {
  const t = trainingStrings.useText();
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('consentTitle')}>
      <Stack gap="sm">
        <Text size="sm">{t('consentText')}</Text>
        <Text size="sm">{t('consentWho')}</Text>
        {recordingDays !== null && (
          <Text size="sm">{recordingDays === 0 ? t('consentNone') : t('consentHow', { count: recordingDays })}</Text>
        )}
        <Group grow mt="xs">
          <Button variant="default" onClick={() => onAnswer(false)}>
            {t('consentNo')}
          </Button>
          <Button variant="default" disabled={recordingDays === 0} onClick={() => onAnswer(true)}>
            {t('consentYes')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
