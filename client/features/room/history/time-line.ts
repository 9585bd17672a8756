import type { Panels } from '../layout/use-panels.ts';

/** Unless another one is chosen, steps a second. */
export const PLAY_SPEED = 5;

/**
 * The line stands over the product while somebody reads the history, and as long as they look at the past. On a phone
 * it is in the sheet with the history, and over the product when that is closed.
 */
export const hasTimeStrip = ({ isPhone, sheet, right, isRightOpen }: Panels, isPast: boolean): boolean =>
  isPhone ? isPast && sheet !== 'history' : isPast || (isRightOpen && right === 'history');
