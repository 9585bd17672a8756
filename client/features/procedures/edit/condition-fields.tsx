import { ActionIcon, Button, Checkbox, Group, Radio, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconCube, IconPlus, IconX } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import {
  ControlId,
  PlaceId,
  RoleId,
  SensorId,
  ThingId,
  ToolId,
  VariableId,
  type Condition,
  type Question,
} from '#protocol/procedures/index';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { useEditor } from '../editor-context.tsx';
import { freshId } from '../model/edits.ts';
import { UNCHOSEN } from '../model/kinds.ts';
import { degrees } from '../model/words.ts';
import { procedureStrings } from '../strings.ts';
import { NumberField, Pick, PickMany, RangeFields, SecondsField } from './pickers.tsx';
import { TextFields } from './text-fields.tsx';

interface Props<C = Condition> {
  readonly value: C;
  readonly onChange: (condition: Condition) => void;
}
/** Draws the list of conditions inside a combination; `isSingle`: exactly one. */
export type Nested = (of: readonly Condition[], put: (of: Condition[]) => void, isSingle?: boolean) => ReactNode;
type Of<K extends Condition['kind']> = Extract<Condition, { kind: K }>;

/** The fields of one condition: only what its sentence leaves open. */
export function ConditionFields({ value, onChange, nested }: Props & { readonly nested: Nested }) {
  const t = procedureStrings.useText();
  const { procedure } = useEditor();
  switch (value.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
      return (
        <Pick
          list="things"
          label={t('part')}
          value={value.thing}
          onChange={(id) => onChange({ ...value, thing: ThingId.parse(id) })}
        />
      );
    case 'placed':
      return <PlacedFields value={value} onChange={onChange} />;
    case 'mounted':
      return (
        <Stack gap="xs">
          <PickMany
            list="things"
            label={t('parts')}
            value={value.things}
            onChange={(ids) => onChange({ ...value, things: ids.map((id) => ThingId.parse(id)) })}
          />
          <Checkbox
            label={t('inThisOrder')}
            checked={value.isOrdered}
            onChange={({ currentTarget: { checked } }) => onChange({ ...value, isOrdered: checked })}
          />
        </Stack>
      );
    case 'worn':
      return (
        <PickMany
          list="things"
          label={t('parts')}
          value={value.things}
          onChange={(ids) => onChange({ ...value, things: ids.map((id) => ThingId.parse(id)) })}
        />
      );
    case 'toolUsed': {
      const unit = procedure.workplace.tools.find(({ id }) => id === value.tool)?.unit ?? '1';
      return (
        <Stack gap="xs">
          <Group gap="xs">
            <Pick
              list="tools"
              label={t('tool')}
              value={value.tool}
              onChange={(id) => onChange({ ...value, tool: ToolId.parse(id) })}
            />
            <Pick
              list="things"
              label={t('part')}
              value={value.thing}
              onChange={(id) => onChange({ ...value, thing: ThingId.parse(id) })}
            />
          </Group>
          <Checkbox
            label={t('withResult')}
            checked={value.result !== null}
            onChange={({ currentTarget: { checked } }) =>
              onChange({ ...value, result: checked ? { minimum: 0, maximum: 1, unit } : null })
            }
          />
          {value.result && <RangeFields value={value.result} onChange={(result) => onChange({ ...value, result })} />}
        </Stack>
      );
    }
    case 'value':
      return (
        <Stack gap="xs">
          <Pick
            list="sensors"
            label={t('sensor')}
            value={value.sensor}
            onChange={(id) => onChange({ ...value, sensor: SensorId.parse(id) })}
          />
          <RangeFields value={value.range} onChange={(range) => onChange({ ...value, range })} />
          <SecondsField
            label={t('heldForLabel')}
            value={value.holdMs}
            onChange={(holdMs) => onChange({ ...value, holdMs })}
          />
        </Stack>
      );
    case 'control':
      return <ControlFields value={value} onChange={onChange} />;
    case 'number':
      return (
        <Stack gap="xs">
          <Pick
            list="variables"
            label={t('variable')}
            value={value.variable}
            onChange={(id) => onChange({ ...value, variable: VariableId.parse(id) })}
          />
          <RangeFields value={value.range} onChange={(range) => onChange({ ...value, range })} />
        </Stack>
      );
    case 'variable':
      return (
        <Group gap="xs" align="flex-end">
          <Pick
            list="variables"
            label={t('variable')}
            value={value.variable}
            onChange={(id) => onChange({ ...value, variable: VariableId.parse(id) })}
          />
          <NumberField
            label={t('equals')}
            value={value.is.kind === 'equal' && typeof value.is.value === 'number' ? value.is.value : undefined}
            onChange={(number) => onChange({ ...value, is: { kind: 'equal', value: number ?? 0 } })}
          />
        </Group>
      );
    case 'answered':
      return <AnsweredFields value={value} onChange={onChange} />;
    case 'checklist':
      return (
        <Stack gap="xs">
          {value.items.map((item, at) => (
            <Group key={item.id} gap={4} align="flex-end" wrap="nowrap">
              <div style={{ flex: 1 }}>
                <TextFields
                  label={t('itemNumber', { n: at + 1 })}
                  value={item.text}
                  onChange={(text) =>
                    onChange({ ...value, items: value.items.map((one) => (one === item ? { ...item, text } : one)) })
                  }
                />
              </div>
              {value.items.length > 1 && (
                <RemoveButton
                  onClick={() => onChange({ ...value, items: value.items.filter((one) => one !== item) })}
                />
              )}
            </Group>
          ))}
          <AddButton
            onClick={() =>
              onChange({
                ...value,
                items: [
                  ...value.items,
                  {
                    id: freshId(
                      value.items.map(({ id }) => id),
                      'item',
                    ),
                    text: {},
                  },
                ],
              })
            }
          />
        </Stack>
      );
    case 'dwell':
      return (
        <Group gap="xs" align="flex-end">
          <Pick
            list="places"
            label={t('place')}
            value={value.place}
            onChange={(id) => onChange({ ...value, place: PlaceId.parse(id) })}
          />
          <SecondsField
            label={t('duration')}
            value={value.durationMs}
            onChange={(durationMs) => onChange({ ...value, durationMs })}
          />
        </Group>
      );
    case 'gaze':
      return (
        <Group gap="xs" align="flex-end">
          <Pick
            list="things"
            label={t('part')}
            value={value.thing}
            onChange={(id) => onChange({ ...value, thing: ThingId.parse(id) })}
          />
          <SecondsField
            label={t('duration')}
            value={value.durationMs}
            onChange={(durationMs) => onChange({ ...value, durationMs })}
          />
        </Group>
      );
    case 'timeout':
      return (
        <SecondsField
          label={t('duration')}
          value={value.afterMs}
          minMs={100}
          onChange={(afterMs) => onChange({ ...value, afterMs })}
        />
      );
    case 'spoken':
      return (
        <TextFields label={t('phrase')} value={value.phrases} onChange={(phrases) => onChange({ ...value, phrases })} />
      );
    case 'approved':
      return (
        <Pick
          list="roles"
          label={t('role')}
          value={value.role}
          onChange={(id) => onChange({ ...value, role: RoleId.parse(id) })}
        />
      );
    case 'all':
    case 'any':
      return nested(value.of, (of) => of.length > 0 && onChange({ ...value, of }));
    case 'atLeast':
      return (
        <Stack gap="xs">
          <NumberField
            label={t('atLeastCount')}
            value={value.count}
            min={1}
            onChange={(count) => onChange({ ...value, count: Math.max(1, Math.round(count ?? 1)) })}
          />
          {nested(value.of, (of) => of.length > 0 && onChange({ ...value, of }))}
        </Stack>
      );
    case 'not':
      return nested([value.of], (of) => of.length > 0 && onChange({ ...value, of: of.at(-1)! }), true);
    case 'confirmed':
    case 'opaque':
      return (
        <Text size="sm" c="dimmed">
          {t('nothingToSet')}
        </Text>
      );
  }
}

const AXES = ['x', 'y', 'z'] as const;

function PlacedFields({ value, onChange }: Props<Of<'placed'>>) {
  const t = procedureStrings.useText();
  const { procedure, parts, mayEdit } = useEditor();
  const partOf = (thing: string) => {
    const part = procedure.workplace.things.find(({ id }) => id === thing)?.part;
    return parts.find(({ id }) => id === part);
  };
  const own = partOf(value.thing);
  const seat = value.reference.kind === 'thing' ? partOf(value.reference.thing) : null;
  const canTake = own !== undefined && seat !== undefined;
  const take = () => {
    if (!own) return;
    const target: Pose = seat ? composePose(invertPose(seat.poseInRoom), own.poseInRoom) : own.poseInRoom;
    onChange({ ...value, target });
  };
  return (
    <Stack gap="xs">
      <Pick
        list="things"
        label={t('part')}
        value={value.thing}
        onChange={(id) => onChange({ ...value, thing: ThingId.parse(id) })}
      />
      <Group gap="xs" align="flex-end">
        <SegmentedControl
          aria-label={t('measuredFrom')}
          disabled={!mayEdit}
          value={value.reference.kind}
          onChange={(kind) =>
            onChange({
              ...value,
              // Which part is the author's to say: a guess would soon be taken for said.
              reference:
                kind === 'room' ? { kind: 'room' } : { kind: 'thing', thing: ThingId.parse(UNCHOSEN), frame: null },
            })
          }
          data={[
            { value: 'room', label: t('inTheRoom') },
            { value: 'thing', label: t('onAnotherPart') },
          ]}
        />
        {value.reference.kind === 'thing' && (
          <Pick
            list="things"
            label={t('otherPart')}
            except={value.thing}
            value={value.reference.thing}
            onChange={(id) =>
              onChange({ ...value, reference: { kind: 'thing', thing: ThingId.parse(id), frame: null } })
            }
          />
        )}
      </Group>
      <Group gap="xs" align="flex-end">
        {AXES.map((axis, at) => (
          <NumberField
            key={axis}
            label={t('targetAxis', { axis })}
            value={value.target.position[at]}
            scale={1000}
            suffix="mm"
            onChange={(position) =>
              onChange({
                ...value,
                target: {
                  ...value.target,
                  position: value.target.position.map((old, index) =>
                    index === at ? (position ?? 0) : old,
                  ) as unknown as Vec3,
                },
              })
            }
          />
        ))}
        {mayEdit && (
          <Button variant="default" leftSection={<IconCube size={16} aria-hidden />} disabled={!canTake} onClick={take}>
            {t('takeFromDesign')}
          </Button>
        )}
      </Group>
      <Group gap="xs" align="flex-end">
        <NumberField
          label={t('toleranceLength')}
          value={value.toleranceM}
          scale={1000}
          suffix="mm"
          onChange={(toleranceM) => onChange({ ...value, toleranceM: toleranceM ?? 0 })}
        />
        <NumberField
          label={t('toleranceAngle')}
          value={degrees(value.toleranceRad)}
          digits={2}
          suffix="°"
          onChange={(deg) => onChange({ ...value, toleranceRad: ((deg ?? 0) * Math.PI) / 180 })}
        />
      </Group>
    </Stack>
  );
}

function ControlFields({ value, onChange }: Props<Of<'control'>>) {
  const t = procedureStrings.useText();
  const { procedure, mayEdit } = useEditor();
  const control = procedure.workplace.controls.find(({ id }) => id === value.control);
  const choose = (id: string) => {
    const setting = procedure.workplace.controls.find((one) => one.id === id)?.setting;
    onChange({
      ...value,
      control: ControlId.parse(id),
      setting:
        setting?.kind === 'number'
          ? { kind: 'number', range: { minimum: setting.minimum, maximum: setting.maximum, unit: setting.unit } }
          : { kind: 'positions', positions: setting?.positions.slice(0, 1) ?? ['on'] },
    });
  };
  const { setting } = value;
  return (
    <Stack gap="xs">
      <Pick list="controls" label={t('control')} value={value.control} onChange={choose} />
      {setting.kind === 'positions' ? (
        <Checkbox.Group
          label={t('positions')}
          value={[...setting.positions]}
          onChange={(positions) => onChange({ ...value, setting: { kind: 'positions', positions } })}
        >
          <Group gap="sm" mt={4}>
            {(control?.setting.kind === 'positions' ? control.setting.positions : setting.positions).map((position) => (
              <Checkbox key={position} value={position} label={position} disabled={!mayEdit} />
            ))}
          </Group>
        </Checkbox.Group>
      ) : (
        <RangeFields
          value={setting.range}
          onChange={(range) => onChange({ ...value, setting: { kind: 'number', range } })}
        />
      )}
      <SecondsField
        label={t('heldForLabel')}
        value={value.holdMs}
        onChange={(holdMs) => onChange({ ...value, holdMs })}
      />
    </Stack>
  );
}

function AnsweredFields({ value, onChange }: Props<Of<'answered'>>) {
  const t = procedureStrings.useText();
  const { answer } = value;
  const { say } = useEditor();
  const choices = useId();
  const put = (next: Question) => onChange({ ...value, answer: next });
  // By its words as soon as it has some: a number alone tells nothing to who does not see the field.
  const rightOf = (text: Record<string, string>, n: number) => {
    const words = say.text(text);
    return words ? t('isRightNamed', { n, words }) : t('isRight', { n });
  };
  return (
    <Stack gap="xs">
      <TextFields
        label={t('question')}
        value={value.question}
        onChange={(question) => onChange({ ...value, question })}
      />
      {answer.kind === 'number' ? (
        <RangeFields value={answer.range} onChange={(range) => put({ kind: 'number', range })} />
      ) : (
        <>
          {answer.choices.map((choice, at) => (
            <Group key={choice.id} gap="xs" align="flex-end" wrap="nowrap">
              {answer.kind === 'single' && (
                <Radio
                  mb={8}
                  name={choices}
                  aria-label={rightOf(choice.text, at + 1)}
                  checked={answer.correct === choice.id}
                  onChange={() => put({ ...answer, correct: choice.id })}
                />
              )}
              {answer.kind === 'multiple' && (
                <Checkbox
                  mb={8}
                  aria-label={rightOf(choice.text, at + 1)}
                  checked={answer.correct.includes(choice.id)}
                  onChange={({ currentTarget: { checked } }) =>
                    put({
                      ...answer,
                      correct: checked
                        ? [...answer.correct, choice.id]
                        : answer.correct.filter((id) => id !== choice.id),
                    })
                  }
                />
              )}
              <div style={{ flex: 1 }}>
                <TextFields
                  label={t('choiceNumber', { n: at + 1 })}
                  value={choice.text}
                  onChange={(text) =>
                    put({
                      ...answer,
                      choices: answer.choices.map((one) => (one === choice ? { ...choice, text } : one)),
                    })
                  }
                />
              </div>
              {answer.choices.length > 2 && answer.kind !== 'order' && (
                <RemoveButton
                  onClick={() => put({ ...answer, choices: answer.choices.filter((one) => one !== choice) })}
                />
              )}
            </Group>
          ))}
          {answer.kind !== 'order' && (
            <AddButton
              onClick={() =>
                put({
                  ...answer,
                  choices: [
                    ...answer.choices,
                    {
                      id: freshId(
                        answer.choices.map(({ id }) => id),
                        'choice',
                      ),
                      text: {},
                    },
                  ],
                })
              }
            />
          )}
        </>
      )}
    </Stack>
  );
}

function AddButton({ onClick }: { onClick: () => void }) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  if (!mayEdit) return null;
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={onClick}
      style={{ alignSelf: 'flex-start' }}
    >
      {t('add')}
    </Button>
  );
}

export function RemoveButton({ onClick, label }: { onClick: () => void; label?: string }) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  if (!mayEdit) return null;
  return (
    <ActionIcon aria-label={label ?? t('remove')} onClick={onClick}>
      <IconX size={18} stroke={1.7} />
    </ActionIcon>
  );
}
