import { Button, Text } from '@mantine/core';
import { IconLogin2, IconUsersGroup } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ProjectSummary } from '#protocol/api/index';
import { AssetPicture, PersonDots, shared, StatusBadge, useNow, useQuantities } from '../../ui/index.ts';
import { useImports } from '../project/index.ts';
import { api } from '../session/index.ts';
import css from './hall-page.module.css';
import { hallStrings } from './strings.ts';

export function ProjectCard({ project, isFirst }: { project: ProjectSummary; isFirst: boolean }) {
  const t = hallStrings.useText();
  const words = shared.useText();
  const { ago } = useQuantities();
  const nowMs = useNow();
  const isImporting = useImports(project.id).some(({ state }) => state.kind === 'running');
  return (
    <article className={css['card']}>
      <div style={{ position: 'relative' }}>
        <AssetPicture
          src={project.picture && api.assetUrl(project.picture)}
          title={project.title}
          isFirst={isFirst}
          ratio={4 / 3}
        />
        {project.isDemo && (
          <div className={`${css['over']} ${css['topLeft']}`}>
            <StatusBadge status="quiet" icon={null}>
              {t('demo')}
            </StatusBadge>
          </div>
        )}
        {project.present.length > 0 && (
          <div
            className={`${css['over']} ${css['bottomLeft']}`}
            role="group"
            aria-label={t('present', { count: project.present.length })}
          >
            <PersonDots names={project.present} />
          </div>
        )}
        {project.role !== null && (
          <div className={`${css['over']} ${css['bottomRight']}`}>
            <Button
              component={Link}
              to={`/room/${project.room}`}
              size="sm"
              variant={project.isDemo ? 'filled' : 'default'}
              leftSection={<IconLogin2 size={18} stroke={1.7} />}
              aria-label={t('enterRoom', { title: project.title })}
            >
              {t('enter')}
            </Button>
          </div>
        )}
      </div>
      <div className={css['text']}>
        <Text component="h3" fw={600} size="md" m={0} lineClamp={2} title={project.title}>
          <Link to={`/project/${project.id}`} className={css['link']} data-card>
            {project.title}
          </Link>
        </Text>
        <div className={css['facts']}>
          <span>{isImporting ? t('importing') : words('parts', { count: project.partCount })}</span>
          {project.isDemo ? (
            <span>{t('demoText')}</span>
          ) : (
            <span>{t('changed', { when: ago(project.updatedAt, nowMs) })}</span>
          )}
          {project.openBriefs > 0 && (
            <Text span inherit c="var(--wh-active)" style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}>
              <IconUsersGroup size={14} aria-hidden /> {t('openBriefs', { count: project.openBriefs })}
            </Text>
          )}
        </div>
      </div>
    </article>
  );
}
