import { Text, Title } from '@mantine/core';
import { IconStack2, IconCertificate } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import { AssetPicture, EmptyState, StatusBadge, useQuantities } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './project-page.module.css';
import { projectStrings } from './strings.ts';

export function RevisionsSection({ project }: { project: Project }) {
  const t = projectStrings.useText();
  const { dateTime } = useQuantities();
  return (
    <section className={css['section']} aria-labelledby="revisions">
      <div className={css['sectionHead']}>
        <Title order={2} id="revisions">
          {t('revisions')}
        </Title>
      </div>
      {project.revisions.length === 0 ? (
        <EmptyState icon={<IconStack2 size={40} stroke={1.2} />} title={t('noRevisions')} text={t('noRevisionsText')} />
      ) : (
        <div className={css['rows']}>
          {project.revisions
            .toSorted((a, b) => b.createdAt - a.createdAt)
            .map((revision) => (
              <Link key={revision.cid} to={`/revision/${revision.cid}`} className={css['row']}>
                <AssetPicture
                  className={css['thumb']}
                  src={revision.picture && api.assetUrl(revision.picture)}
                  title={revision.title}
                />
                <div className={css['grow']}>
                  <Text fw={560} truncate>
                    {revision.title}
                  </Text>
                  <div className={css['facts']}>
                    <time dateTime={new Date(revision.createdAt).toISOString()}>{dateTime(revision.createdAt)}</time>
                    <Text span ff="monospace" fz="xs" c="dimmed">
                      {revision.cid.slice(0, 8)}…{revision.cid.slice(-6)}
                    </Text>
                  </div>
                </div>
                {revision.tokenId !== null ? (
                  <StatusBadge status="done" icon={IconCertificate}>
                    {t('minted', { id: revision.tokenId })}
                  </StatusBadge>
                ) : (
                  <StatusBadge status={revision.signedCount < revision.contributorCount ? 'attention' : 'active'}>
                    {t('signedBy', { signed: revision.signedCount, all: revision.contributorCount })}
                  </StatusBadge>
                )}
              </Link>
            ))}
        </div>
      )}
    </section>
  );
}
