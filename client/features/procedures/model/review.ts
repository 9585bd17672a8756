import type { ProcedureSummary, ReviewEntry } from '#protocol/api/index';

/** Where a draft stands between writing and releasing. */
export type Standing =
  { readonly kind: 'draft' | 'released' } | { readonly kind: 'review' | 'returned'; readonly entry: ReviewEntry };

/**
 * Released: the draft is what was released last. In review: somebody asked about this very version; who saves again has
 * taken that back. Returned: the last word about the draft was that it be changed, and nobody has asked since.
 */
export function standingOf(
  { version, isChanged, releases }: Pick<ProcedureSummary, 'version' | 'isChanged' | 'releases'>,
  reviews: readonly ReviewEntry[],
): Standing {
  if (!isChanged && releases.length > 0) return { kind: 'released' };
  const [last] = reviews;
  const isSinceRelease = last !== undefined && last.at > (releases[0]?.releasedAt ?? 0);
  if (!isSinceRelease) return { kind: 'draft' };
  if (last.kind === 'returned') return { kind: 'returned', entry: last };
  return last.version === version ? { kind: 'review', entry: last } : { kind: 'draft' };
}
