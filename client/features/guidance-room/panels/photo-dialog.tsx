import { Button, Modal, Text } from '@mantine/core';
import { IconCamera, IconVideo } from '@tabler/icons-react';
import { useState } from 'react';
import type { EvidenceKind } from '#protocol/api/guidance';
import type { z } from 'zod';
import { ProblemNotice } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { api } from '../../session/index.ts';
import { shift } from '../../shift/shift.ts';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';
import { RecordClip } from './record-clip.tsx';
import { TakePicture } from './take-picture.tsx';

/** A picture or a clip as evidence, beside the picture of how it should look. */
export function PhotoDialog({ gate: id }: { gate: string }) {
  const t = guidanceRoomStrings.useText();
  const { job, procedure, say, hand, open, video, session, me } = useJob();
  const element = useReadable(video);
  const gate = job.plan.gates.find((one) => one.id === id && one.kind === 'photo');
  const wanted = gate?.kind === 'photo' ? gate.evidence : undefined;
  const [kind, setKind] = useState<z.infer<typeof EvidenceKind>>(wanted ?? 'picture');
  const [isSending, setSending] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  if (gate?.kind !== 'photo') return null;
  const media = procedure.workplace.media.find((one) => one.id === gate.compareWith);
  const use = async (file: Blob) => {
    setSending(true);
    setThrown(null);
    try {
      // Kept here first: with or without a network it has its name, and is sent when it can be.
      const cid = await shift.evidence.keep(session.room, me.user, kind, file);
      void shift.evidence.send();
      hand.do('photo.add', { gate: id, cid: cid as never, kind });
      open(null);
    } catch (reason) {
      setThrown(reason);
    } finally {
      setSending(false);
    }
  };
  const Take = kind === 'clip' ? RecordClip : TakePicture;
  const other = kind === 'clip' ? 'picture' : 'clip';
  return (
    <Modal
      opened
      onClose={() => open(null)}
      title={t(kind === 'clip' ? 'gate_clip' : 'gate_photo', { text: say.text(gate.text) })}
      size="min(1100px, 100%)"
    >
      {thrown !== null && <ProblemNotice thrown={thrown} />}
      {isSending && (
        <Text role="status" mt="xs">
          {t('sending')}
        </Text>
      )}
      <Take
        video={element}
        asItShould={
          media?.cid && (
            <figure>
              <img src={api.assetUrl(media.cid)} alt={say.text(media.description)} />
              <figcaption>{t('asItShould')}</figcaption>
            </figure>
          )
        }
        isSending={isSending}
        onUse={(file) => void use(file)}
        onTrouble={setThrown}
      >
        {wanted === undefined && (
          <Button
            size="lg"
            mih={76}
            variant="subtle"
            leftSection={other === 'clip' ? <IconVideo size={24} aria-hidden /> : <IconCamera size={24} aria-hidden />}
            disabled={isSending}
            onClick={() => setKind(other)}
          >
            {t(other === 'clip' ? 'clipInstead' : 'pictureInstead')}
          </Button>
        )}
      </Take>
    </Modal>
  );
}
