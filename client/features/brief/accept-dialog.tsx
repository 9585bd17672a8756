import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { BriefView, SubmissionView } from '#protocol/api/index';
import { ProblemNotice, shared, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { AcceptedDialog } from './accepted-dialog.tsx';
import { RefusedList } from './refused-list.tsx';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly submission: SubmissionView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What accepting would bring, asked of the hall and confirmed before anything is written; then what it has brought. */
export function AcceptDialog({ brief, submission, isOpen, onClose }: Props) {
  const t = briefStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const { title } = submission;
  const preview = useQuery({
    queryKey: ['acceptance', brief.id, submission.id],
    queryFn: ({ signal }) => api.previewAcceptance(brief.id, submission.id, signal),
    enabled: isOpen,
    // Of this moment: the project may be another one when the dialog is opened again.
    gcTime: 0,
    staleTime: 0,
  });
  const accept = useMutation({
    mutationFn: async (comments: number) => ({
      outcome: await api.acceptSubmission(brief.id, submission.id),
      comments,
    }),
    onSuccess: () => {
      onClose();
      return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'acceptance' });
    },
  });
  const foretold = preview.data;
  const close = () => {
    onClose();
    accept.reset();
  };
  return (
    <>
      <Modal opened={isOpen} onClose={close} title={t('acceptTitle', { title })} size="lg">
        <Stack>
          {foretold ? (
            <>
              <Text>{t('acceptBrings', { count: foretold.applied })}</Text>
              {foretold.refused.length > 0 && (
                <RefusedList lead={t('acceptRefuses', { count: foretold.refused.length })} refused={foretold.refused} />
              )}
              {foretold.authors.length > 0 && (
                <Text size="sm">
                  {t('acceptShares', { names: foretold.authors.map(({ name }) => name).join(', ') })}
                </Text>
              )}
              {foretold.comments > 0 && <Text size="sm">{t('acceptComments', { count: foretold.comments })}</Text>}
              <Text size="sm" fw={560}>
                {t('acceptFinal')}
              </Text>
            </>
          ) : preview.error ? (
            <ProblemNotice thrown={preview.error} onRetry={() => void preview.refetch()} />
          ) : (
            <Wait />
          )}
          {accept.error && <ProblemNotice thrown={accept.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {words('cancel')}
            </Button>
            <Button
              disabled={!foretold}
              loading={accept.isPending}
              onClick={() => foretold && accept.mutate(foretold.comments)}
            >
              {t('accept')}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <AcceptedDialog brief={brief} title={title} accepted={accept.data ?? null} onClose={accept.reset} />
    </>
  );
}
