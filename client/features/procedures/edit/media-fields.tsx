import { Button, FileButton, Group, Progress, Select, Stack } from '@mantine/core';
import { IconMicrophone, IconPhotoUp, IconPlayerStop, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { MediaId } from '#protocol/procedures/index';
import { CidText } from '#protocol/ids';
import { AssetPicture, ProblemNotice } from '../../../ui/index.ts';
import { api } from '../../session/index.ts';
import { useEditor } from '../editor-context.tsx';
import { freshId } from '../model/edits.ts';
import { smallPicture } from '../model/small-picture.ts';
import { procedures } from '../procedures.ts';
import { procedureStrings } from '../strings.ts';
import { useSoundRecorder } from '../use-sound-recorder.ts';
import { TextFields } from './text-fields.tsx';

type Kind = 'picture' | 'video' | 'audio';
const ACCEPTED: Record<Kind, string> = {
  picture: 'image/png,image/jpeg,image/webp',
  video: 'video/mp4,video/webm',
  audio: 'audio/*,video/webm',
};

interface Props {
  readonly kind: Kind;
  readonly media: string;
  readonly onChange: (media: MediaId) => void;
}

/** A file of the procedure, or a new one: from this machine, or spoken here. */
export function MediaFields({ kind, media, onChange }: Props) {
  const t = procedureStrings.useText();
  const { project, procedure, say, edit, mayEdit } = useEditor();
  const [failed, setFailed] = useState<unknown>(null);
  /** 0 to 1 while a file is on its way. */
  const [sent, setSent] = useState<number | null>(null);
  const own = procedure.workplace.media.filter((one) => one.kind === kind);
  const chosen = own.find(({ id }) => id === media);
  const store = async (file: Blob): Promise<string> => {
    if (kind === 'picture') return (await api.storePicture(await smallPicture(file))).cid;
    return (await procedures.storeMedia(project.id, kind, file, setSent)).cid;
  };
  const add = async (file: Blob | null, name: string) => {
    if (!file) return;
    setSent(0);
    setFailed(null);
    try {
      const cid = CidText.parse(await store(file));
      const taken = procedure.workplace.media.map((one) => one.id as string);
      const id = MediaId.parse(freshId(taken, 'media'));
      const description = Object.fromEntries(procedure.languages.map((language) => [language, name]));
      const added = { id, kind, cid, description };
      edit((now) => ({ ...now, workplace: { ...now.workplace, media: [...now.workplace.media, added] } }));
      onChange(id);
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setSent(null);
    }
  };
  const recorder = useSoundRecorder((sound) => void add(sound, t('recordedHere')), setFailed);
  const src = chosen?.cid ? api.assetUrl(chosen.cid) : null;
  const words = chosen ? say.text(chosen.description) : '';
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <Select
          label={t('file')}
          style={{ flex: 1 }}
          data={own.map(({ id, description }) => ({ value: id as string, label: say.text(description) || id }))}
          value={chosen?.id ?? null}
          placeholder={t('choose')}
          allowDeselect={false}
          disabled={!mayEdit}
          onChange={(id) => id && onChange(MediaId.parse(id))}
        />
        {mayEdit && (
          <FileButton
            onChange={(file) => void add(file, file?.name.replace(/\.\w+$/, '') ?? '')}
            accept={ACCEPTED[kind]}
            inputProps={{ 'aria-label': t(`add_${kind}`) }}
          >
            {(button) => (
              <Button
                {...button}
                variant="default"
                loading={sent !== null}
                leftSection={
                  kind === 'picture' ? <IconPhotoUp size={16} aria-hidden /> : <IconUpload size={16} aria-hidden />
                }
              >
                {t(`add_${kind}`)}
              </Button>
            )}
          </FileButton>
        )}
        {mayEdit && kind === 'audio' && recorder.isPossible && (
          <Button
            variant="default"
            aria-pressed={recorder.isOn}
            leftSection={
              recorder.isOn ? <IconPlayerStop size={16} aria-hidden /> : <IconMicrophone size={16} aria-hidden />
            }
            onClick={recorder.toggle}
          >
            {recorder.isOn ? t('stopRecording') : t('recordSound')}
          </Button>
        )}
      </Group>
      {sent !== null && kind !== 'picture' && <Progress value={sent * 100} aria-label={t('sending')} />}
      {failed !== null && <ProblemNotice thrown={failed} />}
      {src && kind === 'picture' && <AssetPicture src={src} title={words} ratio={16 / 10} />}
      {src && kind === 'video' && <video controls src={src} aria-label={words} style={{ width: '100%' }} />}
      {src && kind === 'audio' && <audio controls src={src} aria-label={words} style={{ width: '100%' }} />}
      {chosen && (
        <TextFields
          label={t(kind === 'picture' ? 'describedAs' : 'subtitle')}
          value={chosen.description}
          onChange={(description) =>
            edit(
              (now) => ({
                ...now,
                workplace: {
                  ...now.workplace,
                  media: now.workplace.media.map((one) => (one.id === chosen.id ? { ...one, description } : one)),
                },
              }),
              `media.${chosen.id}`,
            )
          }
        />
      )}
    </Stack>
  );
}
