import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { laterDialog } from '../../../ui/index.ts';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './room-layout.module.css';

const RefusedDialog = laterDialog(async () => (await import('../dialogs/refused-dialog.tsx')).RefusedDialog);

/** Stands under the header while changes that were made away from the server could not be applied: nothing goes silently. */
export function RefusedNotice() {
  const t = roomStrings.useText();
  const { session } = useRoom();
  const refused = useReadable(session.refused);
  const [isOpen, dialog] = useDisclosure();
  const news = refused.filter(({ wasTold }) => !wasTold);
  return (
    <>
      {news.length > 0 && (
        <div className={css['banner']} role="status">
          <IconAlertTriangle size={18} stroke={1.7} color="var(--wh-attention)" aria-hidden />
          <strong>{t('notApplied', { count: news.length })}</strong>
          <Button size="compact-sm" variant="default" onClick={dialog.open}>
            {t('showNotApplied')}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => session.dismissRefused()}>
            {t('dismiss')}
          </Button>
        </div>
      )}
      <RefusedDialog isOpen={isOpen && refused.length > 0} onClose={dialog.close} refused={refused} />
    </>
  );
}
