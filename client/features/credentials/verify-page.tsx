import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconCertificate } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { readCertificate } from '#protocol/credentials/index';
import { Page } from '../../ui/index.ts';
import { CertificateSheet } from './certificate-sheet.tsx';
import { CheckSection, useReport } from './check-section.tsx';
import css from './credentials.module.css';
import { credentialStrings } from './strings.ts';
import { certificateIn } from './verifier.ts';

interface Dropped {
  readonly name: string;
  readonly document: unknown;
  /** Of the drop, so that the same file dropped again is judged again. */
  readonly turn: number;
}

/** `/verify-credential`: anybody drops a file and reads what it is worth. Nothing is sent away. */
export default function VerifyPage() {
  const t = credentialStrings.useText();
  const [dropped, setDropped] = useState<Dropped | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    const document = await certificateIn(file);
    setRefused(document === null ? file.name : null);
    if (document !== null) setDropped((last) => ({ name: file.name, document, turn: (last?.turn ?? 0) + 1 }));
  };
  return (
    <Page title={t('verifyTitle')}>
      <Group justify="space-between" mb="lg">
        <Title order={1}>{t('verifyTitle')}</Title>
        {dropped && (
          <Button variant="default" onClick={() => setDropped(null)}>
            {t('another')}
          </Button>
        )}
      </Group>
      {dropped ? (
        <Judged key={dropped.turn} {...dropped} />
      ) : (
        <Stack gap="lg" maw={760}>
          <Text>{t('verifyText')}</Text>
          <Dropzone
            multiple={false}
            p={48}
            onDrop={(files: File[]) => void take(files[0])}
            inputProps={{ 'aria-label': t('drop'), accept: '.json,.png,.svg' }}
          >
            <Stack align="center" gap="xs" style={{ pointerEvents: 'none' }}>
              <IconCertificate size={52} stroke={1.1} color="var(--wh-sheet-ink)" />
              <Text fw={560}>{t('drop')}</Text>
              <Text size="sm" c={refused ? 'var(--wh-stop)' : 'dimmed'} role={refused ? 'alert' : undefined}>
                {refused ? t('noCertificateInside', { name: refused }) : t('dropHint')}
              </Text>
            </Stack>
          </Dropzone>
          <OpenLink />
        </Stack>
      )}
    </Page>
  );
}

function Judged({ name, document, turn }: Dropped) {
  const t = credentialStrings.useText();
  const report = useReport(`${name} ${turn}`, document);
  const read = readCertificate(document);
  const verdict = report.data?.verdict;
  const isOver = verdict === 'revoked' || verdict === 'expired' || verdict === 'invalid';
  return (
    <div className={css['certificate']}>
      {read.ok && (
        <CertificateSheet certificate={read.certificate} link={null} stamp={isOver ? t(`verdict_${verdict}`) : null} />
      )}
      <div className={css['aside']}>
        <CheckSection query={report} place={name.includes(' ') ? `"${name}"` : name} />
      </div>
    </div>
  );
}

function OpenLink() {
  const t = credentialStrings.useText();
  const navigate = useNavigate();
  const [link, setLink] = useState('');
  const [isForeign, setForeign] = useState(false);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const id = /\/credentials?\/([0-9a-f-]{36})/.exec(link)?.[1];
    const isHere = URL.canParse(link) && new URL(link).origin === location.origin;
    setForeign(!id || !isHere);
    if (id && isHere) void navigate(`/credential/${id}`);
  };
  return (
    <form onSubmit={onSubmit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          type="url"
          flex={1}
          miw={220}
          label={t('openLink')}
          placeholder={`${location.origin}/credential/…`}
          value={link}
          error={isForeign ? t('foreignLink') : undefined}
          onChange={(event) => setLink(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!link}>
          {t('open')}
        </Button>
      </Group>
    </form>
  );
}
