import { Group, Stack, Text, Title } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { RevisionView } from '#protocol/api/index';
import { AssetPicture, CidText, Page, ProblemNotice, StatusBadge, useQuantities, Wait } from '../../ui/index.ts';
import { api, useSession } from '../session/index.ts';
import { ContributorsSection } from './contributors-section.tsx';
import { FilesSection, LineageSection, TokenSection } from './facts-sections.tsx';
import { HistorySection } from './history-section.tsx';
import { MintPanel } from './mint-panel.tsx';
import css from './revision-page.module.css';
import { revisionStrings } from './strings.ts';
import { VerifySection } from './verify-section.tsx';

/** What others sign and mint shows by itself, ms. */
const FOLLOW_MS = 5_000;

/** `/revision/:cid` and `/token/:id`: the same page, found by content or by token. */
export default function RevisionPage() {
  const { cid, id } = useParams();
  // What I may do here depends on who I am.
  const me = useSession()?.me.id ?? null;
  const queries = useQueryClient();
  const key = ['revision', cid ?? `token ${id}`, me];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => (cid ? api.revision(cid, signal) : api.token(id ?? '', signal)),
    // Signatures and the token come from other people's machines; after that nothing changes any more.
    refetchInterval: ({ state }) => (state.data?.token === null ? FOLLOW_MS : false),
    refetchOnWindowFocus: ({ state }) => (state.data?.token === null ? 'always' : false),
  });
  const keep = (revision: RevisionView) => {
    void queries.cancelQueries({ queryKey: key }); // an answer under way is older than this one
    queries.setQueryData(key, revision);
    void queries.invalidateQueries({ queryKey: ['to-sign'] });
    void queries.invalidateQueries({ queryKey: ['project'] });
  };
  if (query.data) return <Revision revision={query.data} onChange={keep} />;
  return (
    <Page title="">
      {query.error ? <ProblemNotice thrown={query.error} onRetry={() => void query.refetch()} /> : <Wait />}
    </Page>
  );
}

export interface RevisionProps {
  readonly revision: RevisionView;
  readonly onChange: (revision: RevisionView) => void;
}

function Revision({ revision, onChange }: RevisionProps) {
  const t = revisionStrings.useText();
  const { dateTime } = useQuantities();
  return (
    <Page title={revision.title}>
      <div className={css['top']}>
        <AssetPicture
          className={css['picture']}
          src={api.assetUrl(revision.picture)}
          title={revision.title}
          ratio={4 / 3}
          isFirst
        />
        <Stack gap="lg">
          <div>
            <Text size="sm" c="dimmed">
              {revision.project.mayOpen ? (
                <Link to={`/project/${revision.project.id}`} style={{ color: 'inherit' }}>
                  {t('revisionOf', { project: revision.project.title })}
                </Link>
              ) : (
                t('revisionOf', { project: revision.project.title })
              )}
            </Text>
            <Title order={1} mt={4} style={{ overflowWrap: 'anywhere' }}>
              {revision.title}
            </Title>
          </div>
          <Group gap="sm">
            {revision.token ? (
              <StatusBadge status="done" icon={IconCertificate}>
                {t('minted', { id: revision.token.tokenId })}
              </StatusBadge>
            ) : (
              <StatusBadge status="attention">{t('notMinted')}</StatusBadge>
            )}
            <Text size="sm" c="dimmed">
              {t('published', { when: dateTime(revision.createdAt) })}
            </Text>
          </Group>
          {revision.notes && <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{revision.notes}</Text>}
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              {t('cid')}
            </Text>
            <CidText value={revision.cid} keep={null} label={t('cid')} />
          </div>
          <dl className={css['facts']}>
            <dt>{t('licence')}</dt>
            <dd>{revision.licence}</dd>
          </dl>
          <MintPanel revision={revision} onChange={onChange} />
        </Stack>
      </div>
      <div className={css['columns']}>
        <ContributorsSection revision={revision} onChange={onChange} />
        <VerifySection revision={revision} />
      </div>
      <HistorySection revision={revision} />
      <div className={css['columns']}>
        <FilesSection revision={revision} />
        <div>
          <TokenSection revision={revision} />
          <LineageSection revision={revision} />
        </div>
      </div>
    </Page>
  );
}
