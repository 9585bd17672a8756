import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { TrainingSession } from '#net/index';
import { may } from '#protocol/permissions/index';
import { consentOf } from '#protocol/training/index';
import { noticeProblem } from '../../../ui/index.ts';
import { procedures } from '../../procedures/procedures.ts';
import { useReadable } from '../console/use-session.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import { ConsentDialog } from './consent-dialog.tsx';

/** Whether my motion is recorded in the room I am in, and the way to say otherwise. Nobody is recorded who was not asked. */
export function RecordingConsent({ session }: { readonly session: TrainingSession }) {
  const t = trainingStrings.useText();
  const [isOpen, dialog] = useDisclosure();
  const document = useReadable(session.document);
  const rules = useQuery({
    queryKey: ['recording-rules', session.room],
    queryFn: async ({ signal }) => procedures.rules((await training.room(session.room, signal)).project, signal),
    enabled: isOpen,
  });
  if (!may(session.me.role, 'consent.give')) return null;
  const isGiven = consentOf(document, session.me.user)?.motion ?? false;
  const answer = (motion: boolean) => {
    dialog.close();
    if (motion === isGiven) return;
    const sent = session.submitTraining('consent.give', { motion });
    if ('problem' in sent) noticeProblem(sent.problem);
  };
  return (
    <Group gap="xs">
      <Text size="sm">{isGiven ? t('consentIsOn') : t('consentIsOff')}</Text>
      <Button variant="subtle" size="compact-sm" onClick={dialog.open}>
        {t('consentChange')}
      </Button>
      <ConsentDialog
        isOpen={isOpen}
        recordingDays={rules.data?.recordingDays ?? null}
        onAnswer={answer}
        onClose={dialog.close}
      />
    </Group>
  );
}
