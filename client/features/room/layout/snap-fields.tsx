import { NumberInput, SegmentedControl } from '@mantine/core';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { degreesOf, millimetresOf, radOf } from './snap-steps.ts';

const LENGTH_STEPS_MM = ['0.1', '1', '5', '10'];
const ANGLE_STEPS = ['1', '5', '15', '45'];

/** By how much things snap; parts of a stack. */
export function SnapFields() {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const snap = useReadable(view.snap);
  const stepMm = millimetresOf(snap.stepM);
  const stepDegrees = degreesOf(snap.stepRad);
  return (
    <>
      <div>
        <NumberInput
          size="xs"
          label={t('snapLength')}
          suffix=" mm"
          min={0.001}
          max={1000}
          decimalScale={3}
          value={stepMm}
          onChange={(value) => {
            const mm = Number(value);
            if (mm > 0) view.snap.update((known) => ({ ...known, stepM: mm / 1000 }));
          }}
        />
        <SegmentedControl
          fullWidth
          mt={6}
          size="xs"
          aria-label={t('snapLength')}
          value={String(stepMm)}
          data={LENGTH_STEPS_MM}
          onChange={(value) => view.snap.update((known) => ({ ...known, stepM: Number(value) / 1000 }))}
        />
      </div>
      <div>
        <NumberInput
          size="xs"
          label={t('snapAngle')}
          suffix="°"
          min={0.01}
          max={180}
          decimalScale={2}
          value={stepDegrees}
          onChange={(value) => {
            const degrees = Number(value);
            if (degrees > 0) view.snap.update((known) => ({ ...known, stepRad: radOf(degrees) }));
          }}
        />
        <SegmentedControl
          fullWidth
          mt={6}
          size="xs"
          aria-label={t('snapAngle')}
          value={String(stepDegrees)}
          data={ANGLE_STEPS}
          onChange={(value) => view.snap.update((known) => ({ ...known, stepRad: radOf(Number(value)) }))}
        />
      </div>
    </>
  );
}
