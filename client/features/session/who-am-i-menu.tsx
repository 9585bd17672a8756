import { Button, Group, Menu, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCertificate, IconCloudOff, IconKey, IconLogout, IconPencil, IconWallet } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { noticeDone, noticeProblem } from '../../ui/components/notices.tsx';
import { PersonDot } from '../../ui/components/person-dot.tsx';
import { shared } from '../../ui/strings/strings.ts';
import { LanguageSwitch, ThemeSwitch } from './appearance-switches.tsx';
import { api, keepMe, keepSession, session, useSession } from './session.ts';
import { signInWithWallet } from './sign-in.ts';
import { losesSomething, SignOutDialog } from './sign-out-dialog.tsx';
import { SigningKeyDialog } from './signing-key-dialog.tsx';
import { sessionStrings } from './strings.ts';
import { walletOfBrowser } from './wallet.ts';
import { SignInForm } from './welcome-page.tsx';

/** Who I am, at the end of every header: name, key, language, theme, leaving. */
export function WhoAmIMenu() {
  const t = sessionStrings.useText();
  const words = shared.useText();
  const me = useSession()?.me;
  const [isRenaming, renaming] = useDisclosure();
  const [isKeyOpen, key] = useDisclosure();
  const [isAskedToStay, asking] = useDisclosure();
  if (!me) return <SignInButton />;

  const leave = () => {
    const before = session.get();
    keepSession(null);
    // The server ends the session only when it cannot be taken back any more.
    const timer = setTimeout(() => void api.endSession(before!.token).catch(noticeProblem), 8000);
    noticeDone(t('signedOut'), () => {
      clearTimeout(timer);
      keepSession(before);
    });
  };
  const leaveUnlessLost = async () => {
    if (await losesSomething(me)) asking.open();
    else leave();
  };

  return (
    <>
      <Menu position="bottom-end" width={264} shadow="md" trapFocus>
        <Menu.Target>
          <UnstyledButton aria-label={t('menu', { name: me.name })}>
            <PersonDot name={me.name} user={me.id} size={34} hasTooltip={false} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Group px="sm" py="xs" justify="space-between" wrap="nowrap">
            <Text fw={600} truncate>
              {me.name}
            </Text>
            <Text size="xs" c="dimmed">
              {me.badge === 'wallet' ? t('badgeWallet') : t('badgeGuest')}
            </Text>
          </Group>
          <Menu.Divider />
          <Menu.Item leftSection={<IconPencil size={18} stroke={1.6} />} onClick={renaming.open}>
            {t('rename')}
          </Menu.Item>
          <Menu.Item component={Link} to="/certificates" leftSection={<IconCertificate size={18} stroke={1.6} />}>
            {t('certificates')}
          </Menu.Item>
          <Menu.Item component={Link} to="/shift" leftSection={<IconCloudOff size={18} stroke={1.6} />}>
            {t('shift')}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={18} stroke={1.6} />} onClick={key.open}>
            {t('signingKey')}
          </Menu.Item>
          {me.badge === 'guest' && walletOfBrowser() && (
            <Menu.Item
              leftSection={<IconWallet size={18} stroke={1.6} />}
              onClick={() => void signInWithWallet().then(() => noticeDone(t('walletLinked')), noticeProblem)}
            >
              {t('linkWallet')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Stack gap="xs" px="sm" py="xs">
            <Text size="xs" c="dimmed">
              {words('language')}
            </Text>
            <LanguageSwitch />
            <Text size="xs" c="dimmed">
              {words('theme')}
            </Text>
            <ThemeSwitch />
          </Stack>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={18} stroke={1.6} />} onClick={() => void leaveUnlessLost()}>
            {t('signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameDialog key={me.name} name={me.name} isOpen={isRenaming} onClose={renaming.close} />
      <SigningKeyDialog me={me} isOpen={isKeyOpen} onClose={key.close} />
      <SignOutDialog
        isOpen={isAskedToStay}
        onClose={asking.close}
        onKey={() => {
          asking.close();
          key.open();
        }}
        onLeave={() => {
          asking.close();
          leave();
        }}
      />
    </>
  );
}

/** On pages that everybody may read. */
function SignInButton() {
  const t = sessionStrings.useText();
  const [isOpen, dialog] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('signIn')}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('signIn')}>
        <SignInForm />
      </Modal>
    </>
  );
}

function RenameDialog({ name, isOpen, onClose }: { name: string; isOpen: boolean; onClose: () => void }) {
  const t = sessionStrings.useText();
  const words = shared.useText();
  const [value, setValue] = useState(name);
  const [isBusy, setBusy] = useState(false);
  const rename = async (to: string) => keepMe(await api.rename(to));
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await rename(value.trim());
      onClose();
      noticeDone(t('renamed', { name: value.trim() }), () => void rename(name).catch(noticeProblem));
    } catch (thrown) {
      noticeProblem(thrown);
    }
    setBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('rename')}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <TextInput
          data-autofocus
          label={t('yourName')}
          value={value}
          maxLength={80}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={!value.trim() || value.trim() === name}>
            {words('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
