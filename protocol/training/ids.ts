import { z } from 'zod';

/** A registration: one run of a released procedure by one person or a team. Made by who starts it. */
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'a run id has 1-64 letters, digits, _ or -')
  .brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** Author of what the hall itself puts into a journal: time, values of machines, seals. Nobody signs in as it. */
export const HALL_AUTHOR = 'workhall';
