import { Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import type { Symmetry } from '#protocol/procedures/index';
import type { Vec3 } from '#protocol/spatial/index';
import { useEditor } from '../editor-context.tsx';
import { procedureStrings } from '../strings.ts';
import { NumberField } from './pickers.tsx';

const KINDS = ['none', 'revolute', 'rotational', 'turnover', 'box', 'cube', 'any'] as const;
const AXES: Readonly<Record<string, Vec3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };
const OTHER = 'other';

/** How a part may be turned without anybody seeing a difference: a screw at any angle, a square nut at four. */
export function SymmetryFields({ value, onChange }: { value: Symmetry; onChange: (symmetry: Symmetry) => void }) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  const count = (n: number | undefined, least: number, most: number) =>
    Math.min(most, Math.max(least, Math.round(n ?? least)));
  return (
    <Stack gap="xs">
      <Group gap="sm" align="flex-end">
        <Select
          label={t('symmetry')}
          w={260}
          disabled={!mayEdit || value.kind === 'group'}
          allowDeselect={false}
          value={value.kind}
          data={[
            ...KINDS.map((kind) => ({ value: kind as string, label: t(`symmetry_${kind}`) })),
            ...(value.kind === 'group' ? [{ value: 'group', label: t('symmetry_group') }] : []),
          ]}
          onChange={(kind) => kind && onChange(fresh(kind as (typeof KINDS)[number]))}
        />
        {(value.kind === 'revolute' || value.kind === 'rotational' || value.kind === 'turnover') && (
          <AxisPick label={t('axis')} value={value.axis} onChange={(axis) => onChange(kept({ ...value, axis }))} />
        )}
        {value.kind === 'rotational' && (
          <NumberField
            label={t('turnsCount')}
            value={value.count}
            min={2}
            onChange={(n) => onChange({ ...value, count: count(n, 2, 360) })}
          />
        )}
        {value.kind === 'turnover' && (
          <>
            <NumberField
              label={t('turnsCount')}
              value={value.count}
              min={1}
              onChange={(n) => onChange({ ...value, count: count(n, 1, 180) })}
            />
            <AxisPick
              label={t('flipAxis')}
              value={value.flipAxis}
              onChange={(flipAxis) => onChange(kept({ ...value, flipAxis }))}
            />
          </>
        )}
      </Group>
      {value.kind === 'revolute' && (
        <Checkbox
          label={t('flips')}
          disabled={!mayEdit}
          checked={value.flips}
          onChange={({ currentTarget: { checked } }) => onChange({ ...value, flips: checked })}
        />
      )}
      <Text size="xs" c="dimmed">
        {t(value.kind === 'group' ? 'symmetryText_group' : `symmetryText_${value.kind}`)}
      </Text>
    </Stack>
  );
}

const UP: Vec3 = [0, 1, 0];
const ACROSS: Vec3 = [1, 0, 0];

function fresh(kind: (typeof KINDS)[number]): Symmetry {
  switch (kind) {
    case 'revolute':
      return { kind, axis: UP, flips: false };
    case 'rotational':
      return { kind, axis: UP, count: 4 };
    case 'turnover':
      return { kind, axis: UP, count: 4, flipAxis: ACROSS };
    default:
      return { kind };
  }
}

/** The axis to turn over by stands across the other: where they fall together it makes way. */
function kept<S extends Symmetry>(symmetry: S): Symmetry {
  if (symmetry.kind !== 'turnover') return symmetry;
  const { axis, flipAxis } = symmetry;
  const along = Math.abs(axis[0] * flipAxis[0] + axis[1] * flipAxis[1] + axis[2] * flipAxis[2]);
  if (along < 1e-9) return symmetry;
  const across = Object.values(AXES).find((one) => one[0] * axis[0] + one[1] * axis[1] + one[2] * axis[2] === 0);
  return { ...symmetry, flipAxis: across ?? flipAxis };
}

function AxisPick({ label, value, onChange }: { label: string; value: Vec3; onChange: (axis: Vec3) => void }) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  const known = Object.entries(AXES).find(([, axis]) => axis.every((x, at) => Math.abs(x - value[at]!) < 1e-9))?.[0];
  return (
    <Select
      label={label}
      w={96}
      disabled={!mayEdit}
      allowDeselect={false}
      value={known ?? OTHER}
      data={[
        ...Object.keys(AXES).map((name) => ({ value: name, label: name })),
        ...(known ? [] : [{ value: OTHER, label: t('otherAxis') }]),
      ]}
      onChange={(name) => name && AXES[name] && onChange(AXES[name])}
    />
  );
}
