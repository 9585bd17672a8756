import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PersonDot, ProblemNotice, personColor, useQuantities } from '../../../ui/index.ts';
import { colorOf } from '../model/holding.ts';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { previewShares } from '../preview-shares.ts';
import css from './dialogs.module.css';

/** Who will stand in the revision with which share, worked out from the journal as the server will do it. */
export function ContributorPreview() {
  const t = roomStrings.useText();
  const { api, session } = useRoom();
  const { share } = useQuantities();
  const roster = useReadable(session.participants);
  const colorFor = (user: string) => {
    const here = roster.find((one) => one.user === user);
    return here ? colorOf(here.color) : personColor(user);
  };
  const shares = useQuery({
    queryKey: ['room', session.room, 'shares'],
    queryFn: ({ signal }) => previewShares(api, session.room, signal),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <section aria-label={t('contributors')}>
      <Text size="sm" fw={600} mb={6}>
        {t('contributors')}
      </Text>
      {shares.isPending && (
        <Stack gap={6} aria-busy>
          <Skeleton height={8} />
          <Skeleton height={24} width="60%" />
        </Stack>
      )}
      {shares.isError && <ProblemNotice thrown={shares.error} onRetry={() => void shares.refetch()} />}
      {shares.data && (
        <>
          <div className={css['shares']} aria-hidden>
            {shares.data.map((one) => (
              <span key={one.user} style={{ width: `${one.shareBps / 100}%`, background: colorFor(one.user) }} />
            ))}
          </div>
          {shares.data.map((one) => (
            <div key={one.user} className={css['share']}>
              <PersonDot name={one.name} color={colorFor(one.user)} size={22} />
              <span style={{ flex: 1 }}>{one.name}</span>
              <span>{share(one.shareBps, 2)}</span>
            </div>
          ))}
        </>
      )}
    </section>
  );
}
