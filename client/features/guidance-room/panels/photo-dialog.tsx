import { Button, FileButton, Group, Modal, Text } from '@mantine/core';
import { IconCamera, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Frames } from '../../../camera/index.ts';
import { ProblemNotice } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { api } from '../../session/index.ts';
import { shift } from '../../shift/shift.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { guidanceRoomStrings } from '../strings.ts';

/** A picture as evidence, beside the one of how it should look. */
export function PhotoDialog({ gate: id }: { gate: string }) {
  const t = guidanceRoomStrings.useText();
  const { job, procedure, say, hand, open, video, session, me } = useJob();
  const element = useReadable(video);
  const gate = job.plan.gates.find((one) => one.id === id && one.kind === 'photo');
  const [taken, setTaken] = useState<{ file: Blob; url: string } | null>(null);
  const [isSending, setSending] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  useEffect(() => () => void (taken && URL.revokeObjectURL(taken.url)), [taken]);
  const keep = (file: Blob | null) => file && setTaken({ file, url: URL.createObjectURL(file) });
  const take = async () => keep(element ? await new Frames(element).photo() : null);
  // The picture is what one sees when it is asked for: taken at once, again if it is not good.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the dialog comes
  useEffect(() => void take(), []);
  if (gate?.kind !== 'photo') return null;
  const media = procedure.workplace.media.find((one) => one.id === gate.compareWith);
  const send = async () => {
    if (!taken) return;
    setSending(true);
    setThrown(null);
    try {
      // Kept here first: with or without a network it has its name, and is sent when it can be.
      const cid = await shift.evidence.keep(session.room, me.user, 'picture', taken.file);
      void shift.evidence.send();
      hand.do('photo.add', { gate: id, cid: cid as never, kind: 'picture' });
      open(null);
    } catch (reason) {
      setThrown(reason);
    } finally {
      setSending(false);
    }
  };
  return (
    <Modal
      opened
      onClose={() => open(null)}
      title={t('gate_photo', { text: say.text(gate.text) })}
      size="min(1100px, 100%)"
    >
      {/* The focus is here and on no button: Enter is the pedal's, and goes to the main act. */}
      <div className={css['sideBySide']} tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
        {media?.cid && (
          <figure>
            <img src={api.assetUrl(media.cid)} alt={say.text(media.description)} />
            <figcaption>{t('asItShould')}</figcaption>
          </figure>
        )}
        {taken && (
          <figure>
            <img src={taken.url} alt={t('asItIs')} />
            <figcaption>{t('asItIs')}</figcaption>
          </figure>
        )}
      </div>
      {thrown !== null && <ProblemNotice thrown={thrown} />}
      {isSending && (
        <Text role="status" mt="xs">
          {t('sending')}
        </Text>
      )}
      <Group mt="md" gap="xs">
        {taken ? (
          <>
            <Button
              size="lg"
              mih={76}
              loading={isSending}
              data-main-act=""
              leftSection={<IconCheck size={26} aria-hidden />}
              onClick={() => void send()}
            >
              {t('use')}
            </Button>
            {element && (
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
          element && (
            <Button
              size="lg"
              mih={76}
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
      </Group>
    </Modal>
  );
}
