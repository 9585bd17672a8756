import { WorkhallError } from '#protocol/errors';

/** Everything this domain refuses, in one place. */
export const problems = {
  noRevision: (cid: string) =>
    new WorkhallError('ownership', 'no_such_revision', 'There is no such revision here.', {
      facts: { cid },
      next: 'Check the link, or look in the project for its revisions.',
      status: 404,
    }),
  noToken: (tokenId: string) =>
    new WorkhallError('ownership', 'no_such_token', `There is no token ${tokenId}.`, {
      facts: { tokenId },
      next: 'Token numbers start at 1 and are shown on the page of a minted revision.',
      status: 404,
    }),
  alreadyMinted: (tokenId: string) =>
    new WorkhallError('ownership', 'already_minted', `This revision is token ${tokenId} already.`, {
      facts: { tokenId },
      next: 'Open the page of the token.',
      status: 409,
    }),
  notAContributor: (address: string) =>
    new WorkhallError('ownership', 'not_a_contributor', 'This account holds no share of the revision.', {
      facts: { address },
      next: 'Choose the account in your wallet that the list of contributors names.',
      status: 403,
    }),
  badSignature: (address: string) =>
    new WorkhallError('ownership', 'bad_signature', 'The signature does not fit the account and the terms.', {
      facts: { address },
      next: 'Reload the page, choose the right account in your wallet and sign again.',
      status: 422,
    }),
  signsElsewhere: (address: string) =>
    new WorkhallError('ownership', 'signs_elsewhere', 'Your share is held by another account than the key kept here.', {
      facts: { address },
      next: 'Sign with the wallet that holds this account.',
      status: 409,
    }),
  notAllSigned: (missing: readonly string[]) =>
    new WorkhallError('ownership', 'not_all_signed', `${missing.length} contributors have not signed yet.`, {
      facts: { missing },
      next: 'Ask them to open the page of the revision and sign; then mint.',
      status: 409,
    }),
  notPermitted: () =>
    new WorkhallError('ownership', 'not_permitted', 'You cannot mint revisions of this project.', {
      next: 'Ask an owner of the project.',
      status: 403,
    }),
  busy: () =>
    new WorkhallError('ownership', 'verifying_others', 'Other tokens are being verified at the moment.', {
      next: 'Try again in a minute, or run `npx workhall verify` on your own machine.',
      status: 429,
    }),
};
