/**
 * A planetary gear stage in front view, as an engineering drawing on a sheet: the first thing a newcomer sees. The
 * teeth are computed, so the gears really mesh: ring 60, sun 24, planets 18 teeth (60 = 24 + 2 x 18). All counts are
 * multiples of three, so sun and ring show each planet a tooth, and each planet shows both a gap: half a tooth of phase.
 */
const MODULE = 6;
const SUN = 24;
const PLANET = 18;
const RING = 60;
const PLANETS = 3;

/** A gear's outline with straight flanks; `phase` in teeth turns it. Module m, addendum 1 m, dedendum 1.25 m. */
function gearPath(teeth: number, phase: number, isInner = false): string {
  const pitchRadius = (MODULE * teeth) / 2;
  const [tip, root] = isInner
    ? [pitchRadius - MODULE, pitchRadius + 1.25 * MODULE]
    : [pitchRadius + MODULE, pitchRadius - 1.25 * MODULE];
  const at = (radius: number, toothTurn: number) => {
    const angle = ((toothTurn + phase) / teeth) * 2 * Math.PI - Math.PI / 2;
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  };
  const points = Array.from({ length: teeth }, (_, i) =>
    [at(root, i - 0.36), at(tip, i - 0.14), at(tip, i + 0.14), at(root, i + 0.36)].join(' L'),
  );
  return `M${points.join(' L')} Z`;
}

export function WelcomeDrawing({ className }: { className?: string }) {
  const centre = (MODULE * (SUN + PLANET)) / 2;
  const thin = {
    fill: 'none',
    stroke: 'var(--wh-sheet-ink)',
    strokeWidth: 1.2,
    vectorEffect: 'non-scaling-stroke',
  } as const;
  const solid = { ...thin, stroke: 'var(--wh-text-quiet)', strokeWidth: 1.5, fill: 'var(--wh-sheet)' } as const;
  const axis = { ...thin, strokeDasharray: '14 4 3 4', opacity: 0.75 } as const;
  return (
    <svg className={className} viewBox="-300 -330 600 720" preserveAspectRatio="xMidYMid slice" aria-hidden>
      <defs>
        <pattern id="sheet-grid" width="30" height="30" patternUnits="userSpaceOnUse">
          <path d="M30 0H0V30" fill="none" stroke="var(--wh-sheet-line)" strokeWidth="1" />
        </pattern>
      </defs>
      <rect x="-900" y="-900" width="1800" height="1800" fill="url(#sheet-grid)" />
      <circle r="238" {...solid} />
      <circle r="222" {...thin} />
      {Array.from({ length: 12 }, (_, i) => {
        const angle = (i / 12) * 2 * Math.PI;
        return <circle key={i} cx={230 * Math.cos(angle)} cy={230 * Math.sin(angle)} r="4" {...thin} />;
      })}
      <path d={gearPath(RING, 0, true)} {...solid} />
      <circle r={centre} {...axis} />
      {Array.from({ length: PLANETS }, (_, i) => {
        const turn = i / PLANETS;
        const angle = turn * 2 * Math.PI - Math.PI / 2;
        return (
          <g key={i} transform={`translate(${centre * Math.cos(angle)} ${centre * Math.sin(angle)})`}>
            <path d={gearPath(PLANET, 0.5)} {...solid} />
            <circle r="20" {...thin} />
            <circle r="13" {...thin} />
            <path d="M-70 0H70M0-70V70" {...axis} />
          </g>
        );
      })}
      <path d={gearPath(SUN, 0)} {...solid} stroke="var(--wh-accent)" strokeWidth={2} />
      <circle r="26" {...thin} stroke="var(--wh-accent)" />
      <path d="M-5-26v-8h10v8" {...thin} stroke="var(--wh-accent)" />
      <path d="M-270 0H270M0-270V270" {...axis} />
    </svg>
  );
}
