import type { Role } from '#protocol/permissions/index';
import type { shared } from '../../ui/index.ts';

type Words = ReturnType<typeof shared.useText>;
const KEYS = {
  owner: 'roleOwner',
  designer: 'roleDesigner',
  reviewer: 'roleReviewer',
  observer: 'roleObserver',
} as const;

export const roleName = (words: Words, role: Role): string => words(KEYS[role]);
