import type { Me } from '#protocol/api/session';
import type { UserId } from '#protocol/ids';
import type { Author } from '#protocol/journal/entry';

/** Somebody who is signed in. */
export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly walletAddress: string | null;
}

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
