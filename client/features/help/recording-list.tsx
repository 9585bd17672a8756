import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { RecordingRow } from '#protocol/guidance/index';
import { currentLanguage, noticeProblem } from '../../ui/index.ts';
import { useReadable } from '../room/room-context.tsx';
import { helpApi } from './help-api.ts';
import type { HelpCall } from './model/help-call.ts';
import { helpStrings } from './strings.ts';

interface Props {
  readonly room: string;
  readonly help: HelpCall;
}

/** What was recorded in the last call: to hear and see, with its subtitles, and to have erased by who is on it. */
export function RecordingList({ room, help }: Props) {
  const t = helpStrings.useText();
  const { recordings } = useReadable(help.now);
  const kept = recordings.filter(({ file, erased }) => file !== null || erased !== null);
  if (kept.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label={t('recordings')}>
      {kept.map((row) => (
        <Recording key={row.id} row={row} room={room} help={help} />
      ))}
    </Stack>
  );
}

interface Opened {
  readonly url: string;
  readonly subtitles: string;
}

function Recording({ row, room, help }: Props & { readonly row: RecordingRow }) {
  const t = helpStrings.useText();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(
    () => () => {
      if (opened) [opened.url, opened.subtitles].forEach((url) => URL.revokeObjectURL(url));
    },
    [opened],
  );
  const what = t('recordKept', { time: new Date(row.atMs).toLocaleTimeString(currentLanguage()) });
  if (row.erased) return <Text size="sm" c="dimmed">{`${what}: ${t('recordErased')}`}</Text>;
  const open = async () => {
    setBusy(true);
    try {
      const [file, subtitles] = await Promise.all([
        helpApi.recording(room, row.id),
        helpApi.subtitles(room, row.id, currentLanguage()),
      ]);
      setOpened({ url: URL.createObjectURL(file), subtitles: URL.createObjectURL(subtitles) });
    } catch (thrown) {
      noticeProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  const save = `call-${row.id}`;
  return (
    <div>
      <Group gap="xs">
        <Button
          size="sm"
          variant="default"
          loading={isBusy}
          leftSection={<IconPlayerPlay size={16} stroke={1.7} aria-hidden />}
          aria-label={t('recordPlay', { what })}
          onClick={() => void open()}
        >
          {what}
        </Button>
        {row.consents.includes(help.me as never) && (
          <Button
            size="sm"
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
            onClick={() => help.eraseRecording(row.id, t('disagree'))}
          >
            {t('erase')}
          </Button>
        )}
      </Group>
      {opened && (
        <>
          <video src={opened.url} controls playsInline style={{ width: '100%', maxHeight: 260, marginTop: 8 }}>
            <track kind="subtitles" src={opened.subtitles} srcLang={currentLanguage()} label={t('subtitles')} default />
          </video>
          <Group gap="md">
            <Anchor size="sm" href={opened.url} download={`${save}.webm`}>
              {t('recordSave')}
            </Anchor>
            <Anchor size="sm" href={opened.subtitles} download={`${save}.vtt`}>
              {t('recordSubtitles')}
            </Anchor>
          </Group>
        </>
      )}
    </div>
  );
}
