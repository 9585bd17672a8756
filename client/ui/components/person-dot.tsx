import { Tooltip } from '@mantine/core';
import type { CSSProperties } from 'react';
import { PARTICIPANT_COLORS } from '../../palette.ts';
import css from './person-dot.module.css';

/** Up to two initials; for Chinese names the last two characters, as people there shorten a name. */
export function initialsOf(name: string): string {
  const trimmed = name.trim();
  if (/^\p{Script=Han}+$/u.test(trimmed)) return trimmed.slice(-2);
  const words = trimmed.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join('');
}

/** The same name has the same colour on every page. In a room the roster says the colour. */
export function colorOfName(name: string): string {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)!) >>> 0;
  return PARTICIPANT_COLORS[hash % PARTICIPANT_COLORS.length]!;
}

interface PersonDotProps {
  readonly name: string;
  readonly color?: string | undefined;
  readonly size?: number;
  /** Off where the name stands beside it or appears on a click. */
  readonly hasTooltip?: boolean;
}

export function PersonDot({ name, color, size = 28, hasTooltip = true }: PersonDotProps) {
  const dot = { label: name, initials: initialsOf(name), color: color ?? colorOfName(name), size, hasTooltip };
  return <Dot {...dot} />;
}

/** People side by side; past `limit` the rest is counted. */
export function PersonDots({
  names,
  limit = 4,
  size = 26,
}: {
  names: readonly string[];
  limit?: number;
  size?: number;
}) {
  if (names.length === 0) return null;
  const rest = names.slice(limit);
  return (
    <span className={css['dots']}>
      {names.slice(0, limit).map((name, index) => (
        <PersonDot key={`${name}${index}`} name={name} size={size} />
      ))}
      {rest.length > 0 && (
        <Dot label={rest.join(', ')} initials={`+${rest.length}`} color="#5b6b82" size={size} hasTooltip />
      )}
    </span>
  );
}

interface DotProps {
  readonly label: string;
  readonly initials: string;
  readonly color: string;
  readonly size: number;
  readonly hasTooltip: boolean;
}

function Dot({ label, initials, color, size, hasTooltip }: DotProps) {
  return (
    <Tooltip label={label} disabled={!hasTooltip}>
      <span
        className={css['dot']}
        role="img"
        aria-label={label}
        data-initials={initials}
        style={{ '--dot-size': `${size}px`, '--dot-color': color } as CSSProperties}
      />
    </Tooltip>
  );
}
