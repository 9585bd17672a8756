import { isObject } from '#protocol/xapi/index';
import { parseJson } from './bodies.ts';
import type { Content, Document } from './document.store.ts';
import { problems } from './problems.ts';

/** The rules of documents as such, whatever they hang on: 1.0.3 Communication 2.2 and 3.1. */
export interface Preconditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export function requirePreconditions(before: Document | null, { ifMatch, ifNoneMatch }: Preconditions): void {
  const fits = (header: string) => header.trim() === '*' || etagsIn(header).includes(bare(before!.etag));
  if (ifMatch !== undefined && (!before || !fits(ifMatch))) throw problems.preconditionFailed(before?.etag ?? null);
  if (ifNoneMatch !== undefined && before && fits(ifNoneMatch)) throw problems.preconditionFailed(before.etag);
}

/**
 * How much a PUT must know of what it replaces: nothing; that something is there (409 without saying so); or, as 1.0.3
 * has it for profiles, always (a new one says `If-None-Match: *`, else 400).
 */
export type Guard = 'open' | 'existing' | 'always';

/** PUT: replaces. */
export function replaced(before: Document | null, said: Content, conditions: Preconditions, guard: Guard): Content {
  requirePreconditions(before, conditions);
  const isBlind = conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined;
  if (isBlind && before && guard !== 'open') throw problems.preconditionNeeded(409);
  if (isBlind && guard === 'always') throw problems.preconditionNeeded(400);
  if (isJson(said)) parseJson(said.bytes);
  return said;
}

/** POST: the members of one JSON object go over those of the other, one level deep; what is not there is made. */
export function merged(before: Document | null, said: Content, conditions: Preconditions): Content {
  requirePreconditions(before, conditions);
  if (!before) {
    if (isJson(said) && !isObject(parseJson(said.bytes)))
      throw problems.cannotMerge('the new one is not a JSON object');
    return said;
  }
  const [old, fresh] = [before, said].map((one) => (isJson(one) ? parseJson(one.bytes) : undefined));
  if (!isObject(old)) throw problems.cannotMerge('the one stored is not a JSON object');
  if (!isObject(fresh)) throw problems.cannotMerge('the new one is not a JSON object');
  return { contentType: before.contentType, bytes: Buffer.from(JSON.stringify({ ...old, ...fresh })) };
}

const isJson = ({ contentType }: Content): boolean => /^application\/json\b/i.test(contentType);

/** Weak or strong, with quotes or without: some clients leave them out. */
function etagsIn(header: string): string[] {
  return header.split(',').map(bare);
}
const bare = (etag: string): string => etag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
