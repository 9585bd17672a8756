import type { StructureFault } from '#protocol/cmi5/index';
import { WorkhallError } from '#protocol/errors';

const scope = 'cmi5';

/** Everything that can go wrong with courses of others, in one place. */
export const problems = {
  badPackage: (faults: readonly StructureFault[]) =>
    new WorkhallError(scope, 'bad_package', `This is no cmi5 course: ${faults[0]!.message} Nothing was stored.`, {
      facts: {
        clause: faults[0]!.clause,
        faults: faults.map(({ clause, line, message }) => `${clause}, line ${line}: ${message}`),
      },
      next: 'Mend what is named, or ask whoever made the course.',
      status: 422,
    }),
  notAPackage: (found: string) =>
    new WorkhallError(scope, 'bad_package', 'A course comes as a zip or as an XML file. Nothing was stored.', {
      facts: { clause: '14.0', found },
      next: 'Choose the .zip, or the cmi5.xml.',
      status: 422,
    }),
  badZip: (why: string) =>
    new WorkhallError(scope, 'bad_package', `The zip cannot be read: ${why}. Nothing was stored.`, {
      facts: { clause: '14.1' },
      next: 'Pack the course again.',
      status: 422,
    }),
  tooLarge: (what: string, limit: number) =>
    new WorkhallError(scope, 'too_large', `The course is too large: ${what}. Nothing was stored.`, {
      facts: { limit },
      next: 'Leave out what nobody needs, or put large files elsewhere and name their address.',
      status: 413,
    }),
  noSuchCourse: (course: string) =>
    new WorkhallError(scope, 'no_such_course', 'There is no such course.', { facts: { course }, status: 404 }),
  noSuchFile: (path: string) =>
    new WorkhallError(scope, 'no_such_file', 'The course has no such file.', { facts: { path }, status: 404 }),
  noSuchRegistration: (registration: string) =>
    new WorkhallError(scope, 'no_such_registration', 'Nobody is registered like that.', {
      facts: { registration },
      status: 404,
    }),
  noSuchUnit: (unit: number) =>
    new WorkhallError(scope, 'no_such_unit', 'The course has no such unit.', { facts: { unit }, status: 404 }),
  noSuchSession: (session: string) =>
    new WorkhallError(scope, 'no_such_session', 'There is no such session.', { facts: { session }, status: 404 }),
  notYours: () =>
    new WorkhallError(scope, 'not_yours', 'This is somebody else’s registration.', {
      next: 'Begin the course yourself.',
      status: 403,
    }),
  waivedAlready: (unit: number) =>
    new WorkhallError(scope, 'waived_already', 'This unit was waived already.', { facts: { unit }, status: 409 }),
  /** 403 is how an LMS says that a statement breaks cmi5 (6.3). */
  refused: (clause: string, message: string) =>
    new WorkhallError(scope, 'refused', `${message} (cmi5 ${clause}) Nothing was stored.`, {
      facts: { clause },
      status: 403,
    }),
  sessionOver: () =>
    new WorkhallError(scope, 'session_over', 'This session is over, and what was given out for it with it.', {
      facts: { clause: '8.2' },
      next: 'Launch the unit again.',
      status: 403,
    }),
  noSuchPackage: () =>
    new WorkhallError(scope, 'no_such_package', 'This course is not offered any more, or its key is not right.', {
      next: 'Ask whoever runs the course in your company.',
      status: 404,
    }),
  noSeat: (seats: number) =>
    new WorkhallError(scope, 'no_seat', 'All places of this course are taken.', {
      facts: { seats },
      next: 'Ask whoever runs the course in your company.',
      status: 409,
    }),
  nothingReleased: (what: string) =>
    new WorkhallError(scope, 'nothing_released', 'This has no released procedure that could be a unit.', {
      facts: { what },
      next: 'Release the procedure first.',
      status: 409,
    }),
};
