import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { noticeDone, ProblemNotice, useWait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import type { RevisionProps } from './revision-page.tsx';
import { revisionStrings } from './strings.ts';

/** From signed to minted: what minting does, and why it is not possible when it is not. */
export function MintPanel({ revision, onChange }: RevisionProps) {
  const t = revisionStrings.useText();
  const mint = useMutation({
    mutationFn: () => api.mintRevision(revision.cid),
    onSuccess: (minted) => {
      onChange(minted);
      if (minted.token) noticeDone(t('mintDone', { id: minted.token.tokenId }));
    },
  });
  const wait = useWait(mint.isPending);
  if (revision.token) return null;
  const isUnsigned = revision.contributors.some(({ signedAt }) => signedAt === null);
  const whyNot = revision.chainProblem
    ? t('chainMissing', { reason: revision.chainProblem })
    : isUnsigned
      ? t('mintNeedsSignatures')
      : t('mintNotYou');
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('mintTitle')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('mintText')}
        </Text>
        {mint.isPending && wait !== 'not yet' ? (
          <Stack gap="xs" role="status">
            <Progress value={100} animated color="signal.6" aria-label={t('minting')} />
            <Text size="sm">{t('minting')}</Text>
            {wait === 'explain' && (
              <Text size="sm" c="dimmed">
                {t('mintingLong')}
              </Text>
            )}
          </Stack>
        ) : (
          <Group>
            <Button
              leftSection={<IconCertificate size={20} stroke={1.7} />}
              disabled={!revision.canMint}
              loading={mint.isPending}
              onClick={() => mint.mutate()}
            >
              {t('mint')}
            </Button>
          </Group>
        )}
        {!revision.canMint && <Text size="sm">{whyNot}</Text>}
        {mint.error && <ProblemNotice thrown={mint.error} onRetry={() => mint.mutate()} />}
      </Stack>
    </Paper>
  );
}
