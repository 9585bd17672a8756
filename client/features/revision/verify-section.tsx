import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { RevisionView } from '#protocol/api/index';
import { CidText, ProblemNotice, shared, useNow, useQuantities, useWait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { CommandLine } from './command-line.tsx';
import { prove, type ProofCheck } from './proof-stream.ts';
import css from './revision-page.module.css';
import { revisionStrings } from './strings.ts';

/** The checks of protocol/ownership/verify.ts in their order, so that they can be seen waiting. */
const CHECKS = {
  'token on chain': 'checkToken',
  manifest: 'checkManifest',
  'parent revisions': 'checkParents',
  files: 'checkFiles',
  journal: 'checkJournal',
  replay: 'checkReplay',
  'state hash': 'checkState',
  'files of the design': 'checkDesignFiles',
  shares: 'checkShares',
  'contributors root': 'checkRoot',
  'lineage on chain': 'checkLineage',
  signatures: 'checkSignatures',
} as const;
type CheckState = 'pending' | 'running' | 'ok' | 'failed' | 'skipped';

export function VerifySection({ revision }: { revision: RevisionView }) {
  const t = revisionStrings.useText();
  const { number } = useQuantities();
  const words = shared.useText();
  const stop = useRef<AbortController | null>(null);
  const [startedAtMs, setStartedAtMs] = useState(0);
  const [done, setDone] = useState<readonly ProofCheck[]>([]);
  const tokenId = revision.token?.tokenId;
  const verify = useMutation({
    mutationFn: () => {
      setStartedAtMs(Date.now());
      setDone([]);
      stop.current = new AbortController();
      return prove(tokenId!, stop.current.signal, (check) => setDone((all) => [...all, check]));
    },
  });
  const wait = useWait(verify.isPending);
  const seconds = Math.max(0, Math.round((useNow(1000) - startedAtMs) / 1000));
  const report = verify.data ?? null;
  const command = `npx workhall verify ${tokenId ?? '<token id>'}`;
  const origin = api.hallUrl;

  return (
    <section className={css['section']} aria-labelledby="proof">
      <Title order={2} id="proof">
        {t('verifyTitle')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('verifyText')}
      </Text>
      <Stack>
        <Group>
          <Button
            variant={tokenId ? 'filled' : 'default'}
            leftSection={<IconShieldCheck size={20} stroke={1.7} />}
            disabled={!tokenId}
            loading={verify.isPending}
            onClick={() => verify.mutate()}
          >
            {report ? t('verifyAgain') : t('verify')}
          </Button>
          {verify.isPending && wait === 'explain' && (
            <>
              <Text size="sm" c="dimmed">
                {t('verifying', { seconds })}
              </Text>
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  stop.current?.abort();
                  verify.reset();
                }}
              >
                {words('stop')}
              </Button>
            </>
          )}
          <div role="status">
            {report && (
              <Text fw={600} c={report.ok ? 'var(--wh-done)' : 'var(--wh-stop)'}>
                {report.ok ? t('verified') : t('notVerified')}{' '}
                <Text span size="sm" c="dimmed" fw={400}>
                  {t('tookMs', { seconds: number(report.tookMs / 1000, 2) })}
                </Text>
              </Text>
            )}
          </div>
        </Group>
        {!tokenId && <Text size="sm">{t('verifyAfterMint')}</Text>}
        {verify.error && <ProblemNotice thrown={verify.error} onRetry={() => verify.mutate()} />}
        {(verify.isPending || report) && <Checks done={report?.checks ?? done} isRunning={verify.isPending} />}
        <Stack gap="xs">
          <Text size="sm" fw={560}>
            {t('yourself')}
          </Text>
          <Text size="sm" c="dimmed">
            {t('yourselfText')}
          </Text>
          <CommandLine command={`${command} --hall ${origin}`} isReady={Boolean(tokenId)} />
          {revision.token && (
            <>
              <Text size="sm" c="dimmed">
                {t('yourselfSources', { chain: revision.token.chainId })}
              </Text>
              <CommandLine
                command={`${command} --rpc ${api.url('/chain/rpc')} --ipfs ${origin} --contract ${revision.token.contract}`}
                isReady
              />
            </>
          )}
          <Group>
            <Button
              component="a"
              variant="default"
              href={`${api.assetUrl(revision.cid)}/car`}
              download={`${revision.cid}.car`}
              leftSection={<IconDownload size={18} stroke={1.7} />}
            >
              {t('downloadCar')}
            </Button>
          </Group>
        </Stack>
      </Stack>
    </section>
  );
}

/** All checks in their order: those done, the one that runs, those that wait for their turn. */
function Checks({ done, isRunning }: { done: readonly ProofCheck[]; isRunning: boolean }) {
  const t = revisionStrings.useText();
  const named = Object.keys(CHECKS) as (keyof typeof CHECKS)[];
  const extra = done.filter(({ name }) => !(name in CHECKS));
  const rows = [
    ...named.map((name) => ({ label: t(CHECKS[name]), check: done.find((one) => one.name === name) })),
    ...extra.map((check) => ({ label: check.name, check })),
  ];
  const next = rows.findIndex(({ check }) => !check);
  return (
    <ul className={`${css['checks']} ${css['panel']}`}>
      {rows.map(({ label, check }, index) => {
        const waits = index === next ? 'running' : 'pending';
        const state: CheckState = check ? (check.ok ? 'ok' : 'failed') : isRunning ? waits : 'skipped';
        return (
          <li key={label} className={css['check']}>
            <CheckMark state={state} />
            <Text size="sm" fw={560}>
              {label}
            </Text>
            {check && (
              <span className={css['checkDetail']}>
                {check.detail}
                {!check.ok && check.cid && <CidText value={check.cid} keep={null} label={t('badBlock')} />}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function CheckMark({ state }: { state: CheckState }) {
  const t = revisionStrings.useText();
  if (state === 'running') return <Loader size={20} type="oval" aria-label={t('checkRunning')} />;
  if (state === 'ok') return <IconCircleCheck size={20} color="var(--wh-done)" role="img" aria-label={t('checkOk')} />;
  if (state === 'failed')
    return <IconCircleX size={20} color="var(--wh-stop)" role="img" aria-label={t('checkFailed')} />;
  const label = t(state === 'pending' ? 'checkPending' : 'checkSkipped');
  return <IconCircleDashed size={20} color="var(--wh-text-quiet)" role="img" aria-label={label} />;
}
