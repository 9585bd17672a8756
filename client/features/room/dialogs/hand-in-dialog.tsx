import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { BriefView, SubmissionView } from '#protocol/api/index';
import { noticeDone, ProblemNotice } from '../../../ui/index.ts';
import { useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly submission: SubmissionView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSaved: (brief: BriefView) => void;
}

/** Hands in what stands in the room now, with a picture taken here; work can go on and be handed in again. */
export function HandInDialog({ brief, submission, isOpen, onClose, onSaved }: Props) {
  const t = roomStrings.useText();
  const { api, view } = useRoom();
  const [note, setNote] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    setThrown(null);
    try {
      const { cid } = await api.storePicture(await view.picture(1280, 800));
      onSaved(await api.handIn(brief.id, submission.id, { note, picture: cid }));
      noticeDone(t('handedIn'));
      setNote('');
      onClose();
    } catch (caught) {
      setThrown(caught);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('handIn')}>
      <form onSubmit={(event) => void send(event)}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('handInText')}
          </Text>
          <Textarea
            data-autofocus
            label={t('handInNote')}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {thrown !== null && <ProblemNotice thrown={thrown} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
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
