import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { personColor, useQuantities } from '../../../ui/index.ts';
import { unitWord } from '../../procedures/model/words.ts';
import { clockText } from '../model/clock-text.ts';
import type { Examined } from '../model/examine.ts';
import { lookAt } from '../model/motion.ts';
import { dayTimeOf, type Replay } from '../model/replay.ts';
import type { RunWords } from '../model/words.ts';
import { boxAround, PersonMark } from '../views/plan.tsx';
import { trainingStrings } from '../strings.ts';
import css from './debrief.module.css';
import { faultSaid } from './lanes.tsx';
import { motionQuery } from './motion-query.ts';

/** What went wrong this long before a moment is still news at it, ms. */
const FRESH_MS = 10_000;

interface Props {
  readonly examined: Examined;
  readonly room: string;
  readonly words: RunWords;
  readonly replay: Replay;
  readonly atMs: number;
}

/** How things stood at a moment: the step, what went wrong just then, hands, instruments, and the plan from above. */
export function MomentPanel({ examined, room, words, replay, atMs }: Props) {
  const t = trainingStrings.useText();
  const { number } = useQuantities();
  const { procedure, story, run } = examined;
  const state = replay.at(atMs);
  const { world } = state;
  const names = new Map(run.participants.map(({ id, name }) => [id as string, name]));
  const fresh = story.findings.filter((one) => one.atMs <= atMs && one.atMs > atMs - FRESH_MS);
  const faults = story.faults.filter(
    ({ injectedMs, clearedMs }) => injectedMs <= atMs && (clearedMs ?? Infinity) > atMs,
  );
  const values = procedure.workplace.sensors.flatMap(({ id, name }) => {
    const shown = world.values[id];
    return shown ? [`${words.text(name)} ${number(shown.value, 1)} ${unitWord(shown.unit)}`] : [];
  });
  const holding = Object.entries(world.held).map(
    ([thing, by]) => `${names.get(by) ?? by}: ${t('holds', { things: words.thing(thing) })}`,
  );
  return (
    <div className={css['moment']}>
      <div role="status" aria-live="polite">
        <Title order={3}>{t('atMoment', { time: clockText(atMs) })}</Title>
        {state.active.map(({ step, thread }) => (
          <Text key={thread} fw={560}>
            {words.step(step)}
          </Text>
        ))}
        {state.active.length === 0 && <Text>{t(`standing_${run.outcome ?? 'completed'}`)}</Text>}
        {fresh.map((one, at) => (
          <Text key={at} size="sm" c="var(--wh-attention)">
            {clockText(one.atMs)} · {words.finding(one.kind, one.facts)}
          </Text>
        ))}
        {faults.map((fault) => (
          <Text key={fault.fault} size="sm" c="var(--wh-stop)">
            {faultSaid(fault, words).join(' · ')}
          </Text>
        ))}
        {holding.map((said) => (
          <Text key={said} size="sm">
            {said}
          </Text>
        ))}
        {values.length > 0 && (
          <Text size="sm" c="dimmed" className="wh-figures">
            {values.join(' · ')}
          </Text>
        )}
      </div>
      <MomentPlan examined={examined} room={room} words={words} state={state} atMs={atMs} />
    </div>
  );
}

interface PlanProps extends Omit<Props, 'replay'> {
  readonly state: ReturnType<Replay['at']>;
}

/** Things where they lie, and people where their recordings have them. */
function MomentPlan({ examined, room, words, state, atMs }: PlanProps) {
  const t = trainingStrings.useText();
  const { run, procedure } = examined;
  const motion = useQuery(motionQuery(room, run));
  const things = procedure.workplace.things.flatMap(({ id, poseInRoom }) => {
    const position = (state.world.placements[id]?.[''] ?? poseInRoom)?.position;
    return position ? [{ id, x: position[0], z: position[2] }] : [];
  });
  const people = (motion.data ?? []).flatMap(({ person, name, looks }) => {
    const look = lookAt(looks, dayTimeOf(state, atMs));
    return look ? [{ person, name, x: look.headInRoom[0], z: look.headInRoom[2], look }] : [];
  });
  if (things.length + people.length === 0) return null;
  return (
    <svg className={css['plan']} viewBox={boxAround([...things, ...people])} role="img" aria-label={t('momentPlan')}>
      {things.map(({ id, x, z }) => (
        <rect key={id} x={x - 0.04} y={z - 0.04} width={0.08} height={0.08} fill="var(--wh-sheet-ink)">
          <title>{words.thing(id)}</title>
        </rect>
      ))}
      {people.map(({ person, name, x, z, look }) => (
        <PersonMark key={person} {...{ name, x, z }} forwardInRoom={look.forwardInRoom} color={personColor(person)} />
      ))}
    </svg>
  );
}
