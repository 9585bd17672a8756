import { Button, CloseButton, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import type { Readable, RoomSession } from '#net/index';
import { saveJson, useProblemText, useQuantities } from '../../ui/index.ts';
import css from '../room/layout/room-layout.module.css';
import { shiftStrings } from './strings.ts';

export type Told = RoomSession['refused'] extends Readable<infer List> ? List : never;

/** Lines drawn at once; the export has them all. */
const LINES = 100;

interface NoticeProps {
  readonly words: 'notTaken' | 'replaced';
  readonly told: Told;
  readonly title: string;
  readonly session: Pick<RoomSession, 'dismissRefused'>;
}

/** What was not taken, or replaced something newer: how many, and which on request. */
export function Notice({ words, told: news, title, session }: NoticeProps) {
  const t = shiftStrings.useText();
  const [isOpen, dialog] = useDisclosure();
  const dismiss = () => session.dismissRefused(news.map(({ op }) => op.id));
  return (
    <div className={css['banner']} role="status">
      <IconAlertTriangle size={18} stroke={1.7} color="var(--wh-attention)" aria-hidden />
      <strong>{t(words, { count: news.length })}</strong>
      <Button size="compact-sm" variant="default" onClick={dialog.open}>
        {t('show')}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={dismiss}>
        {t('dismiss')}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t(words, { count: news.length })} size="lg">
        <ScrollArea.Autosize mah="50vh" type="auto" tabIndex={0} aria-label={t(words, { count: news.length })}>
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {news.slice(0, LINES).map((one) => (
              <Line key={one.op.id} told={one} onDismiss={() => session.dismissRefused([one.op.id])} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Group justify="flex-end" gap="xs" mt="md">
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => saveJson(`${title}.json`, news)}
          >
            {t('exportJson')}
          </Button>
          <Button onClick={dismiss}>{t('dismissAll')}</Button>
        </Group>
      </Modal>
    </div>
  );
}

function Line({ told: { op, problem, atMs }, onDismiss }: { told: Told[number]; onDismiss: () => void }) {
  const t = shiftStrings.useText();
  const read = useProblemText();
  const { dateTime } = useQuantities();
  const words = read(problem);
  const { by } = problem.facts;
  return (
    <Group component="li" justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
      <div>
        <Text size="sm" ff="monospace">
          {op.type}
          {typeof by === 'string' && problem.key === 'replaced_newer' && ` – ${t('changedBy', { name: by })}`}
        </Text>
        <Text size="sm" c="var(--wh-attention)">
          {words.message}
        </Text>
        <Text size="xs" c="dimmed">
          {words.next} {dateTime(op.madeAt ?? atMs)}
        </Text>
      </div>
      <CloseButton size="sm" aria-label={t('dismiss')} onClick={onDismiss} />
    </Group>
  );
}
