import { useState } from 'react';
import { impossibleDimension, PARAMETRIC, ParametricShape, type Dimension, type Part } from '#protocol/design/index';
import { useRefusal } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';
import { DIMENSION_SIGNS, DimensionPicture } from './dimension-picture.tsx';
import css from './inspector.module.css';
import { MeasureField } from './measure-field.tsx';

const MM_PER_M = 1000;

/** The named dimensions of a parametric part, with a sketch of what each means. */
export function DimensionSection({ part, shape }: { part: Part; shape: ParametricShape }) {
  const t = roomStrings.useText();
  const actions = usePartActions();
  const refused = useRefusal()('part.setDimensions', [part.id])?.message ?? null;
  const [active, setActive] = useState<string | null>(null);
  const dimensions = shape.dimensions as Readonly<Record<string, number>>;

  const judge = (name: string, value: number): string | null => {
    const wanted = ParametricShape.safeParse({ kind: shape.kind, dimensions: { ...dimensions, [name]: value } });
    if (!wanted.success) return t('dimensionImpossible');
    const clash = impossibleDimension(wanted.data);
    return clash ? t('dimensionClash', { other: t(dimensionKey(clash)) }) : null;
  };
  return (
    <section className={css['section']} aria-label={t('dimensions')}>
      <div className={css['head']}>
        <h2 className={css['title']}>{t('dimensions')}</h2>
      </div>
      <DimensionPicture
        kind={shape.kind}
        active={active}
        title={t('dimensionPicture', { kind: t(`kind_${shape.kind}`) })}
      />
      <div className={css['triple']}>
        {Object.entries<Dimension>(PARAMETRIC[shape.kind]).map(([name, { unit, min, max }]) => {
          const scale = unit === 'm' ? MM_PER_M : 1;
          const sign = DIMENSION_SIGNS[shape.kind][name] ?? '';
          return (
            <div key={name} className={css['labelled']}>
              <span>{t(dimensionKey(name))}</span>
              <MeasureField
                key={part.id}
                label={t(dimensionKey(name))}
                sign={sign}
                kind={unit === 'm' ? 'length' : 'count'}
                value={dimensions[name]! * scale}
                step={unit === 'm' ? 1 : 1}
                min={min * scale}
                max={max * scale}
                refused={refused}
                judge={(value) => judge(name, value / scale)}
                onCommit={(value, gesture) => actions.setDimension(part.id, name, value / scale, gesture)}
                onFocus={() => setActive(name)}
                onBlur={() => setActive(null)}
              />
            </div>
          );
        })}
      </div>
    </section>
  );
}

type DimensionName = {
  [K in keyof typeof PARAMETRIC]: keyof (typeof PARAMETRIC)[K];
}[keyof typeof PARAMETRIC];
export const dimensionKey = (name: string) => `dimension_${name as DimensionName}` as const;
