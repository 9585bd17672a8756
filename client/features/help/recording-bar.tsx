import { Button, Modal, Stack, Text } from '@mantine/core';
import { IconPlayerRecord, IconPlayerRecordFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { missingConsents } from '#protocol/guidance/index';
import { CallRecorder } from '../../call/index.ts';
import { noticeProblem } from '../../ui/index.ts';
import type { Voice } from '../../voice/index.ts';
import { useReadable } from '../room/room-context.tsx';
import { helpApi } from './help-api.ts';
import css from './help.module.css';
import type { HelpCall } from './model/help-call.ts';
import { RecordingList } from './recording-list.tsx';
import { helpStrings } from './strings.ts';
import { Tool } from './tool.tsx';

interface Props {
  readonly room: string;
  readonly help: HelpCall;
  readonly session: GuidanceSession;
  readonly voice: Voice;
  /** Recorded with the sound, when there is one here. */
  readonly stream: MediaStream | null;
}

/** Everybody agrees for themselves; then one records. What is recorded here leaves in parts while the call goes on. */
export function RecordingBar({ room, help, session, voice, stream }: Props) {
  const t = helpStrings.useText();
  const { call, recording } = useReadable(help.now);
  const [isAsking, setAsking] = useState(false);
  const recorder = useRef<{ readonly id: string; readonly of: CallRecorder } | null>(null);
  const mine = recording?.by === session.me.user ? recording.id : null;
  useEffect(() => {
    const running = recorder.current;
    if (running && running.id !== mine) {
      // Stopped here, by another, or because somebody took their word back.
      recorder.current = null;
      running.of.stop().catch(noticeProblem);
    }
    if (mine === null || recorder.current) return;
    const of = CallRecorder.of(voice.tap(), stream, {
      send: (n, part) => helpApi.sendPart(room, mine, n, part),
      finish: (parts, type) => helpApi.finishRecording(room, mine, parts, type),
    });
    if (of) recorder.current = { id: mine, of };
    else help.stopRecording(mine);
  }, [mine, room, help, voice, stream]);
  useEffect(() => () => void recorder.current?.of.stop().catch(noticeProblem), []);
  if (!call) return null;
  const hasAgreed = call.consents.includes(session.me.user);
  const agreed = call.people.filter(({ id }) => call.consents.includes(id)).map(({ name }) => name);
  return (
    <>
      <Tool
        label={recording ? t('recording') : t('record')}
        onClick={() => setAsking(true)}
        Icon={recording ? IconPlayerRecordFilled : IconPlayerRecord}
        {...(recording ? { color: 'red' } : {})}
      />
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t('recordAsk')} centered>
        <Stack>
          <Text size="sm">{t('recordAskText')}</Text>
          <Button size="md" variant={hasAgreed ? 'default' : 'filled'} onClick={() => help.consent(!hasAgreed)}>
            {hasAgreed ? t('disagree') : t('agree')}
          </Button>
          {agreed.length > 0 && <span className={css['dim']}>{t('agreed', { names: agreed.join(', ') })}</span>}
          {recording ? (
            <Button color="red" onClick={() => help.stopRecording(recording.id)}>
              {t('recordStop')}
            </Button>
          ) : (
            <Button
              disabled={missingConsents(call).length > 0}
              onClick={() => help.record(stream ? 'soundAndPicture' : 'sound')}
            >
              {t('recordStart')}
            </Button>
          )}
          <RecordingList room={room} help={help} />
        </Stack>
      </Modal>
    </>
  );
}
