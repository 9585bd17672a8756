import { WorkhallError } from '#protocol/errors';

const scope = 'procedures';

/** Everything that can go wrong with drafts and releases, in one place. */
export const problems = {
  noSuchProcedure: (procedure: string) =>
    new WorkhallError(scope, 'no_such_procedure', 'There is no such procedure.', { facts: { procedure }, status: 404 }),
  noSuchRelease: (release: string) =>
    new WorkhallError(scope, 'no_such_release', 'There is no such release.', { facts: { release }, status: 404 }),
  stale: (yours: number, now: number) =>
    new WorkhallError(scope, 'stale', 'Somebody has saved another version meanwhile.', {
      facts: { yours, now },
      next: 'Compare your draft with it, then save again.',
      status: 409,
    }),
  tooLarge: (bytes: number, limit: number) =>
    new WorkhallError(scope, 'too_large', `The procedure has ${bytes} bytes; at most ${limit} are kept.`, {
      facts: { bytes, limit },
      next: 'Divide it into two, or keep recordings of motions as media.',
      status: 413,
    }),
  notPlayable: (kind: string) =>
    new WorkhallError(scope, 'not_playable', `This is no ${kind} that every browser plays. Nothing was stored.`, {
      facts: { kind },
      next:
        kind === 'audio'
          ? 'Choose MP3, Ogg, WAV, WebM or MP4, or record it here.'
          : 'Choose MP4 (H.264) or WebM; most phones and cameras save these.',
      status: 415,
    }),
  mediaTooLarge: (limit: number) =>
    new WorkhallError(
      scope,
      'media_too_large',
      `The file is larger than ${limit / 1024 / 1024} MB. Nothing was stored.`,
      {
        facts: { limit },
        next: 'Cut it, or save it with less resolution.',
        status: 413,
      },
    ),
  tooMany: (limit: number) =>
    new WorkhallError(scope, 'too_many', `A project has at most ${limit} procedures.`, {
      facts: { limit },
      next: 'Use another project.',
      status: 409,
    }),
  unreadable: (format: string, where: string, reason: string) =>
    new WorkhallError(scope, 'unreadable', `This is no ${format} file that can be read: ${reason}.`, {
      facts: { format, where },
      next: 'Check that the whole file was sent, in the format that was chosen.',
      status: 422,
    }),
  notReleasable: (errors: readonly string[]) =>
    new WorkhallError(scope, 'not_releasable', 'The check finds errors, so the procedure cannot be released.', {
      facts: { errors },
      next: 'Look at the check, and mend what it names.',
      status: 409,
    }),
  missingMedia: (media: readonly string[]) =>
    new WorkhallError(scope, 'missing_media', 'Files of the procedure are not stored here.', {
      facts: { media },
      next: 'Add the files again.',
      status: 409,
    }),
  secondPerson: () =>
    new WorkhallError(scope, 'second_person', 'In this project nobody releases what they wrote themselves.', {
      next: 'Ask somebody else in the project to review it.',
      status: 409,
    }),
  nothingNew: () =>
    new WorkhallError(scope, 'nothing_new', 'Nothing was changed since the newest release.', { status: 409 }),
  noSuchText: (path: string) =>
    new WorkhallError(scope, 'no_such_text', 'The procedure has no such text any more.', {
      facts: { path },
      next: 'Read the list of texts again.',
      status: 409,
    }),
  wantsSignature: () =>
    new WorkhallError(scope, 'wants_signature', 'Your wallet has to sign the release.', {
      next: 'Sign the statement of this release, and send the signature along.',
      status: 409,
    }),
  badSignature: () =>
    new WorkhallError(scope, 'bad_signature', 'This is not your signature of this release.', {
      next: 'Ask for the statement again, and sign it with the wallet you signed in with.',
      status: 422,
    }),
};
