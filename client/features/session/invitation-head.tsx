import { Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { errorOf, unreachable } from '#net/api';
import { InvitationTold } from '#protocol/api/index';
import { WorkhallError } from '#protocol/errors';
import { ProblemNotice } from '../../ui/components/problem-notice.tsx';
import { useQuantities } from '../../ui/strings/quantities.ts';
import { roleName, roleText } from '../../ui/strings/role-name.ts';
import { shared } from '../../ui/strings/strings.ts';
import { api } from './session.ts';
import { sessionStrings } from './strings.ts';

export interface InvitationState {
  readonly told: InvitationTold | null;
  readonly thrown: unknown;
  /** The hall knows that the link leads nowhere; a lost connection says nothing about the link. */
  readonly isBad: boolean;
  readonly retry: () => void;
}

/** What the link of a `/join/…` address offers. Asked without a session: nobody has to say who they are to read it. */
export function useInvitation(token: string | null): InvitationState {
  const query = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => ask(token!, signal),
    enabled: token !== null,
    retry: false,
  });
  const status = query.error instanceof WorkhallError ? query.error.status : 0;
  return {
    told: query.data ?? null,
    thrown: query.error,
    isBad: [404, 410, 422].includes(status),
    retry: () => void query.refetch(),
  };
}

async function ask(token: string, signal: AbortSignal): Promise<InvitationTold> {
  const response = await fetch(api.url(`/invitations/${encodeURIComponent(token)}`), { signal }).catch(
    (cause: unknown) => {
      throw unreachable(cause);
    },
  );
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response.status, body);
  return InvitationTold.parse(body);
}

/** Who invites, to what, and in which role: read before signing in. */
export function InvitationHead({ invitation: { told, thrown, isBad, retry } }: { invitation: InvitationState }) {
  const t = sessionStrings.useText();
  const words = shared.useText();
  const { day } = useQuantities();
  if (thrown)
    return (
      <Stack gap="md" align="flex-start">
        <Title order={1}>{t(isBad ? 'invitationBad' : 'invitation')}</Title>
        <ProblemNotice thrown={thrown} {...(isBad ? {} : { onRetry: retry })} />
        {isBad && (
          <Button component={Link} to="/" variant="default">
            {words('toTheHall')}
          </Button>
        )}
      </Stack>
    );
  if (!told)
    return (
      <Stack gap="xs" aria-busy>
        <Title order={1}>{t('invitation')}</Title>
        <Skeleton height={20} width="80%" />
      </Stack>
    );
  const { inviter, project, role, expiresAt } = told;
  return (
    <Stack gap="xs">
      <Title order={1} style={{ overflowWrap: 'anywhere' }}>
        {t('invitesYou', { name: inviter, project })}
      </Title>
      <Text>{t('invitedAs', { role: roleName(words, role), may: roleText(words, role) })}</Text>
      <Text size="sm" c="dimmed">
        {t('invitationUntil', { day: day(expiresAt) })}
      </Text>
    </Stack>
  );
}
