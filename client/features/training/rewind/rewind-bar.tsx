import { ActionIcon, Button, Group, Slider, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconHistory, IconPlayerTrackNext } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { TrainingSession } from '#net/index';
import { may } from '#protocol/permissions/index';
import type { Procedure } from '#protocol/procedures/index';
import { isFrozen, rewoundIn, type RunRow } from '#protocol/training/index';
import { noticeProblem, Wait } from '../../../ui/index.ts';
import { clockText } from '../model/clock-text.ts';
import { RunWords } from '../model/words.ts';
import { useReadable } from '../console/use-session.ts';
import { trainingStrings } from '../strings.ts';
import css from './rewind.module.css';
import { useReplay } from './use-replay.ts';

interface Props {
  readonly session: TrainingSession;
  readonly run: RunRow;
  readonly procedure: Procedure;
  readonly language: string;
}

/** Who conducts shows everybody in the room how things stood: by slider, step by step of what happened, and back to now. */
export function RewindBar({ session, run, procedure, language }: Props) {
  const t = trainingStrings.useText();
  const document = useReadable(session.document);
  const [isOpen, setOpen] = useState(false);
  const rewound = rewoundIn(document);
  const isShown = rewound?.run === run.id;
  const stands = run.outcome !== null || (run.mode !== 'exam' && isFrozen(document) && run.state.pausedAtMs !== null);
  if (!may(session.me.role, 'training.freeze') || !stands) return null;
  if (!isShown && !isOpen)
    return (
      <Button
        variant="default"
        leftSection={<IconHistory size={18} stroke={1.7} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('rewind')}
      </Button>
    );
  return (
    <Moments
      {...{ session, run, procedure, language }}
      event={isShown ? rewound.event : null}
      onClose={() => setOpen(false)}
    />
  );
}

function Moments({
  session,
  run,
  procedure,
  language,
  event,
  onClose,
}: Props & { readonly event: number | null; readonly onClose: () => void }) {
  const t = trainingStrings.useText();
  const replay = useReplay(session, run);
  const [drawn, setDrawn] = useState<number | null>(null);
  useEffect(() => setDrawn(null), [event]);
  if (!replay) return <Wait text={t('rewindReading')} />;
  const at = drawn ?? event ?? replay.length;
  const state = replay.after(at);
  const words = new RunWords(procedure, language, t);
  const step = state.active.at(-1)?.step;
  const show = (to: number | null) => {
    const sent = session.submitTraining('training.rewind', { run: run.id as never, event: to });
    if ('problem' in sent) noticeProblem(sent.problem);
  };
  const said = `${clockText(state.nowMs)}${step ? ` · ${words.step(step)}` : ''}`;
  return (
    <section className={css['bar']} aria-label={t('rewind')}>
      <Group gap="xs" wrap="nowrap">
        <Tooltip label={t('rewindBack')}>
          <ActionIcon variant="default" aria-label={t('rewindBack')} disabled={at === 0} onClick={() => show(at - 1)}>
            <IconChevronLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <Slider
          flex={1}
          miw={80}
          min={0}
          max={Math.max(1, replay.length)}
          value={at}
          label={(value) => clockText(replay.after(value).nowMs)}
          thumbLabel={t('moment')}
          thumbProps={{ 'aria-valuetext': said }}
          onChange={setDrawn}
          onChangeEnd={show}
        />
        <Tooltip label={t('rewindOn')}>
          <ActionIcon
            variant="default"
            aria-label={t('rewindOn')}
            disabled={at >= replay.length}
            onClick={() => show(at + 1)}
          >
            <IconChevronRight size={18} />
          </ActionIcon>
        </Tooltip>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerTrackNext size={16} aria-hidden />}
          onClick={() => {
            if (event !== null) show(null);
            onClose();
          }}
        >
          {t('rewindEnd')}
        </Button>
      </Group>
      <Text size="sm" className="wh-figures" role="status">
        {said} ({t('rewindAt', { at, all: replay.length })})
      </Text>
    </section>
  );
}
