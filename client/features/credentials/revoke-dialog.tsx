import { Button, Group, Modal, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { REVOCATION_REASONS, type RevocationReason } from '#protocol/credentials/index';
import { shared } from '../../ui/index.ts';
import { credentialStrings } from './strings.ts';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRevoke: (reason: RevocationReason, note: string) => void;
}

export function RevokeDialog({ isOpen, onClose, onRevoke }: Props) {
  const t = credentialStrings.useText();
  const words = shared.useText();
  const [reason, setReason] = useState<RevocationReason | null>(null);
  const [note, setNote] = useState('');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('revokeTitle')}>
      <Stack>
        <Text size="sm">{t('revokeText')}</Text>
        <Radio.Group
          label={t('revokeReason')}
          value={reason}
          onChange={(value) => setReason(value as RevocationReason)}
        >
          <Stack gap="xs" mt="xs">
            {REVOCATION_REASONS.map((one) => (
              <Radio key={one} value={one} label={t(`reason_${one}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label={t('revokeNote')}
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button color="red" disabled={!reason} onClick={() => reason && onRevoke(reason, note.trim())}>
            {t('revoke')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
