import { ActionIcon, Group, SegmentedControl, Slider, Text, Title } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { clockText } from '../model/clock-text.ts';
import type { Examined } from '../model/examine.ts';
import { Replay } from '../model/replay.ts';
import type { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import css from './debrief.module.css';
import { Lanes } from './lanes.tsx';
import { MomentPanel } from './moment-panel.tsx';

/** While it plays the moment moves on this often, ms. */
const PLAY_EVERY_MS = 200;
const SPEEDS = ['1', '4', '16'] as const;

interface Props {
  readonly examined: Examined;
  readonly room: string;
  readonly words: RunWords;
  readonly atMs: number;
  readonly onJump: (atMs: number) => void;
}

/** The run along its time: what happened when, and at any moment how things stood. */
export function TimeSection({ examined, room, words, atMs, onJump }: Props) {
  const t = trainingStrings.useText();
  const { story, procedure, recorded } = examined;
  const replay = useMemo(() => new Replay(procedure, recorded), [procedure, recorded]);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<string>('4');
  const endMs = story.durationMs;
  useEffect(() => {
    if (!isPlaying) return;
    if (atMs >= endMs) return setPlaying(false);
    const timer = setTimeout(() => onJump(Math.min(endMs, atMs + PLAY_EVERY_MS * Number(speed))), PLAY_EVERY_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, atMs, endMs, speed, onJump]);
  const play = () => {
    if (!isPlaying && atMs >= endMs) onJump(0);
    setPlaying(!isPlaying);
  };
  return (
    <section className={css['section']} aria-labelledby="line">
      <Title order={2} id="line" mb="sm">
        {t('timeLine')}
      </Title>
      <div className={css['panel']}>
        <Lanes story={story} words={words} atMs={atMs} onJump={onJump} />
        <Group className={css['noPrint']} wrap="nowrap" gap="sm" mt="sm">
          <ActionIcon variant="default" aria-label={isPlaying ? t('replayStop') : t('replayPlay')} onClick={play}>
            {isPlaying ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
          </ActionIcon>
          <Slider
            flex={1}
            min={0}
            max={Math.max(1000, endMs)}
            step={1000}
            value={atMs}
            label={clockText}
            thumbLabel={t('moment')}
            thumbProps={{ 'aria-valuetext': clockText(atMs) }}
            onChange={onJump}
          />
          <Text size="sm" className="wh-figures" style={{ whiteSpace: 'nowrap' }}>
            {clockText(atMs)} / {clockText(endMs)}
          </Text>
          <SegmentedControl
            size="xs"
            aria-label={t('speed')}
            value={speed}
            onChange={setSpeed}
            data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
          />
        </Group>
        <MomentPanel {...{ examined, room, words, replay, atMs }} />
      </div>
      <Text size="sm" c="dimmed" mt={6} className={css['noPrint']}>
        {t('timeLineHelp')}
      </Text>
    </section>
  );
}
