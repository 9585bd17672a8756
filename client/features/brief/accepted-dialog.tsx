import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { BriefView, SubmissionAccepted } from '#protocol/api/index';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly title: string;
  readonly accepted: z.infer<typeof SubmissionAccepted> | null;
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
              {t('acceptedText', { count: accepted.applied })} {accepted.refused.length === 0 && t('acceptedAll')}
            </Text>
          </Group>
          {accepted.refused.length > 0 && (
            <div>
              <Text size="sm" fw={560}>
                {t('refusedText', { count: accepted.refused.length })}
              </Text>
              <List size="sm" mt="xs">
                {accepted.refused.map(({ type, author, message }, index) => (
                  <List.Item key={index}>
                    {author} · <span style={{ fontFamily: 'var(--mantine-font-family-monospace)' }}>{type}</span>:{' '}
                    {message}
                  </List.Item>
                ))}
              </List>
            </div>
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
