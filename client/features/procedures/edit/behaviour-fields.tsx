import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { ControlId, ThingId, VariableId, type Behaviour, type Target } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { procedureStrings } from '../strings.ts';
import { MediaFields } from './media-fields.tsx';
import { NumberField, Pick, PickMany, SecondsField } from './pickers.tsx';
import { TextFields } from './text-fields.tsx';

interface Props {
  readonly value: Behaviour;
  readonly onChange: (behaviour: Behaviour) => void;
}

/** The fields of one behaviour, and below what all have: when, how long, whether the step waits. */
export function BehaviourFields({ value, onChange }: Props) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  if (value.kind === 'opaque')
    return (
      <Text size="sm" c="dimmed">
        {t('nothingToSet')}
      </Text>
    );
  return (
    <Stack gap="xs">
      <OwnFields value={value} onChange={onChange} />
      <Group gap="sm" align="flex-end">
        <Select
          label={t('when')}
          w={180}
          allowDeselect={false}
          disabled={!mayEdit}
          value={value.stage}
          data={[
            { value: 'enter', label: t('whenEnter') },
            { value: 'leave', label: t('whenLeave') },
          ]}
          onChange={(stage) => onChange({ ...value, stage: stage === 'leave' ? 'leave' : 'enter' })}
        />
        <SecondsField
          label={t('duration')}
          value={value.durationMs}
          onChange={(durationMs) => onChange({ ...value, durationMs })}
        />
        <Checkbox
          mb={8}
          label={t('stepWaits')}
          disabled={!mayEdit}
          checked={value.isBlocking}
          onChange={({ currentTarget: { checked } }) => onChange({ ...value, isBlocking: checked })}
        />
      </Group>
    </Stack>
  );
}

const thingOf = (target: Target): string => (target.kind === 'thing' ? target.thing : '');
const toThing = (id: string): Target => ({ kind: 'thing', thing: ThingId.parse(id), frame: null });

function OwnFields({ value, onChange }: Props) {
  const t = procedureStrings.useText();
  switch (value.kind) {
    case 'highlight':
    case 'setEnabled':
      return (
        <PickMany
          list="things"
          label={t('parts')}
          value={value.targets.map(thingOf)}
          onChange={(ids) => onChange({ ...value, targets: ids.map(toThing) })}
        />
      );
    case 'arrow':
      return (
        <Pick
          list="things"
          label={t('part')}
          value={thingOf(value.target)}
          onChange={(id) => onChange({ ...value, target: toThing(id) })}
        />
      );
    case 'ghostMotion':
      return <GhostFields value={value} onChange={onChange} />;
    case 'text':
    case 'speech':
      return (
        <TextFields isLong label={t('words')} value={value.text} onChange={(text) => onChange({ ...value, text })} />
      );
    case 'hazard':
      return <TextFields label={t('words')} value={value.text} onChange={(text) => onChange({ ...value, text })} />;
    case 'picture':
    case 'video':
    case 'audio':
      return <MediaFields kind={value.kind} media={value.media} onChange={(media) => onChange({ ...value, media })} />;
    case 'animateJoint':
      return (
        <Group gap="xs" align="flex-end">
          <Pick
            list="controls"
            label={t('control')}
            value={value.control}
            onChange={(id) => onChange({ ...value, control: ControlId.parse(id) })}
          />
          <NumberField label={t('to')} value={value.to} onChange={(to) => onChange({ ...value, to: to ?? 0 })} />
        </Group>
      );
    case 'setVariable':
      return (
        <Group gap="xs" align="flex-end">
          <Pick
            list="variables"
            label={t('variable')}
            value={value.variable}
            onChange={(id) => onChange({ ...value, variable: VariableId.parse(id) })}
          />
          <NumberField
            label={t('valueOf')}
            value={typeof value.value === 'number' ? value.value : undefined}
            onChange={(number) => onChange({ ...value, value: number ?? 0 })}
          />
        </Group>
      );
    case 'score':
      return (
        <Stack gap="xs">
          <NumberField
            label={t('points')}
            value={value.points}
            onChange={(points) => onChange({ ...value, points: Math.round(points ?? 0) })}
          />
          <TextFields label={t('reason')} value={value.reason} onChange={(reason) => onChange({ ...value, reason })} />
        </Stack>
      );
    case 'opaque':
      return null;
  }
}

/** The ghost ends where the part is in the design, and comes from above. */
function GhostFields({
  value,
  onChange,
}: {
  value: Extract<Behaviour, { kind: 'ghostMotion' }>;
  onChange: Props['onChange'];
}) {
  const t = procedureStrings.useText();
  const { procedure, parts, mayEdit } = useEditor();
  const part = procedure.workplace.things.find(({ id }) => id === value.thing)?.part;
  const end = parts.find(({ id }) => id === part)?.poseInRoom;
  const take = () => {
    if (!end) return;
    const [x, y, z] = end.position;
    const start = { ...end, position: [x, y + 0.15, z] as [number, number, number] };
    const frames = [
      { atMs: 0, poseInRoom: start },
      { atMs: value.durationMs || 2000, poseInRoom: end },
    ];
    onChange({ ...value, motion: { kind: 'computed', frames } });
  };
  return (
    <Group gap="xs" align="flex-end">
      <Pick
        list="things"
        label={t('part')}
        value={value.thing}
        onChange={(id) => onChange({ ...value, thing: ThingId.parse(id) })}
      />
      {mayEdit && (
        <Button variant="default" disabled={!end} onClick={take}>
          {t('ghostFromDesign')}
        </Button>
      )}
    </Group>
  );
}
