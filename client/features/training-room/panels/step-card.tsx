import { Button, Group, Text } from '@mantine/core';
import { IconBulb, IconCircle, IconCircleCheck, IconPlayerSkipForward } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import {
  isShown,
  plainWords,
  type ActiveStep,
  type Behaviour,
  type PlacedLeaf,
  type ProcedureIndex,
} from '#protocol/procedures/index';
import { AssetPicture } from '../../../ui/index.ts';
import { api } from '../../session/index.ts';
import { isFulfilled } from '../model/fulfilled.ts';
import { sayTask } from '../model/said.ts';
import { useMyself, useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';
import { Captioned } from './spoken.tsx';
import { StepTask } from './step-task.tsx';

interface Props {
  readonly active: ActiveStep;
  readonly facts: NonNullable<ReturnType<ProcedureIndex['steps']['get']>>;
}

/** One step that runs: its words, what it shows, and what can be done for it here; hands-on work is in the workplace. */
export function StepCard({ active, facts }: Props) {
  const t = trainingRoomStrings.useText();
  const { row, say, hand, procedure } = useRun();
  const me = useMyself();
  const { step } = facts;
  const isMine =
    (step.role === null || !!me?.roles.includes(step.role)) &&
    (step.station === null || !me?.station || me.station === step.station);
  const shown = step.behaviours.filter((one) => isShown(one, row.mode));
  const asked = facts.leaves.filter(({ isNegated, path }) => !isNegated && path.startsWith('0.'));
  const heading = useRef<HTMLHeadingElement>(null);
  // What was pressed to get here is gone with its step: who goes by keyboard goes on at the next one, not at the top.
  useEffect(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  const price = procedure.rubric.errors.hint.points;
  return (
    <section className={css['step']} data-mine={isMine || undefined} aria-labelledby={`step-${step.id}`}>
      <h2 ref={heading} tabIndex={-1} id={`step-${step.id}`} className={css['stepTitle']}>
        {say.text(step.title)}
      </h2>
      <Text>{say.text(step.instruction)}</Text>
      {active.attempt > 1 && (
        <Text size="sm" c="dimmed">
          {t('attempt', { n: active.attempt })}
        </Text>
      )}
      {!isMine && (
        <Text size="sm" c="dimmed">
          {t('notYours', { role: step.role ? say.name('roles', step.role) : say.name('stations', step.station ?? '') })}
        </Text>
      )}
      {shown.map((behaviour, at) => (
        <Shown key={at} behaviour={behaviour} instruction={say.text(step.instruction)} />
      ))}
      {active.phase !== 'active' && (
        <Text size="sm" c="dimmed" role="status">
          {t('getReady')}
        </Text>
      )}
      {row.mode === 'guided' && asked.length > 0 && <Asked leaves={asked} active={active} />}
      {isMine &&
        active.phase === 'active' &&
        asked.map((leaf) => <StepTask key={leaf.path} {...leaf} active={active} />)}
      {step.hints.slice(0, active.hintsGiven).map((hint, at) => (
        <p key={at} className={css['hint']} role="status">
          {say.text(hint)}
        </p>
      ))}
      <Group gap="xs">
        {isMine && row.mode !== 'exam' && step.hints.length > active.hintsGiven && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBulb size={16} aria-hidden />}
            onClick={() => hand.act({ type: 'hintAsked', step: step.id })}
          >
            {price > 0 ? t('hint', { points: price }) : t('hintFree')}
          </Button>
        )}
        {isMine && step.isOptional && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<IconPlayerSkipForward size={16} aria-hidden />}
            onClick={() => hand.act({ type: 'skipped', step: step.id })}
          >
            {t('skip')}
          </Button>
        )}
      </Group>
    </section>
  );
}

function Asked({ leaves, active }: { leaves: readonly PlacedLeaf[]; active: ActiveStep }) {
  const t = trainingRoomStrings.useText();
  const { say, state, procedure } = useRun();
  return (
    <ul className={css['asked']} aria-label={t('tasks')}>
      {leaves.map(({ leaf, path }) => {
        const isDone = isFulfilled(procedure, state, active, leaf, path);
        return (
          <li key={path}>
            {isDone ? (
              <IconCircleCheck size={16} color="var(--wh-done)" aria-hidden />
            ) : (
              <IconCircle size={16} color="var(--wh-text-quiet)" aria-hidden />
            )}
            <span>
              {sayTask(leaf, say, t)}
              <span className="wh-spoken"> ({t(isDone ? 'isDone' : 'isOpen')})</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What a step shows beside its words. What is drawn in the scene is not told twice. */
function Shown({ behaviour, instruction }: { behaviour: Behaviour; instruction: string }) {
  const { say, procedure } = useRun();
  switch (behaviour.kind) {
    case 'text':
    case 'speech': {
      const text = say.text(behaviour.text);
      return text === instruction || !text ? null : <Text size="sm">{text}</Text>;
    }
    case 'hazard':
      return (
        <p className={css['hazard']} role="alert">
          {say.text(behaviour.text)}
        </p>
      );
    case 'picture':
    case 'video':
    case 'audio': {
      const media = procedure.workplace.media.find(({ id }) => id === behaviour.media);
      const words = media ? say.text(media.description) : '';
      if (!media?.cid) return <Text size="sm">{plainWords(words)}</Text>;
      const src = api.assetUrl(media.cid);
      if (behaviour.kind === 'picture') return <AssetPicture src={src} title={words} ratio={16 / 10} fit="contain" />;
      return <Captioned kind={behaviour.kind} src={src} words={words} isSaid={behaviour.kind === 'audio'} />;
    }
    default:
      return null;
  }
}
