import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerPause, IconProgress, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export type Status = 'done' | 'active' | 'attention' | 'stop' | 'quiet';
const ICONS: Record<Status, Icon> = {
  done: IconCircleCheck,
  active: IconProgress,
  attention: IconAlertTriangle,
  stop: IconAlertTriangle,
  quiet: IconPlayerPause,
};

/** A status in a word, a colour and an icon: green done, blue active, amber attention, red stop. */
export function StatusBadge({ status, icon, children }: { status: Status; icon?: Icon | null; children: ReactNode }) {
  const Shown = icon === undefined ? ICONS[status] : icon;
  const [ink, wash] =
    status === 'quiet'
      ? ['var(--wh-text-quiet)', 'var(--wh-surface-sunken)']
      : [`var(--wh-${status})`, `var(--wh-${status}-wash)`];
  return (
    <Badge
      size="lg"
      radius="sm"
      fz="xs"
      h={24}
      px={8}
      leftSection={Shown ? <Shown size={14} aria-hidden /> : undefined}
      styles={{ root: { color: ink, backgroundColor: wash } }}
    >
      {children}
    </Badge>
  );
}
