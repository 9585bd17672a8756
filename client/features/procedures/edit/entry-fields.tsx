import { Group, NumberInput, SegmentedControl, Select, Stack, TagsInput, Text } from '@mantine/core';
import { LocalId, PlaceId, RoleId, ThingId, type Control, type Place } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { entriesOf, withEntry, type EntryOf, type WorkplaceList } from '../model/workplace.ts';
import { procedureStrings } from '../strings.ts';
import { NumberField, PickMany, UnitPick, type ListName } from './pickers.tsx';
import { PoseFields } from './pose-fields.tsx';
import { TextFields } from './text-fields.tsx';
import { ThingFields } from './thing-fields.tsx';

/** The fields of one entry of the workplace. */
export function EntryFields({ list, id }: { list: ListName; id: string }) {
  const { procedure } = useEditor();
  const put = usePut();
  switch (list) {
    case 'things': {
      const thing = entriesOf(procedure, list).find((one) => one.id === id);
      return thing ? <ThingFields value={thing} onChange={(next, key) => put(list, next, key)} /> : null;
    }
    case 'places': {
      const place = entriesOf(procedure, list).find((one) => one.id === id);
      return place ? <PlaceFields value={place} /> : null;
    }
    case 'controls': {
      const control = entriesOf(procedure, list).find((one) => one.id === id);
      return control ? <ControlEntry value={control} /> : null;
    }
    default:
      return <ShortFields list={list} id={id} />;
  }
}

function usePut() {
  const { edit } = useEditor();
  return <L extends WorkplaceList>(list: L, entry: EntryOf<L>, key?: string) =>
    edit((now) => withEntry(now, list, entry), key && `${list}.${entry.id}.${key}`);
}

function Name<L extends Exclude<ListName, 'variables'>>({ list, entry }: { list: L; entry: EntryOf<L> }) {
  const t = procedureStrings.useText();
  const put = usePut();
  return <TextFields label={t('name')} value={entry.name} onChange={(name) => put(list, { ...entry, name }, 'name')} />;
}

function PlaceFields({ value }: { value: Place }) {
  const t = procedureStrings.useText();
  const put = usePut();
  return (
    <Stack gap="sm">
      <Name list="places" entry={value} />
      <PoseFields value={value.poseInRoom} onChange={(poseInRoom) => put('places', { ...value, poseInRoom }, 'pose')} />
      <NumberField
        label={t('radius')}
        suffix="m"
        value={value.radiusM}
        onChange={(radiusM) => put('places', { ...value, radiusM: Math.min(100, Math.max(0.01, radiusM ?? 1)) })}
      />
    </Stack>
  );
}

const CONTROL_KINDS = ['button', 'switch', 'lever', 'valve', 'joint'] as const;

function ControlEntry({ value }: { value: Control }) {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit } = useEditor();
  const put = usePut();
  const { setting } = value;
  return (
    <Stack gap="sm">
      <Name list="controls" entry={value} />
      <Group gap="sm" align="flex-end">
        <Select
          label={t('kindOfThing')}
          w={160}
          disabled={!mayEdit}
          allowDeselect={false}
          value={value.kind}
          data={CONTROL_KINDS.map((kind) => ({ value: kind, label: t(`control_${kind}`) }))}
          onChange={(kind) => kind && put('controls', { ...value, kind: kind as Control['kind'] })}
        />
        <Select
          label={t('belongsTo')}
          clearable
          searchable
          disabled={!mayEdit}
          placeholder={t('nothingChosen')}
          value={value.thing}
          data={procedure.workplace.things.map(({ id, name }) => ({
            value: id as string,
            label: say.text(name) || id,
          }))}
          onChange={(thing) => put('controls', { ...value, thing: thing === null ? null : ThingId.parse(thing) })}
        />
      </Group>
      <SegmentedControl
        style={{ alignSelf: 'flex-start' }}
        disabled={!mayEdit}
        value={setting.kind}
        data={[
          { value: 'positions', label: t('setByPosition') },
          { value: 'number', label: t('setByNumber') },
        ]}
        onChange={(kind) =>
          put('controls', {
            ...value,
            setting:
              kind === 'number'
                ? { kind: 'number', unit: '%', minimum: 0, maximum: 100 }
                : { kind: 'positions', positions: ['off', 'on'] },
          })
        }
      />
      {setting.kind === 'positions' ? (
        <TagsInput
          label={t('positions')}
          readOnly={!mayEdit}
          value={[...setting.positions]}
          description={t('positionsText')}
          onChange={(given) => {
            const positions = given.map((one) => one.trim().replaceAll(/\s+/g, '-')).filter((one) => isId(one));
            if (positions.length > 0) put('controls', { ...value, setting: { kind: 'positions', positions } });
          }}
        />
      ) : (
        <Group gap="xs" align="flex-end">
          <NumberField
            label={t('from')}
            value={setting.minimum}
            onChange={(minimum) => put('controls', { ...value, setting: { ...setting, minimum: minimum ?? 0 } })}
          />
          <NumberField
            label={t('to')}
            value={setting.maximum}
            onChange={(maximum) => put('controls', { ...value, setting: { ...setting, maximum: maximum ?? 0 } })}
          />
          <UnitPick
            value={setting.unit}
            onChange={(unit) => put('controls', { ...value, setting: { ...setting, unit } })}
          />
        </Group>
      )}
    </Stack>
  );
}

const isId = (text: string): boolean => LocalId.safeParse(text).success;
const FAULT_KINDS = ['sensor_stuck', 'leak', 'wrong_part', 'power_loss', 'alarm', 'other'] as const;

function ShortFields({
  list,
  id,
}: {
  list: 'tools' | 'sensors' | 'stations' | 'roles' | 'faults' | 'variables';
  id: string;
}) {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit } = useEditor();
  const put = usePut();
  if (list === 'tools') {
    const tool = entriesOf(procedure, list).find((one) => one.id === id);
    if (!tool) return null;
    return (
      <Stack gap="sm">
        <Name list={list} entry={tool} />
        <UnitPick
          value={tool.unit ?? '1'}
          onChange={(unit) => put(list, { ...tool, unit: unit === '1' ? null : unit })}
        />
        <Text size="xs" c="dimmed">
          {t('toolUnitText')}
        </Text>
      </Stack>
    );
  }
  if (list === 'sensors') {
    const sensor = entriesOf(procedure, list).find((one) => one.id === id);
    if (!sensor) return null;
    return (
      <Stack gap="sm">
        <Name list={list} entry={sensor} />
        <Group gap="xs" align="flex-end">
          <NumberField
            label={t('from')}
            value={sensor.minimum}
            onChange={(minimum) => put(list, { ...sensor, minimum: minimum ?? 0 })}
          />
          <NumberField
            label={t('to')}
            value={sensor.maximum}
            onChange={(maximum) => put(list, { ...sensor, maximum: maximum ?? 0 })}
          />
          <UnitPick value={sensor.unit} onChange={(unit) => put(list, { ...sensor, unit })} />
        </Group>
      </Stack>
    );
  }
  if (list === 'stations') {
    const station = entriesOf(procedure, list).find((one) => one.id === id);
    if (!station) return null;
    return (
      <Stack gap="sm">
        <Name list={list} entry={station} />
        <Select
          label={t('place')}
          clearable
          disabled={!mayEdit}
          placeholder={t('nothingChosen')}
          value={station.place}
          data={procedure.workplace.places.map((one) => ({
            value: one.id as string,
            label: say.text(one.name) || one.id,
          }))}
          onChange={(place) => put(list, { ...station, place: place === null ? null : PlaceId.parse(place) })}
        />
        <PickMany
          list="roles"
          label={t('rolesAllowed')}
          value={station.roles}
          mayBeEmpty
          onChange={(ids) => put(list, { ...station, roles: ids.map((one) => RoleId.parse(one)) })}
        />
      </Stack>
    );
  }
  if (list === 'roles') {
    const role = entriesOf(procedure, list).find((one) => one.id === id);
    return role ? <Name list={list} entry={role} /> : null;
  }
  if (list === 'faults') {
    const fault = entriesOf(procedure, list).find((one) => one.id === id);
    if (!fault) return null;
    return (
      <Stack gap="sm">
        <Name list={list} entry={fault} />
        <Select
          label={t('kindOfThing')}
          w={220}
          disabled={!mayEdit}
          allowDeselect={false}
          value={fault.kind}
          data={FAULT_KINDS.map((kind) => ({
            value: kind,
            label: t(kind === 'other' ? 'faultKind_else' : `faultKind_${kind}`),
          }))}
          onChange={(kind) => kind && put(list, { ...fault, kind: kind as typeof fault.kind })}
        />
      </Stack>
    );
  }
  const variable = entriesOf(procedure, list).find((one) => one.id === id);
  if (!variable) return null;
  return (
    <Group gap="xs" align="flex-end">
      <NumberInput
        label={t('startsAt')}
        w={140}
        readOnly={!mayEdit || typeof variable.initial !== 'number'}
        value={typeof variable.initial === 'number' ? variable.initial : String(variable.initial)}
        onChange={(initial) => typeof initial === 'number' && put(list, { ...variable, initial }, 'initial')}
      />
      <UnitPick
        value={variable.unit ?? '1'}
        onChange={(unit) => put(list, { ...variable, unit: unit === '1' ? null : unit })}
      />
    </Group>
  );
}
