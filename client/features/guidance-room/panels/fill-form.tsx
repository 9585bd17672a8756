import { Button, Checkbox, Group, NumberInput, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { ActiveStep } from '#protocol/procedures/index';
import { unitWord } from '../../procedures/model/words.ts';
import { QuestionForm } from '../../training-room/panels/step-task.tsx';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { askedValue, sayField, sayMiss, typedNumber, type AskedValue } from '../model/asked-value.ts';
import type { Task } from '../model/tasks.ts';
import { guidanceRoomStrings } from '../strings.ts';

/** Where something is typed, ticked or answered; nothing for what one press does. */
export function FillForm({ task, active }: { task: Task; active: ActiveStep }) {
  const { hand, say, procedure, state, me } = useJob();
  const { leaf, need, path } = task;
  if (!me.isCrew) return null;
  const asked = askedValue(task, procedure);
  if (need.kind === 'readOff' && asked)
    return (
      <NumberForm
        asked={asked}
        onEnter={(value) =>
          hand.act({
            type: 'toolUsed',
            tool: need.tool,
            thing: need.thing,
            isOk: true,
            result: { value, unit: need.unit },
          } as never)
        }
      />
    );
  if (need.kind === 'tool' && leaf?.kind === 'toolUsed') return <ToolAway tool={need.tool} asked={asked} />;
  if (need.kind !== 'fill' || !leaf) return null;
  switch (leaf.kind) {
    case 'number':
      return asked ? (
        <NumberForm
          asked={asked}
          onEnter={(value) => hand.do('value.measure', { variable: leaf.variable, value, instrument: null })}
        />
      ) : null;
    case 'answered':
      return (
        <div className={css['fill']}>
          <QuestionForm
            leaf={leaf}
            say={say}
            onAnswer={(answer) => hand.act({ type: 'answered', step: active.step, path: path!, answer })}
          />
        </div>
      );
    case 'checklist':
      return (
        <div className={css['fill']}>
          {leaf.items.map(({ id, text }) => (
            <Checkbox
              key={id}
              size="lg"
              label={say.text(text)}
              checked={active.seen.includes(`#${id}`)}
              onChange={(event) =>
                hand.act({ type: 'checked', step: active.step, item: id, isChecked: event.currentTarget.checked })
              }
            />
          ))}
        </div>
      );
    case 'worn': {
      const worn = state?.world.worn[me.user] ?? [];
      return (
        <div className={css['fill']}>
          {leaf.things.map((id) => (
            <Checkbox
              key={id}
              size="lg"
              label={say.name('things', id)}
              checked={worn.includes(id)}
              onChange={(event) => hand.act({ type: event.currentTarget.checked ? 'putOn' : 'tookOff', thing: id })}
            />
          ))}
        </div>
      );
    }
    case 'control':
      return asked ? (
        <NumberForm asked={asked} onEnter={(to) => hand.act({ type: 'controlSet', control: leaf.control, to })} />
      ) : null;
    default:
      return null;
  }
}

/** Away from the hall a tool's word does not come: it is typed where the plan lets it, else the step waits, and says so. */
function ToolAway({ tool, asked }: { tool: string; asked: AskedValue | null }) {
  const t = guidanceRoomStrings.useText();
  const { hand, job, session, say } = useJob();
  if (useReadable(session.connection).state === 'live') return null;
  const name = say.name('tools', tool);
  const mayType = job.plan.tools.some((one) => one.tool === tool && one.typedOffline);
  if (!mayType || !asked) return <Text role="status">{t('toolAway', { tool: name })}</Text>;
  return (
    <>
      <Text role="status">{t('toolTyped', { tool: name })}</Text>
      <NumberForm
        asked={asked}
        onEnter={(value) => hand.do('tool.typed', { tool: tool as never, value, unit: asked.unit })}
      />
    </>
  );
}

/**
 * A number in its unit. Enter sends it; what is out of range is told at once and stays in the record. What was not let happen, or is no
 * answer, stays in the field: nothing that was typed goes without a word.
 */
function NumberForm({ asked, onEnter }: { asked: AskedValue; onEnter: (value: number) => boolean }) {
  const t = guidanceRoomStrings.useText();
  const { say } = useJob();
  const [typed, setTyped] = useState<string | number>('');
  const [miss, setMiss] = useState<{ readonly text: string; readonly times: number } | null>(null);
  const value = typedNumber(typed);
  const suffix = unitWord(asked.unit);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (value === null) return;
    const text = sayMiss(asked, value, say, t);
    const isTaken = onEnter(value);
    // Told anew each time: the same words twice are read out twice.
    setMiss(text === null ? null : { text, times: (miss?.times ?? 0) + 1 });
    if (isTaken && text === null) setTyped('');
  };
  return (
    <form className={css['fill']} onSubmit={send}>
      <Group align="end" gap="xs">
        <NumberInput
          label={sayField(asked, say, t)}
          description={asked.range && t('askedFor', { range: say.range(asked.range) })}
          styles={{ description: { whiteSpace: 'nowrap' } }}
          error={miss !== null}
          size="lg"
          inputMode="decimal"
          value={typed}
          onChange={(now) => {
            setTyped(now);
            setMiss(null);
          }}
          suffix={suffix ? ` ${suffix}` : ''}
          // Half of the world writes a comma, and its keyboards have no point.
          allowedDecimalSeparators={['.', ',']}
          decimalScale={4}
          w={240}
        />
        <Button type="submit" size="lg" mih={50} disabled={value === null}>
          {t('enter')}
        </Button>
      </Group>
      {miss && (
        <Text key={miss.times} role="alert" c="var(--wh-stop)">
          {miss.text}
        </Text>
      )}
    </form>
  );
}
