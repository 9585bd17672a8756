import type { ReactNode } from 'react';
import type { ParametricKind } from '#protocol/design/index';
import css from './inspector.module.css';
import draw from './dimension-picture.module.css';

/** Signs as they stand in the drawing and before the fields. */
export const DIMENSION_SIGNS: Record<ParametricKind, Readonly<Record<string, string>>> = {
  box: { widthM: 'W', heightM: 'H', depthM: 'D' },
  cylinder: { radiusM: 'R', heightM: 'H' },
  plate: {
    widthM: 'W',
    depthM: 'D',
    thicknessM: 'T',
    holeRadiusM: 'R',
    holesAcross: 'n',
    holesAlong: 'm',
    holeMarginM: 'E',
  },
};

interface Props {
  readonly kind: ParametricKind;
  /** The dimension whose field has the focus: drawn in the signal colour. */
  readonly active: string | null;
  readonly title: string;
  /** Without measures, as a picture of the part. */
  readonly isPlain?: boolean;
}

/** A dimensioned sketch that shows what each value means: extension lines thin, the measured one in colour. */
export function DimensionPicture({ kind, active, title, isPlain = false }: Props) {
  const sketch = { box: Box, cylinder: Cylinder, plate: Plate }[kind];
  if (isPlain)
    return (
      <svg className={draw['plain']} viewBox="36 18 176 114" aria-hidden>
        {sketch(() => false)}
      </svg>
    );
  return (
    <svg className={css['drawing']} viewBox="0 0 240 150" role="img" aria-label={title}>
      {sketch((name) => active === name)}
    </svg>
  );
}

type IsActive = (name: string) => boolean;

function Measure({ line, at, sign, on }: { line: string; at: [number, number]; sign: string; on: boolean }) {
  return (
    <g className={on ? draw['active'] : draw['measure']}>
      <path d={line} />
      <text x={at[0]} y={at[1]} textAnchor="middle" dominantBaseline="central">
        {sign}
      </text>
    </g>
  );
}

function Box(on: IsActive): ReactNode {
  return (
    <>
      <path className={draw['face']} d="M66 52 130 34 190 52 126 72Z" />
      <path className={draw['side']} d="M66 52v46l60 22V72Z" />
      <path className={draw['shade']} d="M126 72v48l64-22V52Z" />
      <Measure line="M66 110 126 132M66 104v10M126 126v10" at={[90, 130]} sign="W" on={on('widthM')} />
      <Measure line="M126 132 190 110M190 104v10" at={[164, 130]} sign="D" on={on('depthM')} />
      <Measure line="M52 52v46M48 52h10M48 98h10" at={[40, 75]} sign="H" on={on('heightM')} />
    </>
  );
}

function Cylinder(on: IsActive): ReactNode {
  return (
    <>
      <path className={draw['side']} d="M74 46v58c0 9 21 17 46 17s46-8 46-17V46" />
      <ellipse className={draw['face']} cx="120" cy="46" rx="46" ry="17" />
      <path className={draw['axis']} d="M120 18v114M66 46h108" />
      <Measure line="M120 46 152 34M150 38l2-4-4-1" at={[140, 30]} sign="R" on={on('radiusM')} />
      <Measure line="M186 46v58M180 46h12M180 104h12" at={[200, 75]} sign="H" on={on('heightM')} />
    </>
  );
}

function Plate(on: IsActive): ReactNode {
  const holes: [number, number][] = [
    [92, 62],
    [160, 62],
    [80, 94],
    [172, 94],
  ];
  return (
    <>
      <path className={draw['face']} d="M72 46h108l20 62H52Z" />
      <path className={draw['shade']} d="M52 108v9h148v-9Z" />
      {holes.map(([x, y], index) => (
        <ellipse key={index} className={draw['hole']} cx={x} cy={y} rx={index < 2 ? 9 : 10.5} ry={index < 2 ? 5 : 6} />
      ))}
      <Measure line="M52 128h148M52 123v10M200 123v10" at={[126, 138]} sign="W" on={on('widthM')} />
      <Measure line="M212 108 192 46M207 108h10M186 46h10" at={[214, 74]} sign="D" on={on('depthM')} />
      <Measure line="M40 108v9M35 108h10M35 117h10" at={[28, 112]} sign="T" on={on('thicknessM')} />
      <Measure line="M80 94h10.500" at={[85, 82]} sign="R" on={on('holeRadiusM')} />
      <Measure line="M172 94h24M172 90v8" at={[184, 85]} sign="E" on={on('holeMarginM')} />
      <Measure line="M92 34h68M92 30v8M160 30v8" at={[126, 24]} sign="n" on={on('holesAcross')} />
      <Measure line="M58 62 46 94M53 60l10 3M41 92l10 3" at={[40, 74]} sign="m" on={on('holesAlong')} />
    </>
  );
}
