import { Button, Checkbox, Group, NumberInput, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { indexOf, type ActiveStep, type Unit } from '#protocol/procedures/index';
import { unitWord } from '../../procedures/model/words.ts';
import { QuestionForm } from '../../training-room/panels/step-task.tsx';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import type { Task } from '../model/tasks.ts';
import { guidanceRoomStrings } from '../strings.ts';

/** Where something is typed, ticked or answered; nothing for what one press does. */
export function FillForm({ task, active }: { task: Task; active: ActiveStep }) {
  const { hand, say, procedure, state, me } = useJob();
  const { leaf, need, path } = task;
  if (!me.isCrew) return null;
  if (need.kind === 'readOff')
    return (
      <NumberForm
        unit={need.unit}
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
  if (need.kind === 'tool' && leaf?.kind === 'toolUsed')
    return <ToolAway tool={need.tool} unit={leaf.result?.unit ?? null} />;
  if (need.kind !== 'fill' || !leaf) return null;
  switch (leaf.kind) {
    case 'number': {
      const unit = indexOf(procedure).variables.get(leaf.variable)?.unit ?? leaf.range.unit;
      return (
        <NumberForm
          unit={unit}
          onEnter={(value) => hand.do('value.measure', { variable: leaf.variable, value, instrument: null })}
        />
      );
    }
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
      return leaf.setting.kind === 'number' ? (
        <NumberForm
          unit={leaf.setting.range.unit}
          onEnter={(to) => hand.act({ type: 'controlSet', control: leaf.control, to })}
        />
      ) : null;
    default:
      return null;
  }
}

/** Away from the hall a tool's word does not come: it is typed where the plan lets it, else the step waits, and says so. */
function ToolAway({ tool, unit }: { tool: string; unit: Unit | null }) {
  const t = guidanceRoomStrings.useText();
  const { hand, job, session, say } = useJob();
  if (useReadable(session.connection).state === 'live') return null;
  const name = say.name('tools', tool);
  const mayType = job.plan.tools.some((one) => one.tool === tool && one.typedOffline);
  if (!mayType || unit === null) return <Text role="status">{t('toolAway', { tool: name })}</Text>;
  return (
    <>
      <Text role="status">{t('toolTyped', { tool: name })}</Text>
      <NumberForm unit={unit} onEnter={(value) => hand.do('tool.typed', { tool: tool as never, value, unit })} />
    </>
  );
}

/** A number in its unit. Enter sends it; what is out of range is told at once and stays in the record. */
function NumberForm({ unit, onEnter }: { unit: Unit; onEnter: (value: number) => void }) {
  const t = guidanceRoomStrings.useText();
  const [value, setValue] = useState<string | number>('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (typeof value !== 'number') return;
    onEnter(value);
    setValue('');
  };
  return (
    <form className={css['fill']} onSubmit={send}>
      <Group align="end" gap="xs">
        <NumberInput
          label={t('value')}
          size="lg"
          inputMode="decimal"
          value={value}
          onChange={setValue}
          suffix={unitWord(unit) ? ` ${unitWord(unit)}` : ''}
          decimalScale={4}
          w={200}
        />
        <Button type="submit" size="lg" mih={50} disabled={typeof value !== 'number'}>
          {t('enter')}
        </Button>
      </Group>
    </form>
  );
}
