import { Button, Code, CopyButton, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { CertificateCheck, CertificateReport, CertificateVerdict } from '#protocol/credentials/verify';
import { CidText, ProblemNotice, shared, useQuantities } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './check-section.module.css';
import { credentialStrings } from './strings.ts';
import { judge } from './verifier.ts';

/** The report on a document, computed in this browser; `key` tells one document from another. */
export function useReport(key: string, document: unknown) {
  return useQuery({ queryKey: ['certificate report', key], queryFn: () => judge(document), staleTime: 0, gcTime: 0 });
}

const LOOKS: Record<CertificateVerdict, 'done' | 'attention' | 'stop'> = {
  valid: 'done',
  unknown_issuer: 'attention',
  status_unknown: 'attention',
  revoked: 'stop',
  expired: 'stop',
  not_yet: 'attention',
  invalid: 'stop',
};

interface Props {
  readonly query: ReturnType<typeof useReport>;
  /** What the command line is given. */
  readonly place: string;
}

/** Who, when, by whom, still good: the verdict first, then each check in a sentence. */
export function CheckSection({ query, place }: Props) {
  const t = credentialStrings.useText();
  const { data: report, error, isFetching } = query;
  return (
    <section aria-labelledby="check">
      <Title order={2} id="check" mb="sm">
        {t('checkTitle')}
      </Title>
      <Stack>
        <div role="status">
          {report ? (
            <Verdict report={report} />
          ) : (
            isFetching && (
              <Group gap="sm">
                <Loader size={20} />
                <Text size="sm">{t('checking')}</Text>
              </Group>
            )
          )}
        </div>
        {error && <ProblemNotice thrown={error} onRetry={() => void query.refetch()} />}
        {report && (
          <ul className={css['checks']}>
            {report.checks.map((check) => (
              <CheckRow key={check.about + check.code} check={check} />
            ))}
          </ul>
        )}
        <Group gap="sm">
          <Button variant="default" size="xs" loading={isFetching} onClick={() => void query.refetch()}>
            {t('checkAgain')}
          </Button>
          <Text size="xs" c="dimmed" flex={1} miw={200}>
            {t('checkedHere')}
          </Text>
        </Group>
        <Yourself place={place} />
      </Stack>
    </section>
  );
}

function Verdict({ report: { verdict } }: { readonly report: CertificateReport }) {
  const t = credentialStrings.useText();
  const look = LOOKS[verdict];
  const Icon = look === 'done' ? IconCircleCheck : look === 'stop' ? IconCircleX : IconAlertTriangle;
  return (
    <div className={css['verdict']} data-look={look}>
      <Icon size={32} stroke={1.8} aria-hidden />
      <div>
        <Text size="lg" fw={640} c="var(--wh-text)">
          {t(`verdict_${verdict}`)}
        </Text>
        <Text size="sm" c="var(--wh-text)">
          {t(`verdictText_${verdict}`)}
        </Text>
      </div>
    </div>
  );
}

const MARKS = {
  good: [IconCircleCheck, 'var(--wh-done)'],
  bad: [IconCircleX, 'var(--wh-stop)'],
  open: [IconHelpCircle, 'var(--wh-attention)'],
  absent: [IconCircleMinus, 'var(--wh-text-quiet)'],
} as const;

function CheckRow({ check }: { readonly check: CertificateCheck }) {
  const t = credentialStrings.useText();
  const said = useSentence();
  const [Icon, color] = MARKS[check.outcome];
  const address =
    check.facts['cid'] ??
    (check.code === 'signature_valid' || check.code === 'issuer_unknown' ? check.facts['did'] : null);
  return (
    <li className={css['check']}>
      <Icon size={20} color={color} role="img" aria-label={t(`outcome_${check.outcome}`)} />
      <Text size="sm" fw={560}>
        {t(`about_${check.about}`)}
      </Text>
      <div className={css['detail']}>
        {said(check)}
        {typeof address === 'string' && <CidText value={address} label={t(`about_${check.about}`)} />}
      </div>
    </li>
  );
}

function useSentence(): (check: CertificateCheck) => string {
  const t = credentialStrings.useText();
  const { day, dateTime } = useQuantities();
  return ({ code, facts }) => {
    const text = (name: string) => String(facts[name] ?? '');
    const onDay = (name: string) => (typeof facts[name] === 'number' ? day(facts[name]) : '?');
    const reason = facts['reason'] ?? 'unknown';
    return t(`said_${code}`, {
      detail: text('detail'),
      url: text('url'),
      name: text('name'),
      entries: text('entries'),
      from: onDay('validFrom'),
      until: onDay('validUntil'),
      at: onDay('at'),
      asOf: typeof facts['asOf'] === 'number' ? dateTime(facts['asOf']) : '?',
      reason: code === 'status_revoked' ? t(`reason_${reason as 'unknown'}`) : '',
    });
  };
}

function Yourself({ place }: { readonly place: string }) {
  const t = credentialStrings.useText();
  const words = shared.useText();
  const command = `npx workhall verify-credential ${place} --hall ${api.hallUrl}`;
  return (
    <details className={css['yourself']}>
      <summary>{t('yourself')}</summary>
      <Text size="sm" c="dimmed" my="xs">
        {t('yourselfText')}
      </Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code
          block
          style={{ flex: 1, minWidth: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
          bg="var(--wh-surface-sunken)"
        >
          {command}
        </Code>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? words('copied') : words('copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </details>
  );
}
