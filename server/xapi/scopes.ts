/** What a key may do, in the words of xAPI 1.0.3 Communication 4.2. */
export const SCOPES = [
  'statements/write',
  'statements/read/mine',
  'statements/read',
  'state',
  'define',
  'profile',
  'all/read',
  'all',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Narrow rights, and what includes each. */
const INCLUDED_IN: Readonly<Record<Need, readonly Scope[]>> = {
  write: ['statements/write', 'all'],
  read: ['statements/read', 'all/read', 'all'],
  readMine: ['statements/read/mine', 'statements/read', 'all/read', 'all'],
  readState: ['state', 'all/read', 'all'],
  writeState: ['state', 'all'],
  readProfile: ['profile', 'all/read', 'all'],
  writeProfile: ['profile', 'all'],
  define: ['define', 'all'],
  voidOthers: ['all'],
};
export type Need =
  'write' | 'read' | 'readMine' | 'readState' | 'writeState' | 'readProfile' | 'writeProfile' | 'define' | 'voidOthers';

export function isIncluded(scopes: readonly Scope[], need: Need): boolean {
  return INCLUDED_IN[need].some((scope) => scopes.includes(scope));
}

/** The narrowest scope that would do, for the answer. */
export const scopeFor = (need: Need): Scope => INCLUDED_IN[need][0]!;
