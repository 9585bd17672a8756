import { Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconClock, IconLink, IconSignature } from '@tabler/icons-react';
import { useState } from 'react';
import {
  isLocalOnly,
  noticeDone,
  PersonDot,
  ProblemNotice,
  shared,
  StatusBadge,
  useQuantities,
} from '../../ui/index.ts';
import { api, keepMe, signTypedData, useSession, walletAddress } from '../session/index.ts';
import { contributorColors } from './contributor-colors.ts';
import type { RevisionProps } from './revision-page.tsx';
import css from './revision-page.module.css';
import { revisionStrings } from './strings.ts';

export function ContributorsSection({ revision, onChange }: RevisionProps) {
  const t = revisionStrings.useText();
  const { share } = useQuantities();
  const people = revision.contributors.toSorted((a, b) => b.shareBps - a.shareBps);
  const colors = contributorColors(revision);
  const missing = people.filter(({ signedAt }) => signedAt === null).length;
  return (
    <section className={css['section']} aria-labelledby="contributors">
      <Title order={2} id="contributors">
        {t('contributors')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('contributorsText')}
      </Text>
      <Stack>
        <div className={css['shares']} aria-hidden>
          {people.map((person) => (
            <span key={person.user} style={{ flex: person.shareBps, backgroundColor: colors.get(person.name) }} />
          ))}
        </div>
        <ul className={`${css['people']} ${css['panel']}`}>
          {people.map((person) => (
            <li key={person.user} className={css['person']}>
              <PersonDot name={person.name} size={32} color={colors.get(person.name)} />
              <div style={{ minWidth: 0 }}>
                <Text truncate>{person.name}</Text>
                {person.address && (
                  <Text ff="monospace" size="xs" c="dimmed" title={person.address}>
                    {person.address.slice(0, 8)}…{person.address.slice(-6)}
                  </Text>
                )}
              </div>
              <span className={`${css['percent']} wh-figures`}>{share(person.shareBps, 2)}</span>
              {person.signedAt !== null ? (
                <StatusBadge status="done" icon={IconCircleCheck}>
                  {t('signed')}
                </StatusBadge>
              ) : (
                <StatusBadge status="attention" icon={IconClock}>
                  {t('notSigned')}
                </StatusBadge>
              )}
            </li>
          ))}
        </ul>
        {!revision.token && (
          <Group gap="sm">
            <Text size="sm" c="dimmed" role="status">
              {missing === 0 ? t('allSigned') : t('waitingFor', { count: missing })}
            </Text>
            {missing > 0 && <SignersLink cid={revision.cid} />}
          </Group>
        )}
        <SignMine revision={revision} onChange={onChange} />
      </Stack>
    </section>
  );
}

/** To send to those who have not signed: everybody may read the page, and each signs there as themselves. */
function SignersLink({ cid }: { cid: string }) {
  const t = revisionStrings.useText();
  const words = shared.useText();
  return (
    <>
      <CopyButton value={new URL(`/revision/${cid}`, location.origin).href}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" leftSection={<IconLink size={16} stroke={1.7} />} onClick={copy}>
            {copied ? words('copied') : t('copySignersLink')}
          </Button>
        )}
      </CopyButton>
      {isLocalOnly() && (
        <Text size="xs" c="dimmed">
          {words('linkLocalOnly')}
        </Text>
      )}
    </>
  );
}

/** Shown to a contributor who has not signed: with the wallet, or with the key the hall keeps. */
function SignMine({ revision, onChange }: RevisionProps) {
  const t = revisionStrings.useText();
  const me = useSession()?.me;
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const mine = revision.contributors.find(({ isMe }) => isMe);
  if (!me || !mine || mine.signedAt !== null || !revision.typedData) return null;
  const usesWallet = me.addressKind === 'wallet';

  const sign = async () => {
    setBusy(true);
    setThrown(null);
    try {
      if (usesWallet) {
        const address = await walletAddress();
        const signature = await signTypedData(address, revision.typedData);
        onChange(await api.signRevision(revision.cid, { address, signature }));
      } else {
        if (mine.address === null) keepMe(await api.makeKey());
        onChange(await api.signRevisionWithServerKey(revision.cid));
      }
      noticeDone(t('signDone'));
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };
  return (
    <Stack gap="xs">
      <Text size="sm">{t('signText')}</Text>
      <Group>
        <Button leftSection={<IconSignature size={20} stroke={1.7} />} loading={isBusy} onClick={() => void sign()}>
          {usesWallet ? t('signWallet') : mine.address === null ? t('signMake') : t('signServer')}
        </Button>
        {isBusy && usesWallet && (
          <Text size="sm" c="dimmed" role="status">
            {t('signAsking')}
          </Text>
        )}
      </Group>
      {usesWallet && (
        <Text size="xs" c="dimmed">
          {t('signChain', { id: String(revision.typedData.domain['chainId']) })}
        </Text>
      )}
      {thrown !== null && <ProblemNotice thrown={thrown} />}
    </Stack>
  );
}
