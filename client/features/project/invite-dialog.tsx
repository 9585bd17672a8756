import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Project } from '#protocol/api/index';
import type { Role } from '#protocol/permissions/index';
import { CidText, isLocalOnly, ProblemNotice, roleName, roleText, shared } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { projectStrings } from './strings.ts';

export type InvitedRole = Exclude<Role, 'owner'>;
const INVITED_ROLES: readonly InvitedRole[] = [
  'designer',
  'instructor',
  'supervisor',
  'reviewer',
  'engineer',
  'trainee',
  'observer',
];

interface Props {
  readonly project: Project;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Chosen when it opens. */
  readonly first?: InvitedRole;
}

/** A link that carries a role, as text to send and as a QR code for the headset across the table. */
export function InviteDialog({ project, isOpen, onClose, first = 'designer' }: Props) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const [role, setRole] = useState<InvitedRole>(first);
  const [link, setLink] = useState<{ url: string; qr: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);

  const make = async () => {
    setBusy(true);
    setThrown(null);
    try {
      const { path } = await api.invite(project.id, role);
      const url = new URL(path, location.origin).href;
      const { toString: qrSvg } = await import('qrcode');
      setLink({ url, qr: await qrSvg(url, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) });
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title={t('inviteTitle')} size="lg">
      <Stack>
        <Text size="sm" c="dimmed">
          {t('inviteText')}
        </Text>
        <Radio.Group
          label={t('inviteRole')}
          value={role}
          onChange={(value) => {
            setRole(value as InvitedRole);
            setLink(null);
          }}
        >
          <Stack gap="xs" mt="xs">
            {INVITED_ROLES.map((value) => (
              <Radio key={value} value={value} label={roleName(words, value)} description={roleText(words, value)} />
            ))}
          </Stack>
        </Radio.Group>
        {link ? (
          <Group align="center" gap="lg" wrap="wrap" justify="center">
            <img
              width={176}
              height={176}
              alt={t('inviteQr')}
              style={{ borderRadius: 6 }}
              src={`data:image/svg+xml;utf8,${encodeURIComponent(link.qr)}`}
            />
            <Stack gap="xs" style={{ flex: '1 1 240px', minWidth: 0 }}>
              <Text size="sm" fw={560}>
                {t('inviteLink')}
              </Text>
              <CidText value={link.url} keep={null} label={t('inviteLink')} />
              <Text size="sm" c="dimmed">
                {isLocalOnly() ? words('linkLocalOnly') : t('inviteQrHint')}
              </Text>
            </Stack>
          </Group>
        ) : (
          <Group justify="flex-end">
            <Button loading={isBusy} onClick={() => void make()}>
              {t('inviteMake')}
            </Button>
          </Group>
        )}
        {thrown !== null && <ProblemNotice thrown={thrown} />}
      </Stack>
    </Modal>
  );
}
