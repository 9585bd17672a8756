/**
 * What work is worth, version 1. Points are given for what *survives* in the published document, to whoever wrote it
 * last; work that was deleted or overwritten gives none.
 *
 * Work of one kind that one gesture makes n-fold (a paste of 50 boxes, a drag of 200 parts) counts weight x sqrt(n):
 * fifty copies are more than one, and not fifty times as much. Imported parts are counted per person and *file*, so an
 * import of 2 000 parts gives 89 points whether it came in one gesture or in a thousand.
 */
export interface Rubric {
  readonly version: number;
  /** A parametric part somebody built. */
  readonly parametricPart: number;
  /** A part that came from a file. */
  readonly importedPart: number;
  /** A group that gives the product its structure. */
  readonly group: number;
  /** A named dimension, to who set it last after the part was made. */
  readonly dimension: number;
  /** Where a part stands, to who placed it last after it came in. */
  readonly pose: number;
  /** What a part is made of, to who chose last. */
  readonly material: number;
  /** A part's name, to who renamed it last. */
  readonly name: number;
  /** A comment that was resolved: it led to something. */
  readonly resolvedComment: number;
  readonly comment: number;
  readonly reply: number;
}

export type WorkKind = Exclude<keyof Rubric, 'version'>;

export const RUBRICS: Readonly<Record<number, Rubric>> = {
  1: {
    version: 1,
    parametricPart: 8,
    importedPart: 2,
    group: 1,
    dimension: 3,
    pose: 2,
    material: 1,
    name: 0.5,
    resolvedComment: 1,
    comment: 0.5,
    reply: 0.25,
  },
};

export const CURRENT_RUBRIC = 1;
