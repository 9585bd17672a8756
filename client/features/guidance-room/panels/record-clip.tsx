import { Button, FileButton, Group, Progress, Text } from '@mantine/core';
import { IconCheck, IconPlayerStop, IconRefresh, IconVideo } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { WorkhallError } from '#protocol/errors';
import { CLIP, ClipRecorder } from '../../../camera/index.ts';
import { useQuantities } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';
import { SideBySide, type TakeProps } from './side-by-side.tsx';

const cannotRecord = () =>
  new WorkhallError('camera', 'cannot_record', 'This browser cannot record clips.', {
    next: 'Record it with another program, and choose the file.',
  });

/** One press begins, one ends, one takes it: so a pedal does it. */
export function RecordClip({ video, asItShould, isSending, onUse, onTrouble, children }: TakeProps) {
  const t = guidanceRoomStrings.useText();
  const { bytes } = useQuantities();
  const [recorder, setRecorder] = useState<ClipRecorder | null>(null);
  const [taken, setTaken] = useState<{ file: Blob; url: string } | null>(null);
  const camera = video?.srcObject instanceof MediaStream ? video.srcObject : null;
  useEffect(() => () => void (taken && URL.revokeObjectURL(taken.url)), [taken]);
  useEffect(() => () => recorder?.stop(), [recorder]);
  const keep = (file: Blob | null) => file && setTaken({ file, url: URL.createObjectURL(file) });
  const record = () => {
    const begun = camera && ClipRecorder.of(camera);
    if (!begun) return onTrouble(cannotRecord());
    setTaken(null);
    setRecorder(begun);
    void begun.done.then((file) => {
      setRecorder((now) => (now === begun ? null : now));
      keep(file);
    });
  };
  return (
    <>
      <SideBySide>
        {asItShould}
        <figure>
          {taken ? (
            // What was just seen, without sound: there is nothing to caption.
            <video src={taken.url} aria-label={t('asItIs')} controls autoPlay loop muted playsInline />
          ) : (
            camera && <Preview camera={camera} />
          )}
          {taken && (
            <figcaption>
              {t('asItIs')} · {bytes(taken.file.size)}
            </figcaption>
          )}
        </figure>
      </SideBySide>
      {recorder && <Length recorder={recorder} />}
      <Group mt="md" gap="xs">
        {recorder ? (
          <Button
            size="lg"
            mih={76}
            data-main-act=""
            leftSection={<IconPlayerStop size={26} aria-hidden />}
            onClick={() => recorder.stop()}
          >
            {t('stopClip')}
          </Button>
        ) : (
          <>
            {taken && (
              <Button
                size="lg"
                mih={76}
                loading={isSending}
                data-main-act=""
                leftSection={<IconCheck size={26} aria-hidden />}
                onClick={() => onUse(taken.file)}
              >
                {t('useClip')}
              </Button>
            )}
            {camera && (
              <Button
                size="lg"
                mih={76}
                variant={taken ? 'default' : 'filled'}
                disabled={isSending}
                data-main-act={taken ? undefined : ''}
                leftSection={taken ? <IconRefresh size={24} aria-hidden /> : <IconVideo size={26} aria-hidden />}
                onClick={record}
              >
                {t(taken ? 'takeAgain' : 'recordClip')}
              </Button>
            )}
          </>
        )}
        <FileButton accept="video/webm,video/mp4" inputProps={{ capture: 'environment' }} onChange={keep}>
          {(props) => (
            <Button {...props} size="lg" mih={76} variant="default" disabled={recorder !== null}>
              {t('chooseClip')}
            </Button>
          )}
        </FileButton>
        {!recorder && children}
      </Group>
    </>
  );
}

function Preview({ camera }: { readonly camera: MediaStream }) {
  const t = guidanceRoomStrings.useText();
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const shown = element.current;
    if (!shown) return undefined;
    shown.srcObject = camera;
    void shown.play().catch(() => undefined); // muted: browsers that wait for a gesture show its first picture
    return () => void (shown.srcObject = null);
  }, [camera]);
  return <video ref={element} aria-label={t('camera')} muted playsInline />;
}

/** How long it is, and how long it may become. */
function Length({ recorder }: { readonly recorder: ClipRecorder }) {
  const t = guidanceRoomStrings.useText();
  const { bytes, number } = useQuantities();
  const taken = useReadable(recorder.taken);
  const share = Math.max(taken.ms / CLIP.mostMs, taken.bytes / CLIP.mostBytes);
  return (
    <Group mt="md" gap="sm" role="status">
      <Progress w={240} value={100 * Math.min(1, share)} color="red" aria-label={t('recording')} />
      <Text size="sm">
        {t('clipLength', { s: number(taken.ms / 1000, 0), most: CLIP.mostMs / 1000, size: bytes(taken.bytes) })}
      </Text>
    </Group>
  );
}
