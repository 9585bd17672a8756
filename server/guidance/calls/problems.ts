import { WorkhallError, type Problem } from '#protocol/errors';

const scope = 'help';

/** Everything that can go wrong with calls over HTTP, in one place. What the journal refuses has the scope `guidance`. */
export const problems = {
  notAMember: (person: string) =>
    new WorkhallError(scope, 'not_a_member', 'This person cannot help in jobs of this project.', {
      facts: { person },
      next: 'Invite them into the project, as more than an observer, and add them then.',
      status: 409,
    }),
  notAnExpert: () =>
    new WorkhallError(scope, 'not_an_expert', 'You are on no list of experts.', {
      next: 'Ask who plans the jobs of the project to add you.',
      status: 409,
    }),
  notInCall: () =>
    new WorkhallError(scope, 'not_in_call', 'You are not in a call of this job.', {
      next: 'Call, or be called, first.',
      status: 403,
    }),
  notYourRecording: (recording: string) =>
    new WorkhallError(scope, 'not_your_recording', 'You do not record this.', { facts: { recording }, status: 403 }),
  noSuchRecording: (recording: string) =>
    new WorkhallError(scope, 'no_such_recording', 'There is no such recording.', { facts: { recording }, status: 404 }),
  recordingErased: (recording: string) =>
    new WorkhallError(scope, 'recording_erased', 'This recording was erased.', {
      facts: { recording },
      next: 'Who had it erased, and why, stands in the journal of the job.',
      status: 410,
    }),
  partTooLarge: (limit: number) =>
    new WorkhallError(scope, 'part_too_large', 'This part of the recording is too large.', {
      facts: { limit },
      status: 413,
    }),
  recordingTooLarge: (limit: number) =>
    new WorkhallError(scope, 'recording_too_large', 'The recording has become too large.', {
      facts: { limit },
      next: 'Stop it, and begin another one.',
      status: 413,
    }),
  partsMissing: (missing: number) =>
    new WorkhallError(scope, 'parts_missing', 'Parts of the recording have not come.', {
      facts: { missing },
      next: 'Send them again.',
      status: 409,
    }),
  refused: ({ scope: from, key, message, facts, next }: Problem) =>
    new WorkhallError(from, key, message, { facts: { ...facts }, ...(next ? { next } : {}), status: 409 }),
};
