import { Group, Kbd, Modal, SimpleGrid, Text } from '@mantine/core';
import { TOOLS } from '../layout/toolbar.tsx';
import { PANEL_KEYS, type PanelId } from '../layout/use-panels.ts';
import { roomStrings } from '../strings.ts';
import { voiceStrings } from '../voice/strings.ts';
import { MUTE_KEY, TALK_KEY } from '../voice/use-voice-keys.ts';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly panels: readonly PanelId[];
}

/** All keys on one sheet. */
export function HotkeySheet({ isOpen, onClose, panels }: Props) {
  const t = roomStrings.useText();
  const voice = voiceStrings.useText();
  const groups: [string, [string, string][]][] = [
    [t('tools'), TOOLS.map(({ id, key }) => [key, t(`tool_${id}`)])],
    [
      t('view'),
      [
        ['F', t('frameSelection')],
        ['Home', t('view_iso')],
        ['B', t('backToMyPlace')],
        ['X', t('xray')],
        ['S', t('snap')],
        ['Esc', t('clearSelection')],
      ],
    ],
    [
      t('parts'),
      [
        ['Ctrl Z', t('undo')],
        ['Ctrl Shift Z', t('redo')],
        ['Ctrl D', t('duplicate')],
        ['Ctrl G', t('groupParts')],
        ['H', t('hide')],
        ['F2', t('rename')],
        ['Del', t('delete')],
      ],
    ],
    [
      voice('voice'),
      [
        [TALK_KEY, voice('holdToTalk')],
        [MUTE_KEY, voice('muteKey')],
      ],
    ],
    [t('panels'), [['Tab', t('foldAll')], ...panels.map((id): [string, string] => [PANEL_KEYS[id], t(`panel_${id}`)])]],
  ];
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('hotkeys')} size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="lg">
        {groups.map(([title, keys]) => (
          <section key={title} aria-label={title}>
            <Text size="xs" c="dimmed" fw={600} mb={6}>
              {title}
            </Text>
            {keys.map(([combination, text]) => (
              <Group key={combination} justify="space-between" wrap="nowrap" py={3}>
                <Text size="sm">{text}</Text>
                <Group gap={4} wrap="nowrap">
                  {combination.split(' ').map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </Group>
              </Group>
            ))}
          </section>
        ))}
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="md">
        {t('hotkeyNote')}
      </Text>
    </Modal>
  );
}
