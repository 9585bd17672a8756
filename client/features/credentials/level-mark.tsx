import { Tooltip } from '@mantine/core';
import type { SkillLevel } from '#protocol/credentials/index';
import { credentialStrings } from './strings.ts';

/** Quadrants clockwise from the top: the mark of ILUO matrices on shop-floor walls. */
const QUARTERS = [
  'M12 12V2a10 10 0 0 1 10 10z',
  'M12 12h10a10 10 0 0 1-10 10z',
  'M12 12v10A10 10 0 0 1 2 12z',
  'M12 12H2A10 10 0 0 1 12 2z',
];

interface Props {
  readonly level: SkillLevel;
  readonly size?: number;
  /** A level that does not count any more is drawn as an outline. */
  readonly isOver?: boolean;
  readonly hasTooltip?: boolean;
}

export function LevelMark({ level, size = 24, isOver = false, hasTooltip = true }: Props) {
  const t = credentialStrings.useText();
  const label = t('levelOf', { level, words: t(`level_${level}`) });
  return (
    <Tooltip label={label} disabled={!hasTooltip}>
      <svg width={size} height={size} viewBox="0 0 24 24" role="img" aria-label={label} style={{ flex: 'none' }}>
        <circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" strokeWidth="1.4" opacity={isOver ? 0.6 : 1} />
        <path d="M12 2v20M2 12h20" stroke="currentColor" strokeWidth="0.9" opacity="0.5" />
        {QUARTERS.slice(0, level).map((path) => (
          <path key={path} d={path} fill="currentColor" opacity={isOver ? 0.22 : 1} />
        ))}
      </svg>
    </Tooltip>
  );
}
