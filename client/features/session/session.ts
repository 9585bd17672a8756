import { useSyncExternalStore } from 'react';
import { HallApi } from '#net/api';
import { Store } from '#net/store';
import { Me, SignedIn } from '#protocol/api/index';
import type { z } from 'zod';

export type Session = z.infer<typeof SignedIn>;

const STORED_AS = 'workhall.session';

/** Somebody whom another system sent is that person in this tab alone, whoever is signed in beside it. */
function storage(): Storage {
  return sessionStorage.getItem(STORED_AS) === null ? localStorage : sessionStorage;
}

function stored(): Session | null {
  try {
    const parsed = SignedIn.safeParse(JSON.parse(storage().getItem(STORED_AS) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // written by another version, or storage is forbidden: the person signs in again
  }
}

/** Who I am in this browser, or null before signing in. Kept over reloads. */
export const session = new Store<Session | null>(stored());

export function keepSession(next: Session | null): void {
  if (next) storage().setItem(STORED_AS, JSON.stringify(next));
  else storage().removeItem(STORED_AS);
  session.set(next);
}

/** In this tab, and the frames in it, until it is closed or somebody leaves. */
export function keepSessionOfTab(next: Session | null): void {
  if (next) sessionStorage.setItem(STORED_AS, JSON.stringify(next));
  else sessionStorage.removeItem(STORED_AS);
  session.set(stored());
}

/** After a rename or a new key. */
export function keepMe(me: Me): void {
  const now = session.get();
  if (now) keepSession({ ...now, me });
}

/** The hall's HTTP interface with my session. */
export const api = new HallApi({
  hallUrl: location.origin,
  token: () => session.get()?.token ?? null,
  onSignedOut: () => keepSession(null),
});

// What is kept may be old: a name changed elsewhere, a key the hall made when a revision was published.
if (session.get()) api.me().then(keepMe, () => undefined); // a refusal has signed out already; offline, the old will do

// Signing out in one tab signs out the others.
addEventListener('storage', (event) => {
  if (event.key === STORED_AS) session.set(stored());
});

export const useSession = (): Session | null => useSyncExternalStore(session.subscribe, session.get);

/** In pages behind the door (`SignedInOnly`), where there is always somebody. */
export function useMe(): Me {
  const now = useSession();
  if (!now) throw new Error('useMe() is for pages that stand behind SignedInOnly');
  return now.me;
}
