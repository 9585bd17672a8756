import { Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { RevisionView } from '#protocol/api/index';
import { CidText, useQuantities } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './revision-page.module.css';
import { revisionStrings } from './strings.ts';

type Props = { readonly revision: RevisionView };

export function TokenSection({ revision }: Props) {
  const t = revisionStrings.useText();
  const { dateTime } = useQuantities();
  const { token } = revision;
  return (
    <section className={css['section']} aria-labelledby="token">
      <Title order={2} id="token" mb="md">
        {t('token')}
      </Title>
      <dl className={css['facts']}>
        {token && (
          <>
            <dt>{t('tokenId')}</dt>
            <dd>{token.tokenId}</dd>
            <dt>{t('owner')}</dt>
            <dd>
              <CidText value={token.owner} label={t('owner')} />
            </dd>
            <dt>{t('contract')}</dt>
            <dd>
              <CidText value={token.contract} label={t('contract')} />
            </dd>
            <dt>{t('chain')}</dt>
            <dd>{token.chainId}</dd>
            <dt>{t('transaction')}</dt>
            <dd>
              <CidText value={token.transaction} label={t('transaction')} />
            </dd>
            <dt>{t('mintedAt')}</dt>
            <dd>{dateTime(token.mintedAt)}</dd>
          </>
        )}
        <dt>{t('stateHash')}</dt>
        <dd>
          <CidText value={revision.stateHash} label={t('stateHash')} />
        </dd>
        <dt>{t('journalHead')}</dt>
        <dd>
          <CidText value={revision.journal.head} label={t('journalHead')} />
        </dd>
      </dl>
    </section>
  );
}

export function LineageSection({ revision }: Props) {
  const t = revisionStrings.useText();
  return (
    <section className={css['section']} aria-labelledby="lineage">
      <Title order={2} id="lineage" mb="md">
        {t('lineage')}
      </Title>
      {revision.parents.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('lineageNone')}
        </Text>
      ) : (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t('lineageFrom')}
          </Text>
          {revision.parents.map(({ manifest, title, tokenId }) => (
            <Link key={manifest} to={`/revision/${manifest}`}>
              {title ?? `${manifest.slice(0, 10)}…${manifest.slice(-8)}`}
              {tokenId !== null && ` · ${t('minted', { id: tokenId })}`}
            </Link>
          ))}
        </Stack>
      )}
    </section>
  );
}

export function FilesSection({ revision }: Props) {
  const t = revisionStrings.useText();
  const { bytes } = useQuantities();
  const files = revision.files.toSorted((a, b) => a.role.localeCompare(b.role) || b.size - a.size);
  return (
    <section className={css['section']} aria-labelledby="files">
      <Title order={2} id="files" mb="md">
        {t('files')}
      </Title>
      <div className={`${css['panel']} ${css['files']}`} tabIndex={0} role="group" aria-label={t('fileList')}>
        <Table fz="sm" verticalSpacing={8} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('fileName')}</Table.Th>
              <Table.Th>{t('fileRole')}</Table.Th>
              <Table.Th>{t('fileSize')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {files.map((file) => (
              <Table.Tr key={file.cid}>
                <Table.Td>
                  <a
                    href={`${api.assetUrl(file.cid)}?name=${encodeURIComponent(file.name)}`}
                    download={file.name}
                    title={file.cid}
                    style={{ color: 'inherit', overflowWrap: 'anywhere' }}
                  >
                    {file.name === file.cid ? `${file.cid.slice(0, 12)}…${file.cid.slice(-8)}` : file.name}
                  </a>
                </Table.Td>
                <Table.Td c="dimmed">{file.role}</Table.Td>
                <Table.Td>{bytes(file.size)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
