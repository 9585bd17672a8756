import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { poseInRoom, type Part } from '#protocol/design/index';
import { IDENTITY_POSE, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import { degreesFromQuat, quatFromDegrees, type Degrees3 } from '../model/angles.ts';
import { poseInFrame } from '../model/placing.ts';
import { useDocument, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';
import css from './inspector.module.css';
import { MeasureField } from './measure-field.tsx';

const AXES = ['X', 'Y', 'Z'] as const;
const MM_PER_M = 1000;
const DEGREES_PER_RAD = 180 / Math.PI;

/** Where the chosen parts stand and how they are turned, in their group or in the room. Differing values stay empty. */
export function PoseSection({ parts }: { parts: readonly Part[] }) {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const document = useDocument();
  const actions = usePartActions();
  const snap = useReadable(view.snap);
  const ids = parts.map(({ id }) => id);
  const refused = useRefusal()('part.move', ids)?.message ?? null;
  const isNested = parts.some(({ parent }) => parent !== null);
  const [frame, setFrame] = useState<'group' | 'room'>('group');
  const inRoom = !isNested || frame === 'room';

  const poses = parts.map((part) => (inRoom ? poseInRoom(document, part.id) : part.poseInParent));
  const angles = poses.map(({ rotation }) => degreesFromQuat(rotation));
  const positions = poses.map(({ position }) => position.map((metres) => metres * MM_PER_M) as unknown as Degrees3);

  const commit = (change: (pose: Pose) => Pose, gesture: string) =>
    actions.move(
      parts.map((part, index) => {
        const wanted = change(poses[index]!);
        const groupInRoom = part.parent === null ? IDENTITY_POSE : poseInRoom(document, part.parent);
        return { id: part.id, poseInParent: inRoom ? poseInFrame(groupInRoom, wanted) : wanted };
      }),
      gesture,
    );
  const setPosition = (axis: number, mm: number, gesture: string) =>
    commit(({ position, rotation }) => ({ position: replaced(position, axis, mm / MM_PER_M), rotation }), gesture);
  const setAngle = (axis: number, degrees: number, gesture: string) =>
    commit(({ position, rotation }) => ({ position, rotation: turned(rotation, axis, degrees) }), gesture);

  const fields = (
    kind: 'length' | 'angle',
    values: readonly Degrees3[],
    set: (axis: number, value: number, gesture: string) => void,
    step: number,
  ) =>
    AXES.map((sign, axis) => (
      <MeasureField
        key={`${sign}${ids.join()}`}
        label={t(kind === 'length' ? 'positionAxis' : 'rotationAxis', { axis: sign })}
        sign={sign}
        kind={kind}
        value={common(values.map((value) => value[axis]!))}
        step={step}
        min={kind === 'length' ? -1_000_000 : -3600}
        max={kind === 'length' ? 1_000_000 : 3600}
        refused={refused}
        onCommit={(value, gesture) => set(axis, value, gesture)}
      />
    ));
  const stepMm = snap.isOn ? snap.stepM * MM_PER_M : 1;
  const stepDegrees = snap.isOn ? snap.stepRad * DEGREES_PER_RAD : 1;
  return (
    <section className={css['section']} aria-label={t('placement')}>
      <div className={css['head']}>
        <h2 className={css['title']}>{t('placement')}</h2>
        {isNested && (
          <SegmentedControl
            size="xs"
            aria-label={t('frame')}
            value={frame}
            onChange={(value) => setFrame(value === 'room' ? 'room' : 'group')}
            data={[
              { value: 'group', label: t('frameGroup') },
              { value: 'room', label: t('frameRoom') },
            ]}
          />
        )}
      </div>
      <div className={css['pair']}>
        <div className={css['triple']}>
          <span className={css['title']}>{t('position')}</span>
          {fields('length', positions, setPosition, stepMm)}
        </div>
        <div className={css['triple']}>
          <span className={css['title']}>{t('rotation')}</span>
          {fields('angle', angles, setAngle, stepDegrees)}
        </div>
      </div>
    </section>
  );
}

/** The value all have, within a micrometre or micro-degree; null when they differ. */
function common(values: readonly number[]): number | null {
  const [first] = values;
  return first !== undefined && values.every((value) => Math.abs(value - first) < 1e-3) ? first : null;
}

function replaced([x, y, z]: Vec3, axis: number, value: number): Vec3 {
  return [axis === 0 ? value : x, axis === 1 ? value : y, axis === 2 ? value : z];
}

function turned(rotation: Quat, axis: number, degrees: number): Quat {
  const [x, y, z] = degreesFromQuat(rotation);
  return quatFromDegrees([axis === 0 ? degrees : x, axis === 1 ? degrees : y, axis === 2 ? degrees : z]);
}
