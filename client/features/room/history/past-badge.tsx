import { Button, Tooltip } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuantities } from '../../../ui/index.ts';
import { useRoom } from '../room-context.tsx';
import css from './past.module.css';
import { pastStrings } from './strings.ts';
import { usePastState } from './use-past.ts';

/** Over the product while it is shown as it was; its frame is drawn around the whole view. */
export function PastBadge() {
  const t = pastStrings.useText();
  const { past } = useRoom().session;
  const { seq, total, news } = usePastState();
  const { number, moment } = useQuantities();
  if (seq === null) return null;
  const entry = past.entryAt(seq);
  return (
    <div className={css['badge']} data-past role="status">
      <IconHistory size={18} stroke={1.7} aria-hidden className={css['badgeIcon']} />
      <span>
        <strong>{t('lookingAtThePast')}</strong>{' '}
        <span className="wh-figures">
          {t('momentOf', {
            time: entry ? moment(entry.at, Date.now()) : '',
            step: number(seq),
            total: number(total - 1),
          })}
        </span>
        {news > 0 && (
          <Tooltip label={t('newStepsMeaning')}>
            <span className={css['news']}>{t('newSteps', { count: news })}</span>
          </Tooltip>
        )}
      </span>
      <Button size="compact-sm" onClick={() => past.backToNow()}>
        {t('backToNow')}
      </Button>
    </div>
  );
}
