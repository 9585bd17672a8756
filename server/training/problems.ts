import { WorkhallError, type Problem } from '#protocol/errors';

const scope = 'training';

/** Everything that can go wrong with training rooms over HTTP, in one place. */
export const problems = {
  noSuchRun: (run: string) =>
    new WorkhallError(scope, 'no_such_run', 'There is no such run.', { facts: { run }, status: 404 }),
  notATrainingRoom: (room: string) =>
    new WorkhallError(scope, 'not_a_training_room', 'This is no training room.', { facts: { room }, status: 404 }),
  otherProject: (release: string) =>
    new WorkhallError(scope, 'other_project', 'This release belongs to another project.', {
      facts: { release },
      next: 'Choose a release of this project.',
      status: 409,
    }),
  goesOn: (run: string) =>
    new WorkhallError(scope, 'run_goes_on', 'The run is not over, or its seals are not open yet.', {
      facts: { run },
      next: 'Wait for its end.',
      status: 409,
    }),
  noExpertsRun: (run: string, isOwn: boolean) =>
    new WorkhallError(scope, 'no_experts_run', 'Others can follow only a run of one’s own that was completed alone.', {
      facts: { run, isOwn },
      next: 'Do the procedure alone to its end, then mark that run.',
      status: 409,
    }),
  noMotion: (run: string) =>
    new WorkhallError(scope, 'no_motion', 'There is no recorded motion of this run that may be shown.', {
      facts: { run },
      next: 'Agree to the recording of motion, then do the run once more.',
      status: 409,
    }),
  isOver: (run: string) =>
    new WorkhallError(scope, 'run_is_over', 'This run is over.', { facts: { run }, status: 409 }),
  takesPart: (run: string) =>
    new WorkhallError(scope, 'takes_part', 'Who takes part in a run learns of its faults at the debrief.', {
      facts: { run },
      next: 'Let an instructor who does not take part do this.',
      status: 403,
    }),
  noSuchFault: (fault: string) =>
    new WorkhallError(scope, 'no_such_fault', 'The procedure has no such fault.', { facts: { fault }, status: 422 }),
  faultIsThere: (fault: string, isThere: boolean) =>
    new WorkhallError(scope, isThere ? 'fault_is_there' : 'fault_not_there', 'It is like that already.', {
      facts: { fault },
      status: 409,
    }),
  tooManyFaults: (limit: number) =>
    new WorkhallError(scope, 'too_many_faults', 'So many faults at once are not kept.', {
      facts: { limit },
      next: 'Wait a quarter of a minute.',
      status: 429,
    }),
  notWhole: (run: string) =>
    new WorkhallError(scope, 'not_whole', 'The journal does not hold all of this run.', {
      facts: { run },
      status: 500,
    }),
  noSuchCourse: (course: string) =>
    new WorkhallError(scope, 'no_such_course', 'There is no such course.', { facts: { course }, status: 404 }),
  noSuchGroup: (group: string) =>
    new WorkhallError(scope, 'no_such_group', 'There is no such group.', { facts: { group }, status: 422 }),
  noMember: (person: string) =>
    new WorkhallError(scope, 'no_member', 'Courses are assigned to members of the project.', {
      facts: { person },
      next: 'Invite the person first.',
      status: 422,
    }),
  staleCourse: (yours: number, now: number) =>
    new WorkhallError(scope, 'stale', 'Somebody has saved another version meanwhile.', {
      facts: { yours, now },
      next: 'Load the course again.',
      status: 409,
    }),
  unsoundCourse: (findings: readonly string[]) =>
    new WorkhallError(scope, 'unsound_course', 'Nobody could come to the end of this course.', {
      facts: { findings },
      next: 'Mend what is named.',
      status: 422,
    }),
  tooManyCourses: (limit: number) =>
    new WorkhallError(scope, 'too_many_courses', `A project has at most ${limit} courses.`, {
      facts: { limit },
      status: 409,
    }),
  noAttemptLeft: (facts: { course: string; module: string; attempts: number }) =>
    new WorkhallError(
      scope,
      'no_attempt_left',
      `No attempt is left for “${facts.module}” of the course “${facts.course}”: ${facts.attempts} were allowed.`,
      {
        facts,
        next: 'Practise in another mode, or ask an instructor to allow more attempts in the course.',
        status: 409,
      },
    ),
  refused: ({ scope: from, key, message, facts, next }: Problem) =>
    new WorkhallError(from, key, message, { facts: { ...facts }, ...(next ? { next } : {}), status: 409 }),
};
