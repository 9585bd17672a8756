import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { BriefView, SubmissionView } from '#protocol/api/index';
import { noticeDone, ProblemNotice, shared } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly submission: SubmissionView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSaved: (brief: BriefView) => void;
}

export function HandInDialog({ brief, submission, isOpen, onClose, onSaved }: Props) {
  const t = briefStrings.useText();
  const words = shared.useText();
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    try {
      onSaved(await api.handIn(brief.id, submission.id, { note: note.trim() }));
      onClose();
      setNote('');
      noticeDone(t('handedIn'));
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('handInTitle', { title: submission.title })}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <Stack>
          <Text size="sm">{t('handInText')}</Text>
          <Textarea
            data-autofocus
            label={t('handInNote')}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {thrown !== null && <ProblemNotice thrown={thrown} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t('handIn')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
