import type { Me } from '#protocol/api/session';
import { UserId } from '#protocol/ids';
import type { Author } from '#protocol/journal/entry';

/** Somebody who is signed in. */
export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly walletAddress: string | null;
}

/**
 * The hall itself, author of the demo. Like everybody who has no account (the people of the example), it cannot sign in
 * and has no key of its own: where its work becomes part of a revision, the hall signs as the hall.
 */
export const HALL: Person = { id: UserId.parse('workhall'), name: 'Workhall', walletAddress: null };

/** How the person was authenticated; every avatar shows it. */
export function badgeOf(person: Person): 'guest' | 'wallet' {
  return person.walletAddress === null ? 'guest' : 'wallet';
}

export function authorOf(person: Person): Author {
  return { id: person.id, name: person.name };
}

/** A wallet goes before a key that the hall made earlier: its person can prove it without the hall. */
export function meOf(person: Person, serverAddress: string | null): Me {
  const address = person.walletAddress ?? serverAddress;
  const addressKind = person.walletAddress !== null ? 'wallet' : serverAddress !== null ? 'server' : null;
  return { id: person.id, name: person.name, badge: badgeOf(person), address, addressKind };
}
