import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { BriefView, SubmissionAccepted } from '#protocol/api/index';
import { RefusedList } from './refused-list.tsx';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly title: string;
  /** `comments`: how many there were on the submission. */
  readonly accepted: { readonly outcome: z.infer<typeof SubmissionAccepted>; readonly comments: number } | null;
  readonly onClose: () => void;
}

/** What came over into the project, and what did not, with the reason. */
export function AcceptedDialog({ brief, title, accepted, onClose }: Props) {
  const t = briefStrings.useText();
  return (
    <Modal opened={accepted !== null} onClose={onClose} title={t('acceptedTitle', { title })} size="lg">
      {accepted && (
        <Stack>
          <Group wrap="nowrap" align="flex-start">
            <IconCircleCheck size={24} color="var(--wh-done)" style={{ flex: 'none' }} aria-hidden />
            <Text>
              {t('acceptedText', { count: accepted.outcome.applied })}{' '}
              {accepted.comments > 0
                ? t('acceptedComments')
                : accepted.outcome.refused.length === 0 && t('acceptedAll')}
            </Text>
          </Group>
          {accepted.outcome.refused.length > 0 && (
            <RefusedList
              lead={t('refusedText', { count: accepted.outcome.refused.length })}
              refused={accepted.outcome.refused}
            />
          )}
          <Group justify="flex-end">
            <Button component={Link} to={`/project/${brief.project}`} data-autofocus>
              {t('toProject')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
