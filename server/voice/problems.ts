import { problem, WorkhallError } from '#protocol/errors';
import type { Role } from '#protocol/permissions/index';

export const problems = {
  off: () =>
    problem('voice', 'off', 'Voice is switched off in this hall.', {
      next: 'The person who runs the hall can switch it on (VOICE=1).',
    }),
  full: (most: number) =>
    problem('voice', 'full', `The voice of this room is full: ${most} people are in it.`, {
      facts: { most },
      next: 'Turn it on again when somebody has left, or ask the person who runs this hall for a larger limit.',
    }),
  notAllowed: (role: Role) =>
    problem('voice', 'not_allowed', `As ${role} you cannot listen here.`, {
      facts: { role },
      next: 'Ask an owner of the project for another role.',
    }),
  tooMany: () =>
    problem('voice', 'too_many', 'This device sends too many voice messages; some were left out.', {
      next: 'Turn your voice off and on again; if it stays, reload the page.',
    }),
  forwarderLost: () =>
    problem('voice', 'forwarder_lost', 'The voice connection to the hall was interrupted.', {
      next: 'It comes back by itself.',
    }),
  notForwarded: () =>
    problem('voice', 'not_forwarded', 'People in this room hear each other directly.', {
      next: 'Open connections to them.',
    }),
  offerUnusable: (cause: unknown) =>
    new WorkhallError('voice', 'offer_unusable', 'The voice connection that this device offers cannot be used.', {
      next: 'Reload the page; if it stays, try another browser.',
      cause,
    }),
  noPort: () =>
    new WorkhallError('voice', 'no_port', 'The hall has no UDP port left for another voice connection.', {
      next: 'The person who runs this hall can widen VOICE_UDP_PORTS.',
      status: 503,
    }),
  forwarderAway: (cause?: unknown) =>
    new WorkhallError('voice', 'forwarder_away', 'The program that forwards voices does not answer.', {
      next: 'It is tried again; the person who runs this hall sees the reason in its log.',
      status: 503,
      cause,
    }),
};
