import { problem, type Problem } from '../errors.ts';
import type { Vec3 } from '../spatial/index.ts';
import { boundAcrossViewM, boundInSpaceM, type Seen, type Uncertain } from './error-bound.ts';

/** Something shown at a place of the product: a hole, a screw, the line of a cut. */
export interface Cue {
  readonly atInProduct: Vec3;
  /** How far off it may appear before it points at the wrong thing, metres: half the way to the next hole, say. */
  readonly toleranceM: number;
}

/**
 * Glasses show the cue in space; a phone or a laptop draws it over its own picture, where only the error across the view counts.
 */
export type Overlay =
  { readonly kind: 'space'; readonly alignment: Uncertain } | { readonly kind: 'picture'; readonly alignment: Seen };

export type CueVerdict =
  | { readonly isShown: true; readonly boundM: number }
  /** `regionM` is what may be shown instead: a ring of this radius holds the place in 95 % of cases. */
  | { readonly isShown: false; readonly boundM: number; readonly regionM: number; readonly refused: Problem };

/** A cue finer than the overlay's expected error is refused: it would point, with confidence, at the wrong place. */
export function judgeCue(overlay: Overlay, cue: Cue): CueVerdict {
  const boundM =
    overlay.kind === 'space'
      ? boundInSpaceM(overlay.alignment, cue.atInProduct)
      : boundAcrossViewM(overlay.alignment, cue.atInProduct);
  if (boundM <= cue.toleranceM) return { isShown: true, boundM };
  const millimetres = (metres: number) => (1000 * metres).toPrecision(2);
  return {
    isShown: false,
    boundM,
    regionM: boundM,
    refused: problem(
      'alignment',
      'cue_too_fine',
      `This cue needs ${millimetres(cue.toleranceM)} mm; here the overlay may be ${millimetres(boundM)} mm off.`,
      {
        facts: { toleranceM: cue.toleranceM, boundM },
        next: 'Come nearer, bring one more marker into view, or align again by touch.',
      },
    ),
  };
}
