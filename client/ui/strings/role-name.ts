import type { Role } from '#protocol/permissions/index';
import type { shared } from './strings.ts';

type Words = ReturnType<typeof shared.useText>;
const KEYS = {
  owner: 'roleOwner',
  designer: 'roleDesigner',
  instructor: 'roleInstructor',
  supervisor: 'roleSupervisor',
  reviewer: 'roleReviewer',
  engineer: 'roleEngineer',
  trainee: 'roleTrainee',
  observer: 'roleObserver',
} as const;
const MAY = {
  owner: 'roleOwnerText',
  designer: 'roleDesignerText',
  instructor: 'roleInstructorText',
  supervisor: 'roleSupervisorText',
  reviewer: 'roleReviewerText',
  engineer: 'roleEngineerText',
  trainee: 'roleTraineeText',
  observer: 'roleObserverText',
} as const;

export const roleName = (words: Words, role: Role): string => words(KEYS[role]);
/** What somebody in this role does. */
export const roleText = (words: Words, role: Role): string => words(MAY[role]);
