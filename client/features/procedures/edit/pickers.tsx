import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Popover,
  Select,
  Stack,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState, type FocusEvent, type FormEvent, type MouseEvent } from 'react';
import { PartId } from '#protocol/ids';
import { Procedure, Unit, UNITS, type Range } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { currentLanguage } from '../../../ui/index.ts';
import { byName, numbered, type Choice } from '../model/choices.ts';
import { freshId } from '../model/edits.ts';
import { unitWord } from '../model/words.ts';
import { procedureStrings } from '../strings.ts';

export const LISTS = [
  'things',
  'tools',
  'controls',
  'sensors',
  'places',
  'stations',
  'roles',
  'faults',
  'variables',
] as const;
export type ListName = (typeof LISTS)[number];
const WORDS: Record<ListName, string> = {
  things: 'part',
  places: 'place',
  tools: 'tool',
  sensors: 'sensor',
  controls: 'control',
  stations: 'station',
  roles: 'role',
  faults: 'fault',
  variables: 'variable',
};
/** In front of a design part that is not yet in the workplace. */
const OF_DESIGN = 'design:';

interface Added {
  readonly name: string;
  readonly unit: Unit;
}

/** Puts something new into the workplace, and says by which id it goes. The schema holds it to its rules. */
export function withNew(
  procedure: Procedure,
  list: ListName,
  { name, unit }: Added,
  part: string | null = null,
): { procedure: Procedure; id: string } {
  const owned: readonly { readonly id: string }[] =
    list === 'variables' ? procedure.variables : procedure.workplace[list];
  const id = freshId(
    owned.map((one) => one.id),
    WORDS[list],
  );
  const words = Object.fromEntries(procedure.languages.map((language) => [language, name]));
  const pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
  const made: Record<ListName, object> = {
    things: {
      id,
      name: words,
      kind: 'part',
      part: part === null ? null : PartId.parse(part),
      frames: [],
      symmetry: { kind: 'none' },
      tools: [],
      isFixed: false,
      poseInRoom: null,
    },
    places: { id, name: words, poseInRoom: pose, radiusM: 1 },
    tools: { id, name: words, part: null, unit: unit === '1' ? null : unit },
    sensors: { id, name: words, unit, minimum: 0, maximum: 100 },
    controls: {
      id,
      name: words,
      kind: 'switch',
      thing: null,
      setting: { kind: 'positions', positions: ['off', 'on'] },
    },
    stations: { id, name: words, place: null, roles: [] },
    roles: { id, name: words },
    faults: { id, name: words, kind: 'other' },
    variables: { id, initial: 0, unit: unit === '1' ? null : unit },
  };
  const next =
    list === 'variables'
      ? { ...procedure, variables: [...procedure.variables, made.variables] }
      : { ...procedure, workplace: { ...procedure.workplace, [list]: [...owned, made[list]] } };
  return { procedure: Procedure.parse(next), id };
}

function useChoices(list: ListName, except?: string) {
  const { procedure, say } = useEditor();
  const inDesign = useDesignChoices();
  const t = procedureStrings.useText();
  if (list === 'variables') return procedure.variables.map(({ id }) => ({ value: id as string, label: id as string }));
  const labels = procedure.workplace[list].map(({ id, name }) => [id as string, say.text(name) || id] as const);
  // Two may have come with the same id: the check says so, and a list of choices takes each once.
  const all = [...new Map(labels)].map(([value, label]) => ({ value, label }));
  if (list !== 'things') return all;
  const own = byName(numbered(all), currentLanguage()).filter(({ value }) => value !== except);
  const used = new Set(procedure.workplace.things.flatMap(({ part }) => (part === null ? [] : [OF_DESIGN + part])));
  const fresh = byName(inDesign, currentLanguage()).filter(({ value }) => !used.has(value));
  if (fresh.length === 0) return own;
  return [...(own.length > 0 ? [{ group: t('inProcedure'), items: own }] : []), { group: t('inDesign'), items: fresh }];
}

/** All parts of the design. Of several with one name each has its number, which it keeps when others are taken. */
function useDesignChoices(): Choice[] {
  const { parts } = useEditor();
  return useMemo(() => numbered(parts.map(({ id, name }) => ({ value: OF_DESIGN + id, label: name }))), [parts]);
}

/** A part of the design that is chosen comes into the procedure by that, under the name by which it was chosen. */
function useTake(list: ListName): (value: string) => string {
  const { edit, procedure } = useEditor();
  const inDesign = useDesignChoices();
  return (value) => {
    const part = inDesign.find((one) => one.value === value);
    if (!part) return value;
    const added = withNew(procedure, list, { name: part.label, unit: '1' }, value.slice(OF_DESIGN.length));
    edit((now) => ({ ...now, workplace: added.procedure.workplace }));
    return added.id;
  };
}

/** Who clicks on what is chosen and types wants another: the new words stand in place of the old. */
const SELECTS_ITS_WORDS = {
  onFocus: ({ currentTarget }: FocusEvent<HTMLInputElement>) => currentTarget.select(),
  onClick: ({ currentTarget }: MouseEvent<HTMLInputElement>) => currentTarget.select(),
};

interface PickProps {
  readonly list: ListName;
  readonly label: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** Not offered. */
  readonly except?: string;
}

/** One of the workplace, by its name; a new one is added beside. */
export function Pick({ list, label, value, onChange, except }: PickProps) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  const data = useChoices(list, except);
  const take = useTake(list);
  const isKnown = data.some((one) =>
    'items' in one ? one.items.some((item) => item.value === value) : one.value === value,
  );
  return (
    <Group gap={4} align="flex-end" wrap="nowrap" style={{ flex: 1, minWidth: 180 }}>
      <Select
        label={label}
        data={data}
        value={isKnown ? value : null}
        placeholder={t('choose')}
        error={isKnown ? undefined : t('notChosen')}
        searchable
        {...SELECTS_ITS_WORDS}
        allowDeselect={false}
        disabled={!mayEdit}
        nothingFoundMessage={t('nothingFound')}
        comboboxProps={{ withinPortal: true }}
        style={{ flex: 1 }}
        onChange={(chosen) => chosen && onChange(take(chosen))}
      />
      {mayEdit && <AddNew list={list} onAdded={onChange} />}
    </Group>
  );
}

interface PickManyProps extends Omit<PickProps, 'value' | 'onChange'> {
  readonly value: readonly string[];
  readonly onChange: (ids: string[]) => void;
  readonly mayBeEmpty?: boolean;
}

export function PickMany({ list, label, value, onChange, mayBeEmpty = false }: PickManyProps) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  const data = useChoices(list);
  const take = useTake(list);
  const known = new Set(data.flatMap((one) => ('items' in one ? one.items : [one])).map((one) => one.value));
  return (
    <Group gap={4} align="flex-end" wrap="nowrap" style={{ flex: 1, minWidth: 220 }}>
      <MultiSelect
        label={label}
        data={data}
        value={value.filter((id) => known.has(id))}
        placeholder={t('choose')}
        searchable
        disabled={!mayEdit}
        nothingFoundMessage={t('nothingFound')}
        style={{ flex: 1 }}
        onChange={(chosen) => (mayBeEmpty || chosen.length > 0) && onChange(chosen.map(take))}
      />
      {mayEdit && <AddNew list={list} onAdded={(id) => onChange([...value.filter((one) => known.has(one)), id])} />}
    </Group>
  );
}

export function AddNew({ list, onAdded }: { list: ListName; onAdded: (id: string) => void }) {
  const t = procedureStrings.useText();
  const { procedure, edit } = useEditor();
  const [isOpen, { close, toggle }] = useDisclosure();
  const [name, setName] = useState('');
  const [unit, setUnit] = useState<Unit>('1');
  const hasUnit = list === 'sensors' || list === 'tools' || list === 'variables';
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    const added = withNew(procedure, list, { name: name.trim(), unit });
    edit(() => added.procedure);
    onAdded(added.id);
    setName('');
    close();
  };
  return (
    <Popover opened={isOpen} onChange={toggle} trapFocus withinPortal position="bottom-end">
      <Popover.Target>
        <Tooltip label={t(`new_${list}`)}>
          <ActionIcon variant="default" size={36} aria-label={t(`new_${list}`)} onClick={toggle}>
            <IconPlus size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={add}>
          <Stack gap="xs">
            <TextInput
              label={t('name')}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              data-autofocus
            />
            {hasUnit && <UnitPick value={unit} onChange={setUnit} />}
            <Button type="submit" size="xs">
              {t('add')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

export function UnitPick({ value, onChange }: { value: Unit; onChange: (unit: Unit) => void }) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  return (
    <Select
      label={t('unit')}
      w={110}
      data={(Object.keys(UNITS) as Unit[]).map((unit) => ({ value: unit, label: unitWord(unit) || t('unitNone') }))}
      value={value}
      searchable
      {...SELECTS_ITS_WORDS}
      allowDeselect={false}
      disabled={!mayEdit}
      onChange={(chosen) => chosen && onChange(Unit.parse(chosen))}
    />
  );
}

/** A number with its unit beside it; `scale` turns the document's unit into the one people use (1000: m to mm). */
export function NumberField({
  label,
  value,
  onChange,
  suffix = '',
  scale = 1,
  digits,
  min,
  isLabelHidden = false,
  placeholder,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly suffix?: string;
  readonly scale?: number;
  /** After the point: of what is shown, and of what can be typed; what is stored keeps all of its own. */
  readonly digits?: number;
  readonly min?: number;
  /** Said, not shown: the head of a column says it. */
  readonly isLabelHidden?: boolean;
  readonly placeholder?: string;
}) {
  const { mayEdit } = useEditor();
  return (
    <NumberInput
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      w={120}
      value={value === undefined ? '' : Number((value * scale).toFixed(digits ?? 6))}
      suffix={suffix ? ` ${suffix}` : ''}
      hideControls
      readOnly={!mayEdit}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(min === undefined ? {} : { min })}
      {...(digits === undefined ? {} : { decimalScale: digits })}
      onChange={(given) => {
        const number = typeof given === 'number' ? given : Number.parseFloat(given);
        onChange(Number.isFinite(number) ? number / scale : undefined);
      }}
    />
  );
}

export function RangeFields({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  const t = procedureStrings.useText();
  const put = (minimum: number | undefined, maximum: number | undefined, unit = value.unit) =>
    onChange({ ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }), unit });
  return (
    <Group gap="xs" align="flex-end">
      <NumberField label={t('from')} value={value.minimum} onChange={(minimum) => put(minimum, value.maximum)} />
      <NumberField label={t('to')} value={value.maximum} onChange={(maximum) => put(value.minimum, maximum)} />
      <UnitPick value={value.unit} onChange={(unit) => put(value.minimum, value.maximum, unit)} />
    </Group>
  );
}

/** Seconds to people, whole milliseconds to the document. */
export function SecondsField({
  label,
  value,
  onChange,
  minMs = 0,
}: {
  label: string;
  value: number;
  onChange: (ms: number) => void;
  minMs?: number;
}) {
  return (
    <NumberField
      label={label}
      value={value}
      scale={0.001}
      suffix="s"
      min={0}
      onChange={(ms) => onChange(Math.max(minMs, Math.round(ms ?? minMs)))}
    />
  );
}
