import type { Document } from '#protocol/document/index';
import { holding, waysOut, type Deviation, type Disposition } from '#protocol/guidance/index';
import type { Role } from '#protocol/permissions/index';

/** What keeps a step until somebody decides, and what this person may decide about it; no ways: others do. */
export interface Held {
  readonly deviation: Deviation;
  readonly ways: readonly Disposition[];
}

/** The first that is mine to decide; else the first there is. */
export function heldFor(document: Document, me: { readonly user: string; readonly role: Role }): Held | null {
  const all = holding(document).map((deviation) => ({ deviation, ways: waysOut(document, deviation, me) }));
  return all.find(({ ways }) => ways.length > 0) ?? all[0] ?? null;
}
