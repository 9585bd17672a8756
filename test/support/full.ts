import { it } from 'vitest';

/** WORKHALL_FULL_TESTS=1 tells every story, in every look: for a release, not for a commit. */
export const IS_FULL = Boolean(process.env['WORKHALL_FULL_TESTS']);

/**
 * A test whose main points another one makes at every commit: the same story by a second device, a look, a long way. It
 * is skipped, and counted as such, unless everything is asked for.
 */
export const beforeRelease = it.runIf(IS_FULL);
