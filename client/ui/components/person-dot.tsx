import { Tooltip } from '@mantine/core';
import type { CSSProperties } from 'react';
import { colorOfUser } from '#protocol/room/index';
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

/** A person's colour by their user id, as in every room. Where a page knows a name alone, the name stands for the id. */
export const personColor = (userOrName: string): string => PARTICIPANT_COLORS[colorOfUser(userOrName)]!;

interface PersonDotProps {
  readonly name: string;
  /** User id: gives the colour that the person has in rooms. */
  readonly user?: string | undefined;
  /** Where the roster of a room, or "this is you", says another colour. */
  readonly color?: string | undefined;
  readonly size?: number;
  /** Off where the name stands beside it or appears on a click. */
  readonly hasTooltip?: boolean;
}

export function PersonDot({ name, user, color, size = 28, hasTooltip = true }: PersonDotProps) {
  const dot = { label: name, initials: initialsOf(name), color: color ?? personColor(user ?? name), size, hasTooltip };
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
