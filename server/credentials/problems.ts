import { WorkhallError, type Problem } from '#protocol/errors';

const scope = 'credentials';

/** Everything this domain refuses, in one place. */
export const problems = {
  noSuchCertificate: (id: string) =>
    new WorkhallError(scope, 'no_such_certificate', 'There is no such certificate here.', {
      facts: { id },
      next: 'Check that the link is complete, or verify the file itself.',
      status: 404,
    }),
  noSuchList: (list: number) =>
    new WorkhallError(scope, 'no_such_list', 'This hall keeps no such status list.', { facts: { list }, status: 404 }),
  noSuchKey: (did: string) =>
    new WorkhallError(scope, 'no_such_key', 'This hall never signed with such a key.', { facts: { did }, status: 404 }),
  notAMember: (project: string) =>
    new WorkhallError(scope, 'not_a_member', 'You are not a member of this project.', {
      facts: { project },
      next: 'Ask one of its owners for an invitation.',
      status: 403,
    }),
  recipientNotAMember: (person: string) =>
    new WorkhallError(scope, 'recipient_not_a_member', 'Certificates of a project go to its members.', {
      facts: { person },
      next: 'Invite the person into the project first.',
      status: 409,
    }),
  oneself: () =>
    new WorkhallError(scope, 'oneself', 'Nobody certifies themselves, and nobody takes back their own certificate.', {
      next: 'Ask another owner or instructor of the project.',
      status: 403,
    }),
  evidenceMissing: (cid: string) =>
    new WorkhallError(scope, 'evidence_missing', 'The evidence is not stored in this hall.', {
      facts: { cid },
      next: 'Store it first, so that everybody can check it later.',
      status: 409,
    }),
  expiresInThePast: (validUntil: number) =>
    new WorkhallError(scope, 'expires_in_the_past', 'The certificate would already have expired.', {
      facts: { validUntil },
      next: 'Choose a later day.',
      status: 422,
    }),
  alreadyRevoked: (id: string) =>
    new WorkhallError(scope, 'already_revoked', 'This certificate was taken back already.', {
      facts: { id },
      next: 'Load the page again to see when and why.',
      status: 409,
    }),
  listsFull: () =>
    new WorkhallError(scope, 'no_list_entry', 'No free entry was found in the status list.', {
      next: 'Try again.',
      status: 503,
    }),
  refused: ({ scope: where, key, message, facts, next }: Problem) =>
    new WorkhallError(where, key, message, { facts: { ...facts }, next, status: 403 }),
};
