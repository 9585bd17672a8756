import { Progress } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import css from '../room/layout/room-layout.module.css';
import { shift } from './shift.ts';
import { shiftStrings } from './strings.ts';

/** A clip takes its time on a poor line: how much of it the hall has. */
export function ClipOnItsWay() {
  const t = shiftStrings.useText();
  const now = useSyncExternalStore(shift.evidence.onItsWay.subscribe, shift.evidence.onItsWay.get);
  if (now?.kind !== 'clip') return null;
  return (
    <div className={css['banner']} role="status">
      <Progress w={120} value={100 * now.sent} aria-label={t('clipOnItsWay')} />
      <span>{t('clipOnItsWay')}</span>
    </div>
  );
}
