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
      const picture = await pictureOf(submission.room);
      onSaved(await api.handIn(brief.id, submission.id, { note: note.trim(), ...(picture ? { picture } : {}) }));
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
          {isBusy && (
            <Text size="sm" c="dimmed" role="status">
              {t('handInPicture')}
            </Text>
          )}
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

/** Of the submission's room as it is now; null where it cannot be drawn: what counts is handed in all the same. */
async function pictureOf(room: string) {
  try {
    const { pictureOfRoom } = await import('../project/room-picture.ts');
    return (await api.storePicture(await pictureOfRoom(room))).cid;
  } catch {
    return null; // no WebGL, or a picture that is not taken: the card keeps the last one
  }
}
