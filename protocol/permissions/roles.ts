import { z } from 'zod';

/**
 * Roles per project or brief, each with all rights of those after it, but for the shop floor's own:
 * supervisors answer for jobs and engineers do them, and neither writes procedures or rates designs. What is about people (results, recordings,
 * certificates) is for instructors and owners alone. Everything anybody may do is decided by `decide`; the whole matrix
 * role x action x situation is generated from it and tested against a table that people can read.
 */
export const ROLES = [
  'owner',
  'designer',
  'instructor',
  'supervisor',
  'reviewer',
  'engineer',
  'trainee',
  'observer',
] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** In the demo one tries these on by oneself. What shows results and certificates of others is not among them. */
export const DEMO_ROLES = ['designer', 'supervisor', 'engineer'] as const satisfies readonly Role[];
export const DemoRole = z.enum(DEMO_ROLES);
export type DemoRole = z.infer<typeof DemoRole>;
