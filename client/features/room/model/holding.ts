import type { Document } from '#protocol/document/index';
import { partsOf } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Held, Participant } from '#protocol/room/index';
import { PARTICIPANT_COLORS } from '../../../palette.ts';

export interface Holder {
  readonly name: string;
  readonly color: string;
}

interface HeldThings {
  readonly document: Document;
  readonly held: ReadonlyMap<string, Held>;
  readonly roster: readonly Participant[];
  /** My own session: what I hold is not in my way. */
  readonly me: string;
}

/** The other person who holds this part, directly or through a group above it. */
export function holderOf({ document, held, roster, me }: HeldThings, id: PartId): Holder | null {
  if (held.size === 0) return null;
  const parts = partsOf(document);
  for (let part = parts.get(id); part; part = part.parent === null ? undefined : parts.get(part.parent)) {
    const hold = held.get(part.id);
    if (!hold || hold.session === me) continue;
    const person = roster.find(({ session }) => session === hold.session);
    return { name: person?.name ?? '…', color: colorOf(person?.color ?? 0) };
  }
  return null;
}

export const colorOf = (index: number): string => PARTICIPANT_COLORS[index % PARTICIPANT_COLORS.length]!;
