import { IconEyeCheck, IconMessageReply, IconPencil } from '@tabler/icons-react';
import { StatusBadge } from '../../../ui/index.ts';
import type { Standing } from '../model/review.ts';
import { procedureStrings } from '../strings.ts';

/** Draft, in review, sent back or released: in a word, a colour and an icon. */
export function StandingBadge({ standing, release }: { standing: Standing; release: number | null }) {
  const t = procedureStrings.useText();
  switch (standing.kind) {
    case 'draft':
      return (
        <StatusBadge status="quiet" icon={IconPencil}>
          {t('standing_draft')}
        </StatusBadge>
      );
    case 'review':
      return (
        <StatusBadge status="active" icon={IconEyeCheck}>
          {t('standing_review')}
        </StatusBadge>
      );
    case 'returned':
      return (
        <StatusBadge status="attention" icon={IconMessageReply}>
          {t('standing_returned')}
        </StatusBadge>
      );
    case 'released':
      return <StatusBadge status="done">{t('standing_released', { n: release ?? 1 })}</StatusBadge>;
  }
}
