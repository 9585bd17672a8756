import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useReadable } from '../room/room-context.tsx';
import { consentsOf } from './model/consents.ts';
import css from './help.module.css';
import type { HelpCall } from './model/help-call.ts';
import { helpStrings } from './strings.ts';

/** Asks everybody who is in the room of a call that somebody would like to record; each agrees for themselves. */
export function RecordingConsent({ help }: { help: HelpCall }) {
  const t = helpStrings.useText();
  const now = useReadable(help.now);
  const { hasAgreed, isRecording, wishRecording } = consentsOf(now, help.me);
  const names = wishRecording.join(', ');
  /** Said no to these people's wish: asked again when another asks. */
  const [declined, setDeclined] = useState<string | null>(null);
  const call = now.call?.status === 'going' ? now.call.id : null;
  const isAsked = call !== null && names !== '' && !hasAgreed && declined !== `${call} ${names}`;
  return (
    <>
      {call !== null && isRecording && (
        <span className={css['recording']} role="status">
          {t('recording')}
        </span>
      )}
      {isAsked && (
        <section className={css['bell']} role="alertdialog" aria-labelledby="record-ask" aria-describedby="record-text">
          <h2 id="record-ask">{t('recordAsks', { names })}</h2>
          <p id="record-text">{t('recordAsksText')}</p>
          <Group grow mt="sm">
            <Button size="md" onClick={() => help.consent(true)}>
              {t('agree')}
            </Button>
            <Button size="md" variant="default" onClick={() => setDeclined(`${call} ${names}`)}>
              {t('recordDecline')}
            </Button>
          </Group>
        </section>
      )}
    </>
  );
}
