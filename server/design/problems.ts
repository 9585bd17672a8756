import { WorkhallError, type Problem } from '#protocol/errors';

const scope = 'design';

/** Everything that can go wrong with projects, rooms and briefs, in one place. */
export const problems = {
  noSuchProject: (project: string) =>
    new WorkhallError(scope, 'no_such_project', 'There is no such project.', { facts: { project }, status: 404 }),
  noSuchRoom: (room: string) =>
    new WorkhallError(scope, 'no_such_room', 'There is no such room.', { facts: { room }, status: 404 }),
  noSuchBrief: (brief: string) =>
    new WorkhallError(scope, 'no_such_brief', 'There is no such brief.', { facts: { brief }, status: 404 }),
  noSuchSubmission: (submission: string) =>
    new WorkhallError(scope, 'no_such_submission', 'There is no such submission.', {
      facts: { submission },
      status: 404,
    }),
  notAMember: (project: string) =>
    new WorkhallError(scope, 'not_a_member', 'You are not a member of this project.', {
      facts: { project },
      next: 'Ask one of its owners for an invitation.',
      status: 403,
    }),
  noSuchMember: (user: string) =>
    new WorkhallError(scope, 'no_such_member', 'This person is not a member of the project.', {
      facts: { user },
      next: 'Send them an invitation first.',
      status: 404,
    }),
  lastOwner: () =>
    new WorkhallError(scope, 'last_owner', 'A project has at least one owner.', {
      next: 'Make somebody else an owner first.',
      status: 409,
    }),
  notTheDemo: () =>
    new WorkhallError(scope, 'not_the_demo', 'Only in the demo people choose their role themselves.', {
      next: 'Ask an owner of the project for another role.',
      status: 409,
    }),
  roleGiven: (role: string) =>
    new WorkhallError(scope, 'role_given', `An owner has given you a role here: ${role}.`, {
      facts: { role },
      next: 'Ask an owner of the project for another one.',
      status: 409,
    }),
  invitationUnknown: () =>
    new WorkhallError(scope, 'invitation_unknown', 'There is no such invitation.', {
      next: 'Check that the link is complete, or ask the person who sent it for a new one.',
      status: 404,
    }),
  invitationExpired: () =>
    new WorkhallError(scope, 'invitation_expired', 'This invitation has expired: it was good for 30 days.', {
      next: 'Ask the person who sent it for a new one.',
      status: 410,
    }),
  invitationTakenBack: () =>
    new WorkhallError(scope, 'invitation_taken_back', 'This invitation was taken back.', {
      next: 'Ask the person who sent it whether they still expect you.',
      status: 410,
    }),
  ticketInvalid: () =>
    new WorkhallError(scope, 'ticket_invalid', 'This ticket has been used, has expired, or is for another room.', {
      next: 'Ask for a new ticket and enter again.',
      status: 401,
    }),
  notAPicture: () =>
    new WorkhallError(scope, 'not_a_picture', 'This is neither a PNG nor a WebP picture.', {
      next: 'Save it as PNG or WebP.',
      status: 415,
    }),
  pictureTooLarge: (bytes: number, limit: number) =>
    new WorkhallError(scope, 'picture_too_large', `The picture has ${bytes} bytes; at most ${limit} are kept.`, {
      facts: { bytes, limit },
      next: 'Make it smaller.',
      status: 413,
    }),
  pictureUnknown: (cid: string) =>
    new WorkhallError(scope, 'picture_unknown', 'No picture with this address is stored here.', {
      facts: { cid },
      next: 'Store it with POST /api/pictures first.',
      status: 422,
    }),
  deadlineInThePast: (deadlineAt: number) =>
    new WorkhallError(scope, 'deadline_in_the_past', 'The deadline of the brief has already passed.', {
      facts: { deadlineAt },
      next: 'Choose a later one.',
      status: 422,
    }),
  tooManySubmissions: (limit: number) =>
    new WorkhallError(scope, 'too_many_submissions', `One person starts at most ${limit} submissions for a brief.`, {
      facts: { limit },
      next: 'Go on with one of yours.',
      status: 409,
    }),
  nothingNew: (submission: string) =>
    new WorkhallError(scope, 'nothing_new', 'Nothing was changed since the submission was last handed in.', {
      facts: { submission },
      next: 'Change the design in the submission’s room, then hand in again.',
      status: 409,
    }),
  notYours: (submission: string) =>
    new WorkhallError(scope, 'not_yours', 'Only the person who started a submission can hand it in.', {
      facts: { submission },
      next: 'Start a submission of your own.',
      status: 403,
    }),
  handedInElsewhere: (submission: string) =>
    new WorkhallError(scope, 'head_mismatch', 'What was handed in does not match the journal of the submission.', {
      facts: { submission },
      next: 'Have it handed in again.',
      status: 409,
    }),
};

const NOT_FOUND = new Set(['no_such_submission', 'no_such_part', 'no_such_comment', 'no_brief']);

/** What a journal or `decide` refused, as an HTTP answer: 403 for missing rights, 409 where the state stands against it. */
export function refusal(problem: Problem): WorkhallError {
  const status = problem.key === 'not_allowed' ? 403 : NOT_FOUND.has(problem.key) ? 404 : 409;
  const { facts, next } = problem;
  return new WorkhallError(problem.scope, problem.key, problem.message, { facts: { ...facts }, next, status });
}
