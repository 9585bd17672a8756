import {
  Autocomplete,
  Button,
  Group,
  Loader,
  Modal,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { partsOf } from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import { noticeDone, ProblemNotice } from '../../../ui/index.ts';
import { LICENCES } from '../../project/licences.ts';
import { useDocument, useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { takePublishedPicture } from '../project-picture-care.ts';
import { ContributorPreview } from './contributor-preview.tsx';
import css from './dialogs.module.css';

const PICTURE_PX = [1280, 800] as const;
type Step = 'asking' | 'picture' | 'storing';

/** Freezes the design as a revision: its name, its licence, its picture, and who made it. */
export function PublishDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = roomStrings.useText();
  const { api, session, info } = useRoom();
  const pending = useReadable(session.pendingCount);
  const isEmpty = partsOf(useDocument()).every(({ shape }) => shape === null);
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [notes, setNotes] = useState('');
  const [licence, setLicence] = useState<string>('CERN-OHL-P-2.0');
  const [step, setStep] = useState<Step>('asking');
  const [thrown, setThrown] = useState<unknown>(null);
  const { picture, of, url, retake, failure } = usePicture(isOpen && !isEmpty);

  const publish = async (event: FormEvent) => {
    event.preventDefault();
    if (!picture) return;
    setThrown(null);
    try {
      setStep('picture');
      const { cid } = await api.storePicture(picture);
      setStep('storing');
      const revision = await api.publishRevision(session.room, { title, notes, licence, picture: cid });
      // The revision stands. Its picture is the project's as well; when that fails, the project's page draws one.
      if (of) await takePublishedPicture(session, info, api, { cid, of }).catch((late: unknown) => console.warn(late));
      onClose();
      noticeDone(t('published', { title: revision.title }));
      await navigate(`/revision/${revision.cid}`);
    } catch (caught) {
      setThrown(caught);
    } finally {
      setStep('asking');
    }
  };
  const isBusy = step !== 'asking';
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('publishTitle')} size="xl" closeOnClickOutside={!isBusy}>
      <form onSubmit={(event) => void publish(event)}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          <Stack gap="xs">
            <div className={css['picture']}>
              {url && <img src={url} alt={t('publishPicture')} />}
              {!url && (isEmpty || failure === null) && (
                <div className={css['waiting']} role="status">
                  {!isEmpty && <Loader size="sm" />}
                  <Text size="sm" c="dimmed">
                    {t(isEmpty ? 'nothingToPublish' : 'takingPicture')}
                  </Text>
                </div>
              )}
              <Button
                className={css['retake']}
                size="compact-sm"
                variant="default"
                leftSection={<IconRefresh size={16} />}
                onClick={retake}
                disabled={isBusy || isEmpty || (url === null && failure === null)}
              >
                {t('retake')}
              </Button>
            </div>
            {failure !== null && <ProblemNotice thrown={failure} onRetry={retake} />}
            <ContributorPreview />
          </Stack>
          <Stack gap="sm">
            <TextInput
              data-autofocus
              required
              label={t('revisionTitle')}
              placeholder={t('revisionTitleExample')}
              maxLength={200}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <Textarea
              label={t('revisionNotes')}
              placeholder={t('revisionNotesExample')}
              autosize
              minRows={4}
              maxRows={8}
              maxLength={4000}
              value={notes}
              onChange={(event) => setNotes(event.currentTarget.value)}
            />
            <Autocomplete
              required
              label={t('licence')}
              description={t('licenceHint')}
              data={[...LICENCES]}
              maxLength={200}
              value={licence}
              onChange={setLicence}
            />
            <Text size="xs" c="dimmed">
              {t('publishNote')}
            </Text>
            {thrown !== null && <ProblemNotice thrown={thrown} />}
            <Group justify="flex-end" mt="auto">
              {isBusy && (
                <Text size="sm" c="dimmed" role="status">
                  {t(`publishing_${step}`)}
                </Text>
              )}
              {!isBusy && pending > 0 && (
                <Text size="sm" c="dimmed">
                  {t('publishWaits', { count: pending })}
                </Text>
              )}
              <Button
                type="submit"
                loading={isBusy}
                disabled={!title.trim() || !licence.trim() || !picture || isEmpty || pending > 0}
              >
                {t('publish')}
              </Button>
            </Group>
          </Stack>
        </SimpleGrid>
      </form>
    </Modal>
  );
}

/** A picture of the design as it is now, taken when the dialog opens and again when asked. */
function usePicture(isWanted: boolean) {
  const { view, session } = useRoom();
  const [taken, setTaken] = useState<{ picture: Blob; of: Document; url: string } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const retake = useCallback(() => {
    setFailure(null);
    setTaken(null);
    const of = session.document.get();
    view
      .picture(...PICTURE_PX)
      .then((picture) => setTaken({ picture, of, url: URL.createObjectURL(picture) }), setFailure);
  }, [view, session]);
  useEffect(() => {
    if (isWanted) retake();
  }, [isWanted, retake]);
  useEffect(() => {
    if (taken) return () => URL.revokeObjectURL(taken.url);
    return undefined;
  }, [taken]);
  return { picture: taken?.picture ?? null, of: taken?.of ?? null, url: taken?.url ?? null, retake, failure };
}
