import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shared } from '../strings/strings.ts';

interface Props {
  readonly value: string;
  /** Characters kept at each end; the whole text is copied. Null shows everything, wrapped. */
  readonly keep?: number | null;
  readonly label?: string;
}

/** A CID, address or key in mono, shortened in the middle, with a copy button. */
export function CidText({ value, keep = 10, label }: Props) {
  const t = shared.useText();
  const shown = keep === null || value.length <= keep * 2 + 1 ? value : `${value.slice(0, keep)}…${value.slice(-keep)}`;
  return (
    <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
      <Code fz="xs" bg="var(--wh-surface-sunken)" style={{ overflowWrap: 'anywhere' }} title={value}>
        {shown}
      </Code>
      <CopyButton value={value} timeout={1600}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon
              size="md"
              onClick={copy}
              color={copied ? 'green' : 'gray'}
              aria-label={`${copied ? t('copied') : t('copy')}${label ? `: ${label}` : ''}`}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
