import { Button, Group, Notification } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useLocation } from 'react-router';
import { shell, takeOver } from '../../offline/shell.ts';
import { noticeDone } from '../../ui/index.ts';
import { shiftStrings } from './strings.ts';

/** A newer version of the page is here: it comes when somebody says so, and never into a room. */
export function NewVersion() {
  const t = shiftStrings.useText();
  const { hasUpdate } = useSyncExternalStore(shell.subscribe, shell.get);
  const { pathname } = useLocation();
  if (!hasUpdate || pathname.startsWith('/room/')) return null;
  const load = async () => {
    if (!(await takeOver())) noticeDone(t('roomOpen'));
  };
  return (
    <Notification
      withCloseButton={false}
      role="status"
      style={{ position: 'fixed', insetInlineStart: 16, insetBlockEnd: 16, zIndex: 300 }}
    >
      <Group wrap="nowrap">
        {t('newVersion')}
        <Button size="compact-sm" onClick={() => void load()}>
          {t('loadIt')}
        </Button>
      </Group>
    </Notification>
  );
}
