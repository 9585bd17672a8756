import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconFileTypePdf, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import {
  NO_SOURCE,
  sourceOf,
  toldRecord,
  verifyRecord,
  type AsBuilt,
  type SignedRecord,
} from '#protocol/guidance/index';
import { decodeBlock } from '#protocol/journal/index';
import {
  CidText,
  currentLanguage,
  Page,
  problemText,
  ProblemNotice,
  StatusBadge,
  useQuantities,
  Wait,
} from '../../ui/index.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { ProofFiles } from './proof-files.tsx';
import { RecordDeviations } from './record-deviations.tsx';
import { RecordSteps } from './record-steps.tsx';
import { Section } from './section.tsx';
import { guidanceStrings } from './strings.ts';

/** `/record/:cid`: what was made, verified in this browser: the signature, and every op of the journal judged again. */
export default function RecordPage() {
  const t = guidanceStrings.useText();
  const { cid = '' } = useParams();
  const record = useQuery({
    queryKey: ['record', cid],
    queryFn: ({ signal }) => guidance.record(cid, signal),
    staleTime: Infinity,
  });
  if (!record.data)
    return (
      <Page title={t('record')} isNarrow>
        {record.error ? <ProblemNotice thrown={record.error} onRetry={() => void record.refetch()} /> : <Wait />}
      </Page>
    );
  return <RecordSheet cid={cid} signed={record.data.signed as SignedRecord} />;
}

function RecordSheet({ cid, signed }: { readonly cid: string; readonly signed: SignedRecord }) {
  const t = guidanceStrings.useText();
  const { dateTime } = useQuantities();
  const { record } = signed;
  const { product } = record;
  const journal = useJournal(cid, signed);
  // Names, numbers and ranges stand in the journal; without it the record says what it knows itself.
  const source = journal.data?.source ?? (journal.error ? NO_SOURCE : null);
  const told = source && toldRecord(record, source, currentLanguage());
  return (
    <Page title={`${product.title} ${product.serial}`} isNarrow>
      <Stack gap="lg">
        <div>
          <Text size="sm" c="dimmed">
            {t('record')}
          </Text>
          <Title order={1}>
            {product.title} {product.serial}
          </Title>
          <div className={css['facts']} style={{ marginTop: 6 }}>
            <StatusBadge status={record.status === 'finished' ? 'done' : 'stop'}>
              {t(record.status === 'finished' ? 'status_finished' : 'status_scrapped')}
            </StatusBadge>
            <span>{product.type}</span>
            <span>{t('orderNamed', { order: product.order })}</span>
            <span>{record.station}</span>
            <span>{t('revision', { n: record.instruction.revision })}</span>
            {record.endedAtMs !== null && <span>{dateTime(record.endedAtMs)}</span>}
          </div>
          {record.signature && told && (
            <Text size="sm" mt={4}>
              {t('signedOff', { name: told.nameOf(record.signature.by), statement: record.signature.statement })}
            </Text>
          )}
        </div>
        <Verdict cid={cid} signed={signed} />
        <Group gap="xs" align="flex-start">
          <Button
            component="a"
            href={guidance.pdfUrl(cid, currentLanguage())}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconFileTypePdf size={18} aria-hidden />}
          >
            {t('asPdf')}
          </Button>
          <ProofFiles cid={cid} signed={signed} />
        </Group>
        {told ? (
          <>
            <RecordSteps told={told} />
            <RecordDeviations deviations={told.deviations} />
          </>
        ) : (
          <Wait />
        )}
        <Help record={record} />
        <Section id="proof" title={t('proof')} size="h3">
          <Stack gap={6}>
            {[
              [t('record'), cid],
              [t('hallKey'), signed.proof.did],
              [t('instruction'), record.instruction.release],
              [t('journal'), record.journal.head],
            ].map(([label = '', value = '']) => (
              <Group key={label} gap="xs">
                <Text size="sm" c="dimmed" miw={130}>
                  {label}
                </Text>
                <CidText value={value} label={label} />
              </Group>
            ))}
            {record.design && (
              <Anchor component={Link} to={`/revision/${record.design.revision}`} size="sm">
                {t('designRevision')}
                {record.design.token === null ? '' : ` · ${record.design.token}`}
              </Anchor>
            )}
          </Stack>
        </Section>
      </Stack>
    </Page>
  );
}

const useJournal = (cid: string, { record }: SignedRecord) =>
  useQuery({
    queryKey: ['record-journal', cid],
    queryFn: async ({ signal }) => {
      const { blocks } = decodeBlock(await guidance.journalOf(cid, signal)) as { blocks: Uint8Array[] };
      return { blocks, source: sourceOf(record, blocks) };
    },
    staleTime: Infinity,
  });

function Verdict({ cid, signed }: { readonly cid: string; readonly signed: SignedRecord }) {
  const t = guidanceStrings.useText();
  const journal = useJournal(cid, signed);
  const blocks = journal.data?.blocks;
  const judged = useQuery({
    queryKey: ['record-judged', cid],
    queryFn: () => ({ problem: verifyRecord(signed, blocks!), length: blocks!.length }),
    enabled: blocks !== undefined,
    staleTime: Infinity,
  });
  if (journal.error) return <ProblemNotice thrown={journal.error} onRetry={() => void journal.refetch()} />;
  if (judged.error) return <ProblemNotice thrown={judged.error} onRetry={() => void judged.refetch()} />;
  if (!judged.data) return <Wait />;
  const { problem, length } = judged.data;
  if (!problem)
    return (
      <div className={css['verdict']} role="status">
        <IconShieldCheck size={24} aria-hidden />
        <div>
          <Text fw={600}>{t('isTrue')}</Text>
          <Text size="sm">{t('isTrueText', { count: length })}</Text>
        </div>
      </div>
    );
  return (
    <div className={css['verdict']} data-look="stop" role="alert">
      <IconAlertTriangle size={24} aria-hidden />
      <div>
        <Text fw={600}>{t('isFalse')}</Text>
        <Text size="sm">{problemText(problem).message}</Text>
      </div>
    </div>
  );
}

/** Calls for help and what each came to; nothing when nobody was called. */
function Help({ record }: { readonly record: AsBuilt }) {
  const t = guidanceStrings.useText();
  const { dateTime, duration } = useQuantities();
  if (record.help.length === 0) return null;
  return (
    <Section id="help" title={t('help')} size="h3">
      <ul className={css['rows']}>
        {record.help.map(({ id, name, atMs, summary, how }) => {
          const experts = (summary?.people ?? []).filter((one) => one.as === 'expert').map((one) => one.name);
          return (
            <li key={id} className={css['row']}>
              <div className={css['grow']}>
                <Text fw={560}>
                  {how === 'answered' ? t('helpedBy', { name, experts: experts.join(', ') }) : t('notHelped', { name })}
                </Text>
                <div className={css['facts']}>
                  <span>{dateTime(atMs)}</span>
                  {summary && <span>{duration(summary.forMs)}</span>}
                </div>
                {summary?.outcome && <Text size="sm">{summary.outcome}</Text>}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
