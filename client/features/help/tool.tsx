import { ActionIcon, Tooltip } from '@mantine/core';
import type { IconMessage } from '@tabler/icons-react';

/** For gloves, CSS pixels. */
export const TARGET_PX = 48;

interface Props {
  readonly label: string;
  readonly onClick: () => void;
  readonly Icon: typeof IconMessage;
  readonly color?: string;
  /** A switch, and how it stands. */
  readonly isOn?: boolean;
  readonly disabled?: boolean;
}

/** One act of a call as a picture, large enough for gloves, with its name for those who point and those who hear. */
export function Tool({ label, onClick, Icon, color, isOn, disabled = false }: Props) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={TARGET_PX}
        variant={color ? 'filled' : isOn ? 'light' : 'default'}
        {...(color ? { color } : {})}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        <Icon size={22} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
