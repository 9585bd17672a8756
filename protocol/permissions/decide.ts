import { problem, type Problem } from '../errors.ts';
import type { Role } from './roles.ts';

/** Every op type and every request that needs a right. Op types keep their own name. */
export const ACTIONS = [
  // looking
  'room.enter',
  'history.read',
  'voice.listen',
  // the document
  'parts.add',
  'parts.delete',
  'part.move',
  'part.place',
  'part.rename',
  'part.setMaterial',
  'part.setHidden',
  'part.setDimensions',
  'history.undo',
  'history.redo',
  'lease.take',
  'import.start',
  // talking about it
  'voice.speak',
  'comment.add',
  'comment.reply',
  'comment.resolve',
  'comment.delete',
  // owning it
  'revision.publish',
  'revision.mint',
  'project.edit',
  'member.invite',
  'member.setRole',
  // what people can do
  'credential.list',
  'credential.issue',
  'credential.revoke',
  // the crowd
  'brief.open',
  'brief.set',
  'submission.start',
  'submission.submit',
  'submission.rate',
  'submission.withdraw',
  'submission.accept',
  // procedures
  'procedure.edit',
  'procedure.review',
  // training
  'training.open',
  'training.freeze',
  'training.observe',
  'run.start',
  'run.act',
  'run.command',
  'run.end',
  'fault.inject',
  'results.read',
  'consent.give',
  'recording.watch',
  'course.edit',
  // jobs
  'job.open',
  'job.begin',
  'job.act',
  'job.signOff',
  'job.supervise',
  'job.concede',
  'job.plan',
  'job.observe',
  'job.help',
  'job.figures',
] as const;
export type Action = (typeof ACTIONS)[number];

export interface Situation {
  /** Whether the thing acted on belongs to the person (own comment, own submission). */
  readonly own: boolean;
  /** Who holds the part acted on. */
  readonly held: 'nobody' | 'me' | 'another';
  /** `closed`: past the deadline, accepted or archived. People still look, nobody changes. */
  readonly room: 'open' | 'closed';
}

const LOOKS: readonly Action[] = ['room.enter', 'history.read', 'voice.listen'];
const EDITS: readonly Action[] = [
  'parts.add',
  'parts.delete',
  'part.move',
  'part.place',
  'part.rename',
  'part.setMaterial',
  'part.setHidden',
  'part.setDimensions',
  'lease.take',
  'import.start',
];
const TALKS: readonly Action[] = [
  'voice.speak',
  'comment.add',
  'comment.reply',
  'history.undo',
  'history.redo',
  'submission.start',
  'submission.rate',
];

/** What comes with being in a project to learn. */
const LEARNS: readonly Action[] = ['voice.speak', 'consent.give'];
/** Works on real products: whoever may take part may, on a job whose crew they are in. */
const WORKS: readonly Action[] = ['job.open', 'job.begin', 'job.act', 'job.signOff', 'job.help'];
/** Answers for a shift: what blocks is released, what is spoilt is scrapped, what goes on is seen. */
const SUPERVISES: readonly Action[] = ['job.supervise', 'job.plan', 'job.figures'];
/** Makes trainings and conducts them. */
const INSTRUCTS: readonly Action[] = [
  'procedure.edit',
  'training.open',
  'training.freeze',
  'run.start',
  'run.command',
  'run.end',
  'fault.inject',
  'course.edit',
];
/** What is about people and not about the product: for those who were named instructors, and for owners. */
const ASSESSES: readonly Action[] = [
  'results.read',
  'recording.watch',
  'credential.list',
  'credential.issue',
  'credential.revoke',
];
const REVIEWS: readonly Action[] = [...LOOKS, ...LEARNS, ...WORKS, ...TALKS, 'procedure.review'];

const GRANTS: Record<Role, ReadonlySet<Action>> = {
  observer: new Set<Action>([...LOOKS]),
  trainee: new Set<Action>([...LOOKS, ...LEARNS, ...WORKS]),
  engineer: new Set<Action>([...LOOKS, ...LEARNS, ...WORKS]),
  reviewer: new Set<Action>(REVIEWS),
  supervisor: new Set<Action>([
    ...LOOKS,
    ...LEARNS,
    ...WORKS,
    ...SUPERVISES,
    'comment.add',
    'comment.reply',
    'credential.list',
  ]),
  instructor: new Set<Action>([...REVIEWS, ...INSTRUCTS, ...ASSESSES, ...SUPERVISES]),
  designer: new Set<Action>([
    ...REVIEWS,
    ...INSTRUCTS,
    ...EDITS,
    'comment.resolve',
    'revision.publish',
    'job.concede',
    'job.plan',
  ]),
  owner: new Set<Action>(ACTIONS),
};

/** Rights that come with a run of one's own (`own-run.ts`), whatever the role (from trainee up). */
const OWN_RUN: ReadonlySet<Action> = new Set<Action>([
  'run.start',
  'run.act',
  'run.command',
  'run.end',
  'results.read',
  'recording.watch',
]);
/** Rights that come with having made the thing (from reviewer up). */
const OWN_GRANTS: ReadonlySet<Action> = new Set<Action>([
  'comment.resolve',
  'comment.delete',
  'submission.submit',
  'submission.withdraw',
]);
/** Acts on parts, which another person may be holding. */
const TOUCHES_PARTS: ReadonlySet<Action> = new Set<Action>(
  EDITS.filter((action) => action !== 'parts.add' && action !== 'import.start').concat('history.undo', 'history.redo'),
);
const ALLOWED_WHEN_CLOSED: ReadonlySet<Action> = new Set<Action>([
  ...LOOKS,
  'voice.speak',
  'submission.accept',
  'submission.rate',
  'revision.publish',
  'revision.mint',
  'project.edit',
  'member.invite',
  'member.setRole',
  'credential.list',
  'credential.issue',
  'credential.revoke',
  'comment.add',
  'comment.reply',
  'comment.resolve',
  'consent.give',
  'results.read',
  'recording.watch',
]);

/** The one place where rights are decided. Returns null when allowed, else the reason with the next step. */
export function decide(role: Role, action: Action, situation: Situation): Problem | null {
  const granted = GRANTS[role].has(action) || (situation.own && comesWithOwning(role, action));
  if (!granted) {
    return problem('permissions', 'not_allowed', `As ${role} you cannot do this.`, {
      facts: { role, action },
      next: 'Ask an owner of the project for another role.',
    });
  }
  if (situation.room === 'closed' && !ALLOWED_WHEN_CLOSED.has(action)) {
    return problem('permissions', 'room_closed', 'This room is closed for changes; you can still look around.', {
      facts: { action },
      next: 'Start a new revision or submission to go on.',
    });
  }
  if (situation.held === 'another' && TOUCHES_PARTS.has(action)) {
    return problem('permissions', 'part_held', 'Somebody else is holding this part.', {
      facts: { action },
      next: 'Wait until they let go, or ask them.',
    });
  }
  return null;
}

function comesWithOwning(role: Role, action: Action): boolean {
  if (role === 'observer') return false;
  const isWorker = role === 'trainee' || role === 'engineer';
  return OWN_RUN.has(action) || (!isWorker && OWN_GRANTS.has(action));
}

/** For a control that is to be shown disabled with the reason, before anything is sent. */
export function may(role: Role, action: Action, situation: Partial<Situation> = {}): boolean {
  return decide(role, action, { own: false, held: 'nobody', room: 'open', ...situation }) === null;
}
