import { WorkhallError } from '#protocol/errors';

const scope = 'identity';

/** Everything that can go wrong with who somebody is, in one place. */
export const problems = {
  notSignedIn: () =>
    new WorkhallError(scope, 'not_signed_in', 'You are not signed in, or your session has ended.', {
      next: 'Sign in with a name or a wallet. Nothing you saved is lost.',
      status: 401,
    }),
  tooManyAttempts: (waitS: number) =>
    new WorkhallError(scope, 'too_many_attempts', 'Too many sign-ins from this address.', {
      facts: { waitS },
      next: `Try again in ${waitS} s.`,
      status: 429,
    }),
  badAddress: (address: string) =>
    new WorkhallError(scope, 'bad_address', `"${address}" is not an address: its checksum is wrong.`, {
      facts: { address },
      next: 'Copy the whole address from the wallet.',
      status: 422,
    }),
  messageUnreadable: (cause: unknown) =>
    new WorkhallError(scope, 'message_unreadable', 'This is not a sign-in message of EIP-4361.', {
      next: 'Ask for a new challenge and sign its text unchanged.',
      status: 422,
      cause,
    }),
  nonceUnknown: () =>
    new WorkhallError(scope, 'nonce_unknown', 'This sign-in request has been used already, or never came from here.', {
      next: 'Ask for a new one and sign again.',
      status: 401,
    }),
  nonceExpired: () =>
    new WorkhallError(scope, 'nonce_expired', 'This sign-in request is older than five minutes.', {
      next: 'Ask for a new one and sign again.',
      status: 401,
    }),
  messageMismatch: (field: string, expected: string, got: string) =>
    new WorkhallError(scope, 'message_mismatch', `The signed message names another ${field} than this hall.`, {
      facts: { field, expected, got },
      next: 'Do not sign messages of other pages. Ask for a new challenge here.',
      status: 401,
    }),
  badSignature: (address: string) =>
    new WorkhallError(scope, 'bad_signature', `The signature was not made by ${address}.`, {
      facts: { address },
      next: 'Choose this account in the wallet and sign again.',
      status: 401,
    }),
  chainUnreachable: (cause: unknown) =>
    new WorkhallError(
      scope,
      'chain_unreachable',
      'The chain of this hall does not answer, so wallets cannot sign in.',
      {
        next: 'Come in with a name, and link the wallet later.',
        status: 503,
        cause,
      },
    ),
  walletTaken: (address: string) =>
    new WorkhallError(scope, 'wallet_taken', `The wallet ${address} belongs to another account of this hall.`, {
      facts: { address },
      next: 'Sign out, then sign in with the wallet.',
      status: 409,
    }),
  walletLinked: (address: string) =>
    new WorkhallError(scope, 'wallet_linked', `Your account already has the wallet ${address}.`, {
      facts: { address },
      next: 'Sign out to use another wallet; it will be another account.',
      status: 409,
    }),
  hasAddress: () =>
    new WorkhallError(scope, 'has_wallet', 'You have a wallet; the hall makes keys only for people without one.', {
      next: 'Sign with the wallet.',
      status: 409,
    }),
  noKey: () =>
    new WorkhallError(scope, 'no_key', 'The hall keeps no key for you.', {
      next: 'Let it make one first (POST /api/me/key), or use a wallet.',
      status: 404,
    }),
  keyUnreadable: (cause: unknown) =>
    new WorkhallError(
      scope,
      'key_unreadable',
      'The key kept for you cannot be opened with the master key of this hall.',
      {
        next: 'Restore secrets/master.key in the data folder from the same backup as the database.',
        status: 500,
        cause,
      },
    ),
  masterKeyDamaged: (path: string) =>
    new WorkhallError(scope, 'master_key_damaged', `The master key ${path} does not hold 32 bytes.`, {
      facts: { path },
      next: 'Restore it from a backup; without it the keys made for people stay closed.',
      status: 500,
    }),
  unknownPerson: (id: string) =>
    new WorkhallError(scope, 'unknown_person', 'There is no such person in this hall.', {
      facts: { user: id },
      status: 404,
    }),
};
