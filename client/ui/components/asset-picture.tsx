import { useState, type CSSProperties } from 'react';
import { shared } from '../strings/strings.ts';
import css from './asset-picture.module.css';

interface Props {
  /** Address of the picture, or null while there is none. */
  readonly src: string | null;
  readonly title: string;
  /** Width / height. Default 16:10. */
  readonly ratio?: number;
  readonly fit?: 'cover' | 'contain';
  readonly className?: string;
  /** Above the fold: loaded at once. */
  readonly isFirst?: boolean;
}

/** The product's picture, or an empty drawing sheet in its place: never a broken image, never a jump in layout. */
export function AssetPicture({ src, title, ratio, fit = 'cover', className, isFirst }: Props) {
  const t = shared.useText();
  const [failedSrc, setFailedSrc] = useState<string | null>(null);
  const style = ratio ? ({ '--picture-ratio': String(ratio) } as CSSProperties) : undefined;
  const classes = [css['frame'], fit === 'contain' ? css['contain'] : '', className ?? ''].join(' ');
  if (!src || failedSrc === src)
    return (
      <div className={classes} style={style} role="img" aria-label={`${title}: ${t('noPicture')}`}>
        <EmptySheet />
      </div>
    );
  return (
    <div className={classes} style={style}>
      <img
        className={css['picture']}
        src={src}
        alt={t('pictureOf', { title })}
        loading={isFirst ? 'eager' : 'lazy'}
        decoding="async"
        onError={() => setFailedSrc(src)}
      />
    </div>
  );
}

/** Bolt holes on a pitch circle of 42, seen at 30 degrees. */
const HOLES = [45, 135, 225, 315].map((degrees) => {
  const angle = (degrees * Math.PI) / 180;
  return [160 + 42 * Math.cos(angle), 108 + 21 * Math.sin(angle)] as const;
});

/** A flange in isometric view, drawn as a construction: axes dashed, outline thin. */
function EmptySheet() {
  return (
    <svg className={css['sheet']} viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" aria-hidden>
      {Array.from({ length: 17 }, (_, i) => (
        <line key={`v${i}`} className={css['sheetLine']} x1={i * 20} x2={i * 20} y1="0" y2="200" />
      ))}
      {Array.from({ length: 11 }, (_, i) => (
        <line key={`h${i}`} className={css['sheetLine']} x1="0" x2="320" y1={i * 20} y2={i * 20} />
      ))}
      <g>
        <path className={css['sheetDash']} d="M88 144l144-72M88 72l144 72M160 40v20" />
        <path className={css['sheetInk']} d="M104 108v12c0 15.500 25 28 56 28s56-12.500 56-28v-12" />
        <ellipse className={css['sheetInk']} cx="160" cy="108" rx="56" ry="28" />
        {HOLES.map(([x, y]) => (
          <ellipse key={`${x}`} className={css['sheetInk']} cx={x} cy={y} rx="6" ry="3" />
        ))}
        <path className={css['sheetInk']} d="M134 80v26c0 7.200 11.600 13 26 13s26-5.800 26-13V80" />
        <ellipse className={css['sheetInk']} cx="160" cy="80" rx="26" ry="13" />
        <ellipse className={css['sheetInk']} cx="160" cy="80" rx="15" ry="7.500" />
        <path className={css['sheetDash']} d="M160 60v28" />
      </g>
    </svg>
  );
}
