import { createHash } from 'node:crypto';
import type { ProjectId } from '#protocol/ids';

/**
 * Where a statement belongs: to a project, whose owners see it, or to the hall, for whoever runs it. A company's people
 * work in projects, and who may read about whom follows from that; the hall's own is for what concerns all of them.
 */
export type Compartment = 'hall' | `project/${string}`;

export const compartmentOf = (project: ProjectId | null): Compartment =>
  project === null ? 'hall' : `project/${project}`;

/** 128 bits of sha-256, as the uuid that indexes are built on: short, and no text of a stranger is too long for it. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  const hex = hash.digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** A version 4 UUID made of an id of the hall, which has 126 random bits. */
export function uuidOf(id: string): string {
  const text = digest('uuid', id);
  return `${text.slice(0, 14)}4${text.slice(15, 19)}${'89ab'[parseInt(text[19]!, 16) & 3]}${text.slice(20)}`;
}
