import { Avatar, Tooltip } from '@mantine/core';
import { PARTICIPANT_COLORS } from '../../palette.ts';

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

export function PersonDot({ name, color, size = 28 }: { name: string; color?: string; size?: number }) {
  return (
    <Tooltip label={name}>
      <Avatar
        size={size}
        radius="xl"
        role="img"
        aria-label={name}
        styles={{
          placeholder: {
            // Darkened so that white initials reach 4.5:1 on every colour of the palette.
            backgroundColor: `color-mix(in oklab, ${color ?? colorOfName(name)} 72%, #0b0e12)`,
            color: '#fff',
            fontSize: size * 0.38,
            fontWeight: 620,
          },
        }}
      >
        {initialsOf(name)}
      </Avatar>
    </Tooltip>
  );
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
  const rest = names.length - limit;
  return (
    <Avatar.Group spacing={6}>
      {names.slice(0, limit).map((name, index) => (
        <PersonDot key={`${name}${index}`} name={name} size={size} />
      ))}
      {rest > 0 && (
        <Tooltip label={names.slice(limit).join(', ')}>
          <Avatar size={size} radius="xl" aria-label={names.slice(limit).join(', ')} role="img">
            +{rest}
          </Avatar>
        </Tooltip>
      )}
    </Avatar.Group>
  );
}
