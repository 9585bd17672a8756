import { Anchor, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconFileTypePdf, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { BY_HAND, nameIn, verifyRecord, type AsBuilt, type SignedRecord } from '#protocol/guidance/index';
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
import { Evidence } from './evidence.tsx';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { ProofFiles } from './proof-files.tsx';
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
        <Steps record={record} />
        <Deviations record={record} />
        <Help record={record} />
        <section aria-labelledby="proof">
          <Title order={2} id="proof" size="h3" mb="xs">
            {t('proof')}
          </Title>
          <Stack gap={6}>
            <CidText value={cid} label={t('record')} />
            <CidText value={signed.proof.did} label={t('hallKey')} />
            {record.design && (
              <Anchor component={Link} to={`/revision/${record.design.revision}`} size="sm">
                {t('designRevision')}
                {record.design.token === null ? '' : ` · ${record.design.token}`}
              </Anchor>
            )}
          </Stack>
        </section>
      </Stack>
    </Page>
  );
}

function Verdict({ cid, signed }: { readonly cid: string; readonly signed: SignedRecord }) {
  const t = guidanceStrings.useText();
  const judged = useQuery({
    queryKey: ['record-judged', cid],
    queryFn: async ({ signal }) => {
      const { blocks } = decodeBlock(await guidance.journalOf(cid, signal)) as { blocks: Uint8Array[] };
      return { problem: verifyRecord(signed, blocks), length: blocks.length };
    },
    staleTime: Infinity,
  });
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

function Steps({ record }: { readonly record: AsBuilt }) {
  const t = guidanceStrings.useText();
  const { dateTime, number } = useQuantities();
  return (
    <section aria-labelledby="steps">
      <Title order={2} id="steps" size="h3" mb="xs">
        {t('steps')}
      </Title>
      <ul className={css['rows']}>
        {record.steps.map((visit) => {
          const here = <T extends { readonly visit: number | null }>(rows: readonly T[]) =>
            rows.filter((row) => row.visit === visit.n);
          const pictures = here(record.pictures);
          return (
            <li key={visit.n} className={css['row']}>
              <div className={css['grow']}>
                <Text fw={560}>
                  {visit.n + 1} {visit.title}
                </Text>
                <div className={css['facts']}>
                  <span>{dateTime(visit.enteredAtMs)}</span>
                  {visit.leftAtMs !== null && <span>{number((visit.leftAtMs - visit.enteredAtMs) / 1000, 1)} s</span>}
                  <span>{visit.by.map((id) => nameIn(record, id)).join(', ')}</span>
                  <span>{t('revision', { n: visit.revision })}</span>
                  {visit.isReleased && <span>{t('kind_released')}</span>}
                </div>
                <List size="sm" mt={4}>
                  {here(record.parts).map(({ n, code, isRight }) => (
                    <List.Item key={`p${n}`} c={isRight ? undefined : 'var(--wh-stop)'}>
                      {code.part} {code.serial ?? code.lot ?? ''}
                    </List.Item>
                  ))}
                  {here(record.tightenings).map(({ n, result, limits, verdict }) => (
                    <List.Item key={`t${n}`} c={verdict === 'counted' ? undefined : 'var(--wh-stop)'}>
                      {result.value} {result.unit}
                      {limits && ` (${limits.minimum ?? ''}–${limits.maximum ?? ''} ${limits.unit})`} ·{' '}
                      {result.device === BY_HAND ? t('byHand') : result.device}
                      {result.calibratedUntilMs !== null &&
                        ` · ${t('calibratedUntil')} ${dateTime(result.calibratedUntilMs)}`}
                    </List.Item>
                  ))}
                  {here(record.measurements).map(({ n, variable, value, unit, isInRange }) => (
                    <List.Item key={`m${n}`} c={isInRange ? undefined : 'var(--wh-stop)'}>
                      {variable}: {value} {unit}
                    </List.Item>
                  ))}
                  {here(record.checks).map(({ n, by, isOk, note }) => (
                    <List.Item key={`c${n}`} c={isOk ? undefined : 'var(--wh-stop)'}>
                      {t('checkedBy', { name: nameIn(record, by) })} {note}
                    </List.Item>
                  ))}
                </List>
                {pictures.length > 0 && (
                  <div className={css['pictures']}>
                    {pictures.map(({ n, cid, kind }) => (
                      <Evidence key={n} cid={cid} kind={kind} step={visit.title} />
                    ))}
                  </div>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Calls for help and what each came to; nothing when nobody was called. */
function Help({ record }: { readonly record: AsBuilt }) {
  const t = guidanceStrings.useText();
  const { dateTime, number } = useQuantities();
  if (record.help.length === 0) return null;
  return (
    <section aria-labelledby="help">
      <Title order={2} id="help" size="h3" mb="xs">
        {t('help')}
      </Title>
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
                  {summary && <span>{number(summary.forMs / 1000, 0)} s</span>}
                </div>
                {summary?.outcome && <Text size="sm">{summary.outcome}</Text>}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Deviations({ record }: { readonly record: AsBuilt }) {
  const t = guidanceStrings.useText();
  const { dateTime } = useQuantities();
  return (
    <section aria-labelledby="deviations">
      <Title order={2} id="deviations" size="h3" mb="xs">
        {t('deviations')}
      </Title>
      {record.deviations.length === 0 ? (
        <Text c="dimmed">{t('noneAtAll')}</Text>
      ) : (
        <ul className={css['rows']}>
          {record.deviations.map(({ id, kind, atMs, text, decided }) => (
            <li key={id} className={css['row']}>
              <div className={css['grow']}>
                <Text fw={560}>{t(`kind_${kind}`)}</Text>
                <div className={css['facts']}>
                  <span>{dateTime(atMs)}</span>
                  {text && <span>{text}</span>}
                </div>
                {decided && (
                  <Text size="sm">
                    {t(decided.disposition)}: {decided.reason} · {nameIn(record, decided.by)}
                  </Text>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
