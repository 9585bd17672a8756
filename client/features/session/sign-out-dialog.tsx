import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Me } from '#protocol/api/index';
import { api } from './session.ts';
import { sessionStrings } from './strings.ts';

/** How long the hall may take to say what a guest would leave behind, ms. */
const ASK_MS = 2_000;

/** A guest with work here, or with a key that holds shares, cannot be signed in again by name. */
export async function losesSomething(me: Me): Promise<boolean> {
  if (me.badge !== 'guest') return false;
  const signal = AbortSignal.timeout(ASK_MS);
  try {
    const [now, { projects }] = await Promise.all([api.me(signal), api.projects(signal)]);
    return now.address !== null || projects.some(({ role, isDemo }) => role !== null && !isDemo);
  } catch {
    return true; // not known: rather one question too many
  }
}

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onKey: () => void;
  readonly onLeave: () => void;
}

/** Before a guest leaves what nobody could come back to. */
export function SignOutDialog({ isOpen, onClose, onKey, onLeave }: Props) {
  const t = sessionStrings.useText();
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('signOutTitle')}>
      <Stack>
        <Text>{t('signOutGuest')}</Text>
        <Text size="sm" c="dimmed">
          {t('signOutWayBack')}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onLeave}>
            {t('signOut')}
          </Button>
          <Button variant="default" onClick={onKey}>
            {t('keyTitle')}
          </Button>
          <Button data-autofocus onClick={onClose}>
            {t('staySignedIn')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
