import { problem, type Problem } from '#protocol/errors';

/** Why a connection ended, by its close code, in words. */
export const closedProblem = (code: number): Problem =>
  problem('room', `closed_${code}`, CLOSED_WORDS[code] ?? 'The connection to the room was lost.', { facts: { code } });

const CLOSED_WORDS: Record<number, string> = {
  4401: 'Your sign-in is no longer valid.',
  4403: 'You may not enter this room.',
  4404: 'This room does not exist.',
  4409: 'You entered this room from another window.',
  4429: 'This client sent too much at once.',
  4503: 'The server is restarting.',
};
