import { Alert, Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { IconClock, IconPlayerPlay, IconPlayerSkipForward, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import {
  isShown,
  Mode,
  nextDueAtMs,
  react,
  start,
  stepMap,
  type Effect,
  type Procedure,
  type RunEvent,
  type RunState,
} from '#protocol/procedures/index';
import { AssetPicture, StatusBadge, useProblemText } from '../../../ui/index.ts';
import { api, useMe } from '../../session/index.ts';
import { useEditor } from '../editor-context.tsx';
import { actsOf } from '../model/acts.ts';
import { numbers } from '../model/diff-words.ts';
import { procedureStrings } from '../strings.ts';
import css from '../edit/steps-view.module.css';

/** What happens between two presses of a button, unless only time helps. */
const ACT_MS = 1000;

interface Tried {
  readonly state: RunState;
  /** Oldest first. */
  readonly log: readonly { readonly key: number; readonly text: string; readonly isBad: boolean }[];
}

/** The procedure as a trainee walks through it, by the very engine of the training room. Buttons stand for the doing. */
export default function PreviewView() {
  const t = procedureStrings.useText();
  const { procedure } = useEditor();
  const [mode, setMode] = useState<Mode>('guided');
  const [attempt, setAttempt] = useState(0);
  return (
    <Stack maw={860} mx="auto">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t('mode')}
          value={mode}
          onChange={(value) => setMode(Mode.parse(value))}
          data={(['guided', 'practice', 'exam'] as const).map((value) => ({ value, label: t(`mode_${value}`) }))}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => setAttempt(attempt + 1)}
        >
          {t('fromTheBeginning')}
        </Button>
      </Group>
      <Walk key={`${mode}.${attempt}`} procedure={procedure} mode={mode} seed={attempt + 1} />
    </Stack>
  );
}

function Walk({ procedure, mode, seed }: { procedure: Procedure; mode: Mode; seed: number }) {
  const t = procedureStrings.useText();
  const problemText = useProblemText();
  const { id: me } = useMe();
  const { say } = useEditor();
  const counted = numbers(procedure);
  const steps = stepMap(procedure);
  const titleOf = (step: string) => {
    const found = steps.get(step as never)?.step;
    return t('stepNamed', {
      n: counted.get(step) ?? 0,
      title: found ? say.text(found.title) || t('untitledStep') : step,
    });
  };
  const sayEffect = (effect: Effect): { text: string; isBad: boolean } | null => {
    switch (effect.kind) {
      case 'left': {
        const way = steps.get(effect.step)?.step.transitions.find(({ id }) => id === effect.transition);
        const why = way && (way.conditions.map((one) => say.condition(one)).join(t('listAnd')) || t('noCondition'));
        return {
          text: why
            ? t('logLeft', { step: titleOf(effect.step), why })
            : t('logSkipped', { step: titleOf(effect.step) }),
          isBad: false,
        };
      }
      case 'entered':
        return { text: t('logEntered', { step: titleOf(effect.step) }), isBad: false };
      case 'finding':
        return { text: t('logFinding', { what: t(`error_${effect.finding.kind}`) }), isBad: true };
      case 'refused':
        return { text: problemText(effect.problem).message, isBad: true };
      case 'hint': {
        const hint = steps.get(effect.step)?.step.hints[effect.index];
        return hint ? { text: t('logHint', { text: say.text(hint) }), isBad: false } : null;
      }
      case 'ended':
        return {
          text: t(effect.status === 'completed' ? 'logCompleted' : 'logFailed'),
          isBad: effect.status === 'failed',
        };
      case 'behaviour':
      case 'scored':
      case 'fault':
        return null;
    }
  };
  const told = (log: Tried['log'], effects: readonly Effect[]): Tried['log'] => [
    ...log,
    ...effects.flatMap((effect, at) => {
      const said = sayEffect(effect);
      return said ? [{ key: log.length + at, ...said }] : [];
    }),
  ];
  const [{ state, log }, setTried] = useState<Tried>(() => {
    const begun = start(procedure, {
      mode,
      seed,
      startedAtMs: 0,
      participants: [{ id: me, roles: procedure.workplace.roles.map(({ id }) => id), station: null }],
    });
    return { state: begun.state, log: told([], begun.effects) };
  });
  const nowMs = state.startedAtMs + state.pausedForMs + state.nowMs;
  const give = (events: readonly RunEvent[], atMs: number) => {
    let after = state;
    let lines = log;
    for (const event of events) {
      const reaction = react(procedure, after, event, atMs);
      after = reaction.state;
      lines = told(lines, reaction.effects);
    }
    setTried({ state: after, log: lines });
  };
  const due = nextDueAtMs(state);
  const done = state.visited.length;

  return (
    <>
      <Group gap="sm">
        <StatusBadge status={state.status === 'running' ? 'active' : state.status === 'completed' ? 'done' : 'stop'}>
          {t(`run_${state.status}`)}
        </StatusBadge>
        <Text size="sm" c="dimmed" className="wh-figures">
          {t('runProgress', { done, all: steps.size, time: say.seconds(nowMs) })}
        </Text>
        {due !== null && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconClock size={16} aria-hidden />}
            onClick={() => give([{ type: 'time' }], due)}
          >
            {t('letTimePass', { time: say.seconds(Math.max(0, due - nowMs)) })}
          </Button>
        )}
      </Group>
      {state.active.map((active) => {
        const step = steps.get(active.step)?.step;
        if (!step) return null;
        return (
          <section key={active.thread} className={css['way']} aria-label={titleOf(step.id)}>
            <Title order={2} size="h3">
              {titleOf(step.id)}
            </Title>
            {say.text(step.instruction) && <Text mt={4}>{say.text(step.instruction)}</Text>}
            <Stack gap={4} mt="sm">
              {step.behaviours
                .filter((one) => isShown(one, mode))
                .map((one, at) => (
                  <Shown key={at} behaviour={one} />
                ))}
            </Stack>
            <Group mt="md" gap="xs">
              {actsOf(procedure, step.id, me).map((act) => (
                <Button
                  key={act.key}
                  variant="default"
                  h="auto"
                  mih={36}
                  py={6}
                  styles={{ label: { whiteSpace: 'normal', textAlign: 'start' } }}
                  disabled={act.events === null}
                  leftSection={<IconPlayerPlay size={16} aria-hidden />}
                  onClick={() => act.events && give(act.events, nowMs + ACT_MS)}
                >
                  {say.condition(act.leaf)}
                </Button>
              ))}
              {step.isOptional && (
                <Button
                  variant="subtle"
                  color="gray"
                  leftSection={<IconPlayerSkipForward size={16} aria-hidden />}
                  onClick={() => give([{ type: 'skipped', by: me, step: step.id }], nowMs + ACT_MS)}
                >
                  {t('skip')}
                </Button>
              )}
              {step.hints.length > active.hintsGiven && mode !== 'exam' && (
                <Button
                  variant="subtle"
                  color="gray"
                  onClick={() => give([{ type: 'hintAsked', by: me, step: step.id }], nowMs)}
                >
                  {t('askHint')}
                </Button>
              )}
            </Group>
          </section>
        );
      })}
      {state.status === 'failed' && state.problem && (
        <Alert role="alert" variant="default" title={problemText(state.problem).message} />
      )}
      <section aria-label={t('whatHappened')}>
        <Title order={3} size="h4" mb="xs">
          {t('whatHappened')}
        </Title>
        <div role="log">
          <ol style={{ margin: 0, padding: 0, listStyle: 'none' }}>
            {log.toReversed().map(({ key, text, isBad }) => (
              <Text key={key} component="li" size="sm" c={isBad ? 'var(--wh-stop)' : undefined}>
                {text}
              </Text>
            ))}
          </ol>
        </div>
      </section>
    </>
  );
}

function Shown({ behaviour }: { behaviour: Procedure['chapters'][number]['steps'][number]['behaviours'][number] }) {
  const { say, procedure } = useEditor();
  const file =
    behaviour.kind === 'picture' ? procedure.workplace.media.find(({ id }) => id === behaviour.media) : undefined;
  if (file?.cid)
    return <AssetPicture src={api.assetUrl(file.cid)} title={say.text(file.description)} ratio={16 / 10} />;
  return (
    <Text size="sm" c="dimmed">
      {say.behaviour(behaviour)}
    </Text>
  );
}
