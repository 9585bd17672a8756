import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import type { BriefView } from '#protocol/api/index';
import { ProblemNotice, shared } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { briefStrings } from './strings.ts';

export function StartSubmissionDialog({
  brief,
  isOpen,
  onClose,
}: {
  brief: BriefView;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = briefStrings.useText();
  const words = shared.useText();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    try {
      const { room } = await api.startSubmission(brief.id, title.trim());
      await navigate(`/room/${room}`);
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('startTitle')}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <Stack>
          <Text size="sm">{t('startText')}</Text>
          <TextInput
            data-autofocus
            required
            label={t('startName')}
            placeholder={t('startNamePlaceholder')}
            value={title}
            maxLength={200}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            {t('startLicence', { licence: brief.licence })}
          </Text>
          {thrown !== null && <ProblemNotice thrown={thrown} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!title.trim()}>
              {t('start')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
