import { Text } from '@mantine/core';
import { Link } from 'react-router';
import type { BriefSummary } from '#protocol/api/index';
import { AssetPicture, Countdown } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './hall-page.module.css';
import { hallStrings } from './strings.ts';

export function BriefCard({ brief }: { brief: BriefSummary }) {
  const t = hallStrings.useText();
  return (
    <article className={css['brief']}>
      <AssetPicture
        className={css['briefPicture']}
        src={brief.picture && api.assetUrl(brief.picture)}
        title={brief.title}
        ratio={1}
      />
      <div className={css['text']} style={{ justifyContent: 'center' }}>
        <Text component="h3" fw={600} m={0} lineClamp={2}>
          <Link to={`/brief/${brief.id}`} className={css['link']} data-card>
            {brief.title}
          </Link>
        </Text>
        <div className={css['facts']}>
          <Countdown deadlineAt={brief.deadlineAt} isOpen={brief.isOpen} />
          <span>{t('submissions', { count: brief.submissionCount })}</span>
        </div>
      </div>
    </article>
  );
}
