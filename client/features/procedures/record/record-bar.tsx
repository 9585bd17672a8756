import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCheck,
  IconCircleDot,
  IconMicrophone,
  IconPlayerStop,
  IconVolume,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useReadable } from '../../room/room-context.tsx';
import roomCss from '../../room/layout/room-layout.module.css';
import css from './record-bar.module.css';
import type { Recorder } from './recorder.ts';
import type { RecordSwitch } from './record-switch.ts';
import { recordStrings } from './strings.ts';

/** Begins and ends it, among the tools. */
export function RecordButton({ recording }: { recording: RecordSwitch }) {
  const t = recordStrings.useText();
  const { phase } = useReadable(recording.state);
  const isOn = phase === 'recording' || phase === 'saving';
  return (
    <Tooltip label={t('recordMeaning')}>
      <button
        type="button"
        className={roomCss['tool']}
        aria-pressed={isOn}
        aria-label={t('record')}
        onClick={() => (isOn ? recording.stop() : recording.start())}
      >
        <IconCircleDot size={20} stroke={1.7} />
      </button>
    </Tooltip>
  );
}

/** What is written down so far, over the tools. */
export function RecordBar({ recording }: { recording: RecordSwitch }) {
  const recorder = useReadable(recording.recorder);
  return recorder && <Steps recording={recording} recorder={recorder} />;
}

function Steps({ recording, recorder }: { recording: RecordSwitch; recorder: Recorder }) {
  const t = recordStrings.useText();
  const { phase, note } = useReadable(recording.state);
  const isSpeaking = note !== 'none';
  const steps = useReadable(recorder.steps);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Its answer is not React's business: newer browsers promise something.
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [steps.length]);
  const last = steps.at(-1);
  return (
    <section className={css['bar']} aria-label={t('recording')}>
      <div className={css['head']}>
        <span className={css['dot']} aria-hidden />
        <strong>{t('recording')}</strong>
        <span className={css['spring']} />
        <Tooltip label={t('undoLast')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('undoLast')}
            disabled={!last || phase === 'saving'}
            onClick={recording.undoLast}
          >
            <IconArrowBackUp size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('cancel')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('cancel')} onClick={recording.cancel}>
            <IconX size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
      {!last && <p className={css['hint']}>{t('begin')}</p>}
      {last && (
        <>
          <ol ref={list} className={css['steps']} aria-label={t('steps')} aria-live="polite">
            {steps.map((step, at) => (
              <li key={`${at}/${step.part}`}>
                <span>{step.mount ? t('onto', { part: step.name, mount: step.mount }) : step.name}</span>
                {step.isSpoken && <IconVolume size={14} className={css['spoken']!} aria-label={t('isSpoken')} />}
                {step.note && <em>{step.note}</em>}
              </li>
            ))}
          </ol>
          <div className={css['foot']}>
            <TextInput
              size="xs"
              className={css['note']!}
              aria-label={t('note', { part: last.name })}
              placeholder={t('notePlaceholder')}
              value={last.note}
              onChange={(event) => recorder.note(steps.length - 1, event.currentTarget.value)}
            />
            {recording.canSpeak && (
              <Tooltip label={isSpeaking ? t('stopSpeaking') : t('speak', { part: last.name })}>
                <ActionIcon
                  size="md"
                  variant={isSpeaking ? 'filled' : 'default'}
                  {...(isSpeaking ? { color: 'red.8' } : {})}
                  aria-label={isSpeaking ? t('stopSpeaking') : t('speak', { part: last.name })}
                  aria-pressed={isSpeaking}
                  onClick={isSpeaking ? recording.endNote : recording.beginNote}
                >
                  {isSpeaking ? <IconPlayerStop size={16} stroke={1.7} /> : <IconMicrophone size={16} stroke={1.7} />}
                </ActionIcon>
              </Tooltip>
            )}
            <Button
              size="xs"
              leftSection={<IconCheck size={16} aria-hidden />}
              loading={phase === 'saving'}
              onClick={recording.stop}
            >
              {t('done')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
