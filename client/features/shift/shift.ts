import { Shift } from '../../offline/shift.ts';
import { api } from '../session/index.ts';

/** What this device has and does for a shift without a network. */
export const shift = new Shift(api);
