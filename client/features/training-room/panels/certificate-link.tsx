import { Button } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../session/index.ts';
import { trainingRoomStrings } from '../strings.ts';

const LOOK_MS = 1_500;
/** It is signed right after the result; where the hall could issue none, nobody waits for it. */
const LOOKS = 8;

/** The way to the certificate of the run whose journal ends at `head`; nothing until it is there. */
export function CertificateLink({ head }: { readonly head: string }) {
  const t = trainingRoomStrings.useText();
  const mine = useQuery({
    queryKey: ['certificate of run', head],
    queryFn: async ({ signal }) =>
      (await api.myCertificates(signal)).certificates.find(({ evidence }) => evidence === head) ?? null,
    refetchInterval: ({ state }) => (state.data || state.dataUpdateCount >= LOOKS ? false : LOOK_MS),
  });
  if (!mine.data) return null;
  return (
    // A page of its own: a learner of another platform stays in their unit.
    <Button
      component="a"
      href={`/credential/${mine.data.id}`}
      target="_blank"
      rel="noreferrer"
      variant="default"
      leftSection={<IconCertificate size={18} aria-hidden />}
    >
      {t('certificate')}
    </Button>
  );
}
