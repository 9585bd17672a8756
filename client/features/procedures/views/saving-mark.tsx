import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconDeviceFloppy } from '@tabler/icons-react';
import type { DraftState } from '../model/draft.ts';
import { procedureStrings } from '../strings.ts';

/** Whether what I wrote is safe, in a word. */
export function SavingMark({ state }: { state: DraftState }) {
  const t = procedureStrings.useText();
  const { kind } = state.saving;
  const isBad = kind === 'conflict' || kind === 'refused';
  const Icon = isBad ? IconAlertTriangle : kind === 'offline' ? IconCloudOff : IconDeviceFloppy;
  return (
    <Text
      size="sm"
      c={isBad ? 'var(--wh-stop)' : kind === 'offline' ? 'var(--wh-attention)' : 'dimmed'}
      role="status"
      style={{ display: 'flex', gap: 6, alignItems: 'center', whiteSpace: 'nowrap' }}
    >
      <Icon size={16} stroke={1.7} aria-hidden />
      {t(`saving_${kind}`)}
    </Text>
  );
}
