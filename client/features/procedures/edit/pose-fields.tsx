import { Group } from '@mantine/core';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { anglesOf, rotationOf } from '../model/turns.ts';
import { procedureStrings } from '../strings.ts';
import { NumberField } from './pickers.tsx';

const AXES = ['x', 'y', 'z'] as const;

/** Where something is: millimetres, and degrees about the three axes one after the other. */
export function PoseFields({ value, onChange }: { value: Pose; onChange: (pose: Pose) => void }) {
  const t = procedureStrings.useText();
  const angles = anglesOf(value.rotation);
  const put = (list: Vec3, axis: number, number: number | undefined): Vec3 =>
    list.map((old, at) => (at === axis ? (number ?? 0) : old)) as Vec3;
  return (
    <Group gap="xs">
      {AXES.map((axis, at) => (
        <NumberField
          key={axis}
          label={t('positionAxis', { axis })}
          suffix="mm"
          scale={1000}
          value={value.position[at]}
          onChange={(metres) => onChange({ ...value, position: put(value.position, at, metres) })}
        />
      ))}
      {AXES.map((axis, at) => (
        <NumberField
          key={axis}
          label={t('turnAxis', { axis })}
          suffix="°"
          value={angles[at]}
          onChange={(degrees) => onChange({ ...value, rotation: rotationOf(put(angles, at, degrees)) })}
        />
      ))}
    </Group>
  );
}
