import { z } from 'zod';

/** Characters of a reason at least: it is read long after, by people who were not there. */
export const LEAST_REASON = 3;
export const Reason = z.string().trim().min(LEAST_REASON).max(1000);
