import { ActionIcon, Button, Checkbox, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { indexOf, type ActiveStep, type Leaf, type PlacedLeaf } from '#protocol/procedures/index';
import { unitWord, type Speaker } from '../../procedures/model/words.ts';
import type { MyAct } from '../model/run-hand.ts';
import { useMyself, useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';

type LeafOf<K extends Leaf['kind']> = Extract<Leaf, { kind: K }>;

/** What a step asks for that is said, read or written: by the same words in 3D and in the document. */
export function StepTask({ leaf, path, active }: PlacedLeaf & { active: ActiveStep }) {
  const t = trainingRoomStrings.useText();
  const { say, hand } = useRun();
  switch (leaf.kind) {
    case 'answered':
      return active.seen.includes(path) ? (
        <Text size="sm" c="var(--wh-done)">
          {t('answered')}
        </Text>
      ) : (
        <QuestionForm
          leaf={leaf}
          say={say}
          onAnswer={(answer) => hand.act({ type: 'answered', step: active.step, path, answer })}
        />
      );
    case 'checklist':
      return (
        <fieldset className={css['task']}>
          <legend className="wh-spoken">{t('check')}</legend>
          {leaf.items.map(({ id, text }) => (
            <Checkbox
              key={id}
              label={say.text(text)}
              checked={active.seen.includes(`#${id}`)}
              onChange={(event) =>
                hand.act({ type: 'checked', step: active.step, item: id, isChecked: event.currentTarget.checked })
              }
            />
          ))}
        </fieldset>
      );
    case 'worn':
      return <Wear />;
    case 'number':
      return <Reading leaf={leaf} />;
    case 'confirmed':
      return active.seen.includes(path) ? null : (
        <Button leftSection={<IconCheck size={18} aria-hidden />} onClick={() => hand.act({ type: 'confirmed' })}>
          {t('done')}
        </Button>
      );
    case 'approved':
      return <Approval role={leaf.role} />;
    case 'spoken':
      return (
        <Button variant="default" onClick={() => hand.act({ type: 'spoke', command: leaf.command })}>
          {t('say', { phrase: say.text(leaf.phrases) || leaf.command })}
        </Button>
      );
    case 'dwell':
      return (
        <Button variant="default" onClick={() => hand.act({ type: 'moved', places: [leaf.place] })}>
          {t('goTo', { place: say.name('places', leaf.place) })}
        </Button>
      );
    case 'gaze':
      return (
        <Button variant="default" onClick={() => hand.act({ type: 'gazed', thing: leaf.thing })}>
          {t('lookAt', { thing: say.name('things', leaf.thing) })}
        </Button>
      );
    default:
      return null;
  }
}

/** All protective wear there is, not what is right: choosing belongs to the task. */
function Wear() {
  const t = trainingRoomStrings.useText();
  const { procedure, state, session, say, hand } = useRun();
  const worn = state.world.worn[session.me.user] ?? [];
  return (
    <fieldset className={css['task']}>
      <legend className="wh-spoken">{t('wear')}</legend>
      {procedure.workplace.things
        .filter(({ kind }) => kind === 'protection')
        .map(({ id }) => (
          <Checkbox
            key={id}
            label={t('putOn', { thing: say.name('things', id) })}
            checked={worn.includes(id)}
            onChange={(event) => hand.act({ type: event.currentTarget.checked ? 'putOn' : 'tookOff', thing: id })}
          />
        ))}
    </fieldset>
  );
}

function Reading({ leaf }: { leaf: LeafOf<'number'> }) {
  const t = trainingRoomStrings.useText();
  const { procedure, hand } = useRun();
  const [value, setValue] = useState<string | number>('');
  const unit = indexOf(procedure).variables.get(leaf.variable)?.unit ?? leaf.range.unit;
  return (
    <form
      className={css['task']}
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof value === 'number') hand.act({ type: 'entered', variable: leaf.variable, value });
      }}
    >
      <Group align="end" gap="xs">
        <NumberInput
          label={t('yourNumber')}
          value={value}
          onChange={setValue}
          suffix={unitWord(unit) ? ` ${unitWord(unit)}` : ''}
          decimalScale={3}
          w={160}
        />
        <Button type="submit">{t('enter')}</Button>
      </Group>
    </form>
  );
}

function Approval({ role }: { role: LeafOf<'approved'>['role'] }) {
  const t = trainingRoomStrings.useText();
  const { say, hand } = useRun();
  const me = useMyself();
  const name = say.name('roles', role);
  if (!me?.roles.includes(role))
    return (
      <Text size="sm" role="status">
        {t('waitsForApproval', { role: name })}
      </Text>
    );
  return (
    <Button leftSection={<IconCheck size={18} aria-hidden />} onClick={() => hand.act({ type: 'approved' })}>
      {t('approve', { role: name })}
    </Button>
  );
}

type Answer = Extract<MyAct, { type: 'answered' }>['answer'];

interface QuestionProps {
  readonly leaf: LeafOf<'answered'>;
  readonly say: Speaker;
  readonly onAnswer: (answer: Answer) => void;
}

/** A question with the means to answer it, of whatever kind: also in the room of a job. */
export function QuestionForm({ leaf, say, onAnswer }: QuestionProps) {
  const t = trainingRoomStrings.useText();
  const { answer } = leaf;
  const [number, setNumber] = useState<string | number>('');
  const [picked, setPicked] = useState<string[]>([]);
  const [order, setOrder] = useState<string[]>(() =>
    answer.kind === 'order' ? answer.choices.map(({ id }) => id) : [],
  );
  const given: Answer | null =
    answer.kind === 'number'
      ? typeof number === 'number'
        ? number
        : null
      : answer.kind === 'order'
        ? order
        : answer.kind === 'single' && picked.length === 0
          ? null
          : picked;
  const question = say.text(leaf.question);
  const move = (at: number, by: number) =>
    setOrder((list) => {
      const next = [...list];
      const [one] = next.splice(at, 1);
      next.splice(at + by, 0, one!);
      return next;
    });
  return (
    <form
      className={css['task']}
      onSubmit={(event) => {
        event.preventDefault();
        if (given !== null) onAnswer(given);
      }}
    >
      {answer.kind === 'number' && (
        <NumberInput
          label={question}
          value={number}
          onChange={setNumber}
          suffix={unitWord(answer.range.unit) ? ` ${unitWord(answer.range.unit)}` : ''}
        />
      )}
      {answer.kind === 'single' && (
        <Radio.Group label={question} value={picked[0] ?? ''} onChange={(value) => setPicked([value])}>
          <Stack gap="xs" mt="xs">
            {answer.choices.map(({ id, text }) => (
              <Radio key={id} value={id} label={say.text(text)} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {answer.kind === 'multiple' && (
        <Checkbox.Group label={question} value={picked} onChange={setPicked}>
          <Stack gap="xs" mt="xs">
            {answer.choices.map(({ id, text }) => (
              <Checkbox key={id} value={id} label={say.text(text)} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {answer.kind === 'order' && (
        <fieldset className={css['task']}>
          <legend>{question}</legend>
          {order.map((id, at) => {
            const text = say.text(answer.choices.find((one) => one.id === id)!.text);
            return (
              <Group key={id} gap="xs" wrap="nowrap">
                <Text size="sm" style={{ flex: 1 }}>
                  {at + 1}. {text}
                </Text>
                <ActionIcon aria-label={`${t('up')}: ${text}`} disabled={at === 0} onClick={() => move(at, -1)}>
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={`${t('down')}: ${text}`}
                  disabled={at === order.length - 1}
                  onClick={() => move(at, 1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
              </Group>
            );
          })}
        </fieldset>
      )}
      <Group>
        {/* Nothing chosen yet is no wrong answer. */}
        <Button type="submit" disabled={given === null}>
          {t('answer')}
        </Button>
      </Group>
    </form>
  );
}
