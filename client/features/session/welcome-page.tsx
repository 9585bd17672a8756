import { Button, Divider, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDeviceDesktop, IconHistory, IconShieldCheck, IconWallet } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useMatch } from 'react-router';
import { Logo } from '../../ui/components/logo.tsx';
import { ProblemNotice } from '../../ui/components/problem-notice.tsx';
import { useDocumentTitle } from '../../ui/layout/page.tsx';
import { LanguageSwitch } from './appearance-switches.tsx';
import { InvitationHead, useInvitation } from './invitation-head.tsx';
import { enterAsGuest, signInWithWallet } from './sign-in.ts';
import { sessionStrings } from './strings.ts';
import { walletOfBrowser } from './wallet.ts';
import { WelcomeDrawing } from './welcome-drawing.tsx';
import css from './welcome-page.module.css';

export function WelcomePage() {
  const t = sessionStrings.useText();
  const token = useMatch('/join/:token')?.params.token ?? null;
  const invitation = useInvitation(token);
  useDocumentTitle(token ? t('invitation') : '');
  return (
    <main className={css['page']}>
      <section className={css['stage']}>
        <WelcomeDrawing className={css['drawing']} />
        <ul className={css['promises']}>
          <li>
            <IconDeviceDesktop size={20} stroke={1.6} aria-hidden /> {t('promiseRoom')}
          </li>
          <li>
            <IconHistory size={20} stroke={1.6} aria-hidden /> {t('promiseSaved')}
          </li>
          <li>
            <IconShieldCheck size={20} stroke={1.6} aria-hidden /> {t('promiseOwned')}
          </li>
        </ul>
      </section>
      <section className={css['form']}>
        <div className={css['inner']}>
          <div className={css['top']}>
            <span className={css['brand']}>
              <Logo /> Workhall
            </span>
            <LanguageSwitch />
          </div>
          <Stack gap="lg">
            {token ? (
              <InvitationHead invitation={invitation} />
            ) : (
              <Stack gap="xs">
                <Title order={1}>{t('headline')}</Title>
                <Text c="dimmed">{t('lead')}</Text>
              </Stack>
            )}
            {!invitation.isBad && <SignInForm />}
          </Stack>
        </div>
      </section>
    </main>
  );
}

export function SignInForm() {
  const t = sessionStrings.useText();
  const [name, setName] = useState('');
  const [isNameMissing, setNameMissing] = useState(false);
  const [busy, setBusy] = useState<'guest' | 'wallet' | null>(null);
  const [thrown, setThrown] = useState<unknown>(null);
  const hasWallet = walletOfBrowser() !== null;

  const attempt = async (how: 'guest' | 'wallet', sign: () => Promise<void>) => {
    setBusy(how);
    setThrown(null);
    await sign().catch(setThrown);
    setBusy(null);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setNameMissing(!name.trim());
    if (name.trim()) void attempt('guest', () => enterAsGuest(name.trim()));
  };

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <TextInput
          label={t('yourName')}
          description={t('nameHint')}
          placeholder={t('namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={isNameMissing && !name.trim() ? t('nameMissing') : undefined}
          autoComplete="name"
          autoFocus
          maxLength={80}
          size="md"
          name="name"
        />
        <Button type="submit" size="md" loading={busy === 'guest'} disabled={busy === 'wallet'}>
          {t('enterAsGuest')}
        </Button>
        <Divider label={t('or')} labelPosition="center" />
        <Button
          variant="default"
          size="md"
          leftSection={<IconWallet size={20} stroke={1.6} />}
          loading={busy === 'wallet'}
          disabled={!hasWallet || busy === 'guest'}
          aria-describedby="wallet-note"
          onClick={() => void attempt('wallet', () => signInWithWallet(name.trim() || undefined))}
        >
          {t('walletSignIn')}
        </Button>
        <Text id="wallet-note" size="xs" c="dimmed">
          {busy === 'wallet' ? t('walletAsking') : hasWallet ? t('walletWhy') : t('walletMissing')}
        </Text>
        {thrown !== null && <ProblemNotice thrown={thrown} />}
      </Stack>
    </form>
  );
}
