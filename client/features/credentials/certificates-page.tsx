import { Button, Group, Text, Title } from '@mantine/core';
import { IconCertificate, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CertificateSummary } from '#protocol/api/index';
import { EmptyState, Page, ProblemNotice, StatusBadge, useQuantities, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './credentials.module.css';
import { LevelMark } from './level-mark.tsx';
import { credentialStrings } from './strings.ts';

/** `/certificates`: mine. */
export default function CertificatesPage() {
  const t = credentialStrings.useText();
  const list = useQuery({ queryKey: ['my certificates'], queryFn: ({ signal }) => api.myCertificates(signal) });
  return (
    <Page title={t('mine')}>
      <Group justify="space-between" mb="xs">
        <Title order={1}>{t('mine')}</Title>
        <Button
          component={Link}
          to="/verify-credential"
          variant="default"
          leftSection={<IconShieldCheck size={18} stroke={1.7} />}
        >
          {t('verifyOne')}
        </Button>
      </Group>
      <Text c="dimmed" maw="68ch" mb="lg">
        {t('mineText')}
      </Text>
      {list.data ? (
        <Cards certificates={list.data.certificates} />
      ) : list.error ? (
        <ProblemNotice thrown={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Wait />
      )}
    </Page>
  );
}

function Cards({ certificates }: { readonly certificates: readonly CertificateSummary[] }) {
  const t = credentialStrings.useText();
  if (certificates.length === 0)
    return (
      <EmptyState icon={<IconCertificate size={40} stroke={1.2} />} title={t('mineEmpty')} text={t('mineEmptyText')} />
    );
  return (
    <ul className={css['cards']}>
      {certificates.map((one) => (
        <li key={one.id}>
          <Card certificate={one} />
        </li>
      ))}
    </ul>
  );
}

function Card({
  certificate: { id, title, skills, validFrom, validUntil, revoked },
}: {
  readonly certificate: CertificateSummary;
}) {
  const t = credentialStrings.useText();
  const { day } = useQuantities();
  const isExpired = validUntil !== null && validUntil < Date.now();
  return (
    <Link to={`/credential/${id}`} className={css['card']}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <IconCertificate size={28} stroke={1.3} color="var(--wh-accent)" aria-hidden />
        {revoked ? (
          <StatusBadge status="stop">{t('verdict_revoked')}</StatusBadge>
        ) : isExpired ? (
          <StatusBadge status="attention">{t('expired')}</StatusBadge>
        ) : (
          <StatusBadge status="done">{t('verdict_valid')}</StatusBadge>
        )}
      </Group>
      <Text fw={600} size="lg" lh={1.25} style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Text>
      <div className={css['cardSkills']}>
        {skills.map((skill) => (
          <Group key={skill.code} gap="xs" wrap="nowrap">
            <LevelMark level={skill.level} size={20} hasTooltip={false} />
            <Text size="sm" truncate>
              {skill.name}
            </Text>
          </Group>
        ))}
      </div>
      <Text size="sm" c="dimmed" className="wh-figures" mt="auto">
        {day(validFrom)} – {validUntil === null ? t('noEnd') : day(validUntil)}
      </Text>
    </Link>
  );
}
