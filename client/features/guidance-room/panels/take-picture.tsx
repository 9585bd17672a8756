import { Button, FileButton, Group } from '@mantine/core';
import { IconCamera, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Frames } from '../../../camera/index.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { SideBySide, type TakeProps } from './side-by-side.tsx';

export function TakePicture({ video, asItShould, isSending, onUse, children }: TakeProps) {
  const t = guidanceRoomStrings.useText();
  const [taken, setTaken] = useState<{ file: Blob; url: string } | null>(null);
  useEffect(() => () => void (taken && URL.revokeObjectURL(taken.url)), [taken]);
  const keep = (file: Blob | null) => file && setTaken({ file, url: URL.createObjectURL(file) });
  const [isTaking, setTaking] = useState(video !== null);
  const take = async () => {
    if (!video) return;
    setTaking(true);
    try {
      keep(await new Frames(video).photo());
    } finally {
      setTaking(false);
    }
  };
  // The picture is what one sees when it is asked for: taken at once, again if it is not good.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the dialog comes
  useEffect(() => void take(), []);
  return (
    <>
      <SideBySide>
        {asItShould}
        {taken && (
          <figure>
            <img src={taken.url} alt={t('asItIs')} />
            <figcaption>{t('asItIs')}</figcaption>
          </figure>
        )}
      </SideBySide>
      <Group mt="md" gap="xs">
        {taken ? (
          <>
            <Button
              size="lg"
              mih={76}
              loading={isSending}
              data-main-act=""
              leftSection={<IconCheck size={26} aria-hidden />}
              onClick={() => onUse(taken.file)}
            >
              {t('use')}
            </Button>
            {video && (
              <Button
                size="lg"
                mih={76}
                variant="default"
                leftSection={<IconRefresh size={24} aria-hidden />}
                onClick={() => void take()}
              >
                {t('takeAgain')}
              </Button>
            )}
          </>
        ) : (
          video && (
            <Button
              size="lg"
              mih={76}
              loading={isTaking}
              data-main-act=""
              leftSection={<IconCamera size={26} aria-hidden />}
              onClick={() => void take()}
            >
              {t('take')}
            </Button>
          )
        )}
        <FileButton accept="image/jpeg,image/png,image/webp" inputProps={{ capture: 'environment' }} onChange={keep}>
          {(props) => (
            <Button {...props} size="lg" mih={76} variant="default">
              {t('choosePicture')}
            </Button>
          )}
        </FileButton>
        {children}
      </Group>
    </>
  );
}
