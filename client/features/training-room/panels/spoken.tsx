import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { Store } from '#net/store';
import { cueAt, cuesOf, indexOf, isShown, plainWords } from '#protocol/procedures/index';
import { useReadable } from '../../room/room-context.tsx';
import { playWhenAllowed } from '../model/play-when-allowed.ts';
import { browserVoice, ReadAloud } from '../model/read-aloud.ts';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';

const STORED_AS = 'workhall.training.aloud';
/** Whether steps are read aloud on this device; on until somebody wants quiet. */
const isAloud = new Store(globalThis.localStorage?.getItem(STORED_AS) !== 'off');
const aloud = new ReadAloud(browserVoice());

/** Says what the step at hand has to say as it begins, and again in another language when that is changed. */
export function useReadAloud(): void {
  const { procedure, state, row, say, isPast } = useRun();
  const isOn = useReadable(isAloud);
  const active = state.active.at(-1);
  const step = active && indexOf(procedure).steps.get(active.step)?.step;
  const words = (step?.behaviours ?? [])
    .filter((one) => one.kind === 'speech' && one.stage === 'enter' && isShown(one, row.mode))
    .map((one) => (one.kind === 'speech' ? say.text(one.text) : ''))
    .join(' ');
  const begun = active ? `${active.thread}/${active.step}/${active.attempt}` : '';
  const isMeant = isOn && !isPast && row.outcome === null;
  useEffect(() => {
    if (!isMeant || !words) return undefined;
    aloud.say(words, say.language);
    return () => aloud.stop();
  }, [isMeant, words, begun, say.language]);
}

export function ReadAloudSwitch() {
  const t = trainingRoomStrings.useText();
  const { procedure } = useRun();
  const isOn = useReadable(isAloud);
  const speaks = useMemo(
    () => [...indexOf(procedure).steps.values()].some(({ step }) => step.behaviours.some(isSpoken)),
    [procedure],
  );
  if (!speaks) return null;
  const label = t(isOn ? 'readQuietly' : 'readAloud');
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={label}
        aria-pressed={isOn}
        onClick={() => {
          localStorage.setItem(STORED_AS, isOn ? 'off' : 'on');
          isAloud.set(!isOn);
        }}
      >
        {isOn ? <IconVolume size={18} stroke={1.7} /> : <IconVolumeOff size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}

const isSpoken = ({ kind }: { readonly kind: string }): boolean => kind === 'speech' || kind === 'audio';

/** The sentence that is read aloud, over the picture; the panel has all of it. */
export function SpokenCaption() {
  const caption = useReadable(aloud.caption);
  return (
    caption && (
      <p className="wh-subtitle" aria-hidden>
        {caption}
      </p>
    )
  );
}

interface SoundProps {
  readonly kind: 'audio' | 'video';
  readonly src: string;
  /** What is said in it: plain, or timed as WebVTT. */
  readonly words: string;
  /** Begins by itself, where the person wants to be read to. */
  readonly isSaid: boolean;
}

/** A sound or clip with its subtitles. */
export function Captioned({ kind, src, words, isSaid }: SoundProps) {
  const t = trainingRoomStrings.useText();
  const isOn = useReadable(isAloud);
  const media = useRef<HTMLMediaElement>(null);
  const [durationMs, setDurationMs] = useState<number | null>(null);
  const [atMs, setAtMs] = useState<number | null>(null);
  const cues = useMemo(() => cuesOf(words, durationMs), [words, durationMs]);
  const cue = atMs === null ? null : cueAt(cues, atMs);
  const whole = plainWords(words);
  const begins = isSaid && isOn;
  useEffect(() => {
    const element = media.current;
    if (!begins || !element) return undefined;
    const stop = playWhenAllowed(element, window);
    return () => {
      stop();
      element.pause();
    };
  }, [begins, src]);
  const shared = {
    controls: true,
    src,
    'aria-label': whole || t(kind),
    style: { width: '100%' },
    onLoadedMetadata: () => {
      const seconds = media.current?.duration ?? NaN;
      // What a recorder wrote on the spot does not know its length.
      setDurationMs(Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null);
    },
    onTimeUpdate: () => setAtMs((media.current?.currentTime ?? 0) * 1000),
    onEnded: () => setAtMs(null),
  };
  return (
    <figure className={css['sound']}>
      {kind === 'video' ? (
        <video {...shared} ref={media as RefObject<HTMLVideoElement>} />
      ) : (
        <audio {...shared} ref={media as RefObject<HTMLAudioElement>} />
      )}
      {whole && (
        <figcaption>
          <Text size="sm" fw={cue ? 560 : undefined} data-cue={cue ? '' : undefined}>
            {cue?.text ?? whole}
          </Text>
        </figcaption>
      )}
    </figure>
  );
}
