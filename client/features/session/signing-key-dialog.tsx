import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { Me } from '#protocol/api/index';
import { CidText } from '../../ui/components/cid-text.tsx';
import { noticeDone } from '../../ui/components/notices.tsx';
import { ProblemNotice } from '../../ui/components/problem-notice.tsx';
import { api, keepMe } from './session.ts';
import { sessionStrings } from './strings.ts';

/** The key that signs what I worked on. A server key can be made here, and taken along. */
export function SigningKeyDialog({ me, isOpen, onClose }: { me: Me; isOpen: boolean; onClose: () => void }) {
  const t = sessionStrings.useText();
  const [privateKey, setPrivateKey] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setThrown(null);
    await work().catch(setThrown);
    setBusy(false);
  };
  const make = () =>
    attempt(async () => {
      keepMe(await api.makeKey());
      noticeDone(t('keyMade'));
    });
  const show = () => attempt(async () => setPrivateKey((await api.exportKey()).privateKey));
  const close = () => {
    setPrivateKey(null);
    setThrown(null);
    onClose();
  };

  return (
    <Modal opened={isOpen} onClose={close} title={t('keyTitle')} size="lg">
      <Stack>
        {me.address === null ? (
          <>
            <Text>{t('keyNone')}</Text>
            <Group>
              <Button leftSection={<IconKey size={18} />} loading={isBusy} onClick={() => void make()} data-autofocus>
                {t('keyMake')}
              </Button>
            </Group>
          </>
        ) : (
          <>
            <Text>{me.addressKind === 'wallet' ? t('keyWalletText') : t('keyServerText')}</Text>
            <div>
              <Text size="xs" c="dimmed" mb={4}>
                {t('keyAddress')}
              </Text>
              <CidText value={me.address} keep={null} label={t('keyAddress')} />
            </div>
            {me.addressKind === 'server' && (
              <Alert
                variant="default"
                icon={<IconAlertTriangle size={20} color="var(--wh-attention)" />}
                title={t('keyWarningTitle')}
                styles={{
                  root: { background: 'var(--wh-attention-wash)', borderColor: 'var(--wh-attention)' },
                  title: { color: 'var(--wh-text)' },
                }}
              >
                <Stack gap="xs">
                  <Text size="sm">{t('keyWarning')}</Text>
                  <Text size="sm">{t('keyWayBack')}</Text>
                  {privateKey ? (
                    <>
                      <CidText value={privateKey} keep={null} label={t('keyPrivate')} />
                      <Group>
                        <Button size="xs" variant="default" onClick={() => setPrivateKey(null)}>
                          {t('keyHide')}
                        </Button>
                      </Group>
                    </>
                  ) : (
                    <Group>
                      <Button size="xs" variant="default" loading={isBusy} onClick={() => void show()}>
                        {t('keyExport')}
                      </Button>
                    </Group>
                  )}
                </Stack>
              </Alert>
            )}
          </>
        )}
        {thrown !== null && <ProblemNotice thrown={thrown} />}
      </Stack>
    </Modal>
  );
}
