import { Button, CopyButton, Group, Menu, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCertificateOff, IconDownload, IconLink, IconPrinter } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { CertificateView } from '#protocol/api/index';
import { readCertificate, type RevocationReason } from '#protocol/credentials/index';
import { noticeDone, noticeProblem, Page, ProblemNotice, Wait } from '../../ui/index.ts';
import { api, useSession } from '../session/index.ts';
import { CertificateSheet } from './certificate-sheet.tsx';
import { CheckSection, useReport } from './check-section.tsx';
import css from './credentials.module.css';
import { RevokeDialog } from './revoke-dialog.tsx';
import { credentialStrings } from './strings.ts';

/** Time in which taking back can be thought over, ms: as long as the notice with Undo stands. */
const THINK_MS = 8000;

/** `/credential/:id`: the certificate for everybody who has the link. */
export default function CertificatePage() {
  const { id = '' } = useParams();
  const me = useSession()?.me.id ?? null;
  const query = useQuery({ queryKey: ['certificate', id, me], queryFn: ({ signal }) => api.certificate(id, signal) });
  if (query.data) return <Certificate view={query.data} />;
  return (
    <Page title="">
      {query.error ? <ProblemNotice thrown={query.error} onRetry={() => void query.refetch()} /> : <Wait />}
    </Page>
  );
}

function Certificate({ view }: { readonly view: CertificateView }) {
  const t = credentialStrings.useText();
  const queries = useQueryClient();
  const [isRevoking, revoking] = useDisclosure();
  const report = useReport(`${view.id} ${view.revoked?.at ?? ''}`, view.document);
  const read = readCertificate(view.document);
  const link = `${api.hallUrl}/credential/${view.id}`;
  const verdict = report.data?.verdict;
  const isOver = verdict === 'revoked' || verdict === 'expired' || verdict === 'invalid';

  // Sent only when it cannot be taken back any more: a revocation is for good.
  const revoke = (reason: RevocationReason, note: string) => {
    revoking.close();
    const send = () =>
      api.revokeCertificate(view.id, { reason, note }).then(() => {
        void queries.invalidateQueries({ queryKey: ['certificate', view.id] });
        void queries.invalidateQueries({ queryKey: ['skills'] });
      }, noticeProblem);
    const timer = setTimeout(() => void send(), THINK_MS);
    noticeDone(t('revokedDone', { name: view.recipient }), () => clearTimeout(timer));
  };

  return (
    <Page title={`${view.title} – ${view.recipient}`}>
      <div className={css['certificate']}>
        {read.ok && (
          <CertificateSheet
            certificate={read.certificate}
            link={link}
            stamp={isOver ? t(`verdict_${verdict}`) : null}
          />
        )}
        <Stack gap="lg" className={css['aside']}>
          <Group gap="xs">
            <Button leftSection={<IconPrinter size={18} stroke={1.7} />} onClick={() => window.print()}>
              {t('print')}
            </Button>
            <CopyButton value={link}>
              {({ copied, copy }) => (
                <Button variant="default" leftSection={<IconLink size={18} stroke={1.7} />} onClick={copy}>
                  {copied ? t('linkCopied') : t('copyLink')}
                </Button>
              )}
            </CopyButton>
            <Downloads id={view.id} />
            {view.mayRevoke && (
              <Button
                variant="default"
                leftSection={<IconCertificateOff size={18} stroke={1.7} />}
                onClick={revoking.open}
              >
                {t('revoke')}
              </Button>
            )}
          </Group>
          <CheckSection query={report} place={link} />
          {view.project && (
            <Text size="sm">
              <span style={{ color: 'var(--wh-text-quiet)' }}>{t('inProject')}: </span>
              <Link to={`/project/${view.project.id}`} style={{ color: 'inherit' }}>
                {view.project.title}
              </Link>
            </Text>
          )}
          {view.revocationNote && (
            <Text size="sm">
              <span style={{ color: 'var(--wh-text-quiet)' }}>{t('note')}: </span>
              {view.revocationNote}
            </Text>
          )}
        </Stack>
      </div>
      <RevokeDialog isOpen={isRevoking} onClose={revoking.close} onRevoke={revoke} />
    </Page>
  );
}

function Downloads({ id }: { readonly id: string }) {
  const t = credentialStrings.useText();
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={18} stroke={1.7} />}>
          {t('download')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(
          [
            ['badge.svg', t('asSvg')],
            ['badge.png', t('asPng')],
            ['credential.json', t('asJson')],
          ] as const
        ).map(([file, label]) => (
          <Menu.Item key={file} component="a" href={api.url(`/credentials/${id}/${file}`)} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
