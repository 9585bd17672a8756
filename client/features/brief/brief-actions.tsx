import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconEye, IconLink, IconLogin2, IconRocket } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { BriefView } from '#protocol/api/index';
import { isLocalOnly, shared, StatusBadge } from '../../ui/index.ts';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  /** Null: nothing can be started here and now. */
  readonly onStart: (() => void) | null;
}

/**
 * What to do with a brief. Its owner sends the link out; everybody else goes on with what they have begun, or begins;
 * whose submission was accepted looks at it, or begins another one.
 */
export function BriefActions({ brief, onStart }: Props) {
  const t = briefStrings.useText();
  const words = shared.useText();
  const isOwner = brief.role === 'owner';
  const mine = brief.submissions.filter(({ isMine }) => isMine);
  const running = mine.find(({ state }) => state === 'draft' || state === 'submitted');
  const accepted = mine.findLast(({ state }) => state === 'accepted');
  const second = isOwner ? 'default' : 'filled';
  const shown = running ?? accepted;
  return (
    <Stack gap="sm">
      {accepted && !running && (
        <Group gap="xs">
          <StatusBadge status="done" icon={IconCircleCheck}>
            {t('accepted')}
          </StatusBadge>
          <Text size="sm">{t('mineAccepted', { title: accepted.title })}</Text>
        </Group>
      )}
      <Group>
        {isOwner && <CopyLink isMain />}
        {onStart && !running && (
          <Button size="md" variant={second} leftSection={<IconRocket size={20} stroke={1.7} />} onClick={onStart}>
            {t(accepted ? 'startAnother' : 'startMine')}
          </Button>
        )}
        {shown && (
          <Button
            component={Link}
            to={`/room/${shown.room}`}
            size="md"
            variant={running && brief.isOpen ? second : 'default'}
            leftSection={
              running && brief.isOpen ? <IconRocket size={20} stroke={1.7} /> : <IconLogin2 size={20} stroke={1.7} />
            }
          >
            {running && brief.isOpen ? t('continue') : t('lookAtMine')}
          </Button>
        )}
        <Button
          component={Link}
          to={`/room/${brief.id}`}
          size="md"
          variant="default"
          leftSection={<IconEye size={20} stroke={1.7} />}
        >
          {t('lookAtReference')}
        </Button>
      </Group>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t('openShare')}
        </Text>
        {!isOwner && <CopyLink />}
      </Group>
      {isOwner && isLocalOnly() && (
        <Text size="sm" c="dimmed">
          {words('linkLocalOnly')}
        </Text>
      )}
    </Stack>
  );
}

function CopyLink({ isMain = false }: { isMain?: boolean }) {
  const t = briefStrings.useText();
  return (
    <CopyButton value={location.href}>
      {({ copied, copy }) => (
        <Button
          {...(isMain ? { size: 'md' } : { size: 'compact-sm', variant: 'subtle', color: 'gray' })}
          leftSection={<IconLink size={isMain ? 20 : 16} stroke={1.7} />}
          onClick={copy}
        >
          {copied ? t('linkCopied') : t('copyLink')}
        </Button>
      )}
    </CopyButton>
  );
}
