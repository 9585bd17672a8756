import type { Document } from '../document/document.ts';
import { may, type Role } from '../permissions/index.ts';
import { jobOf, rowsOf, type Deviation } from './document.ts';
import type { Disposition } from './ops.ts';

interface Person {
  readonly user: string;
  readonly role: Role;
}
interface Member extends Person {
  readonly name: string;
}

/** Deviations that keep a step that runs now until somebody decides, oldest first. */
export function holding(document: Document): Deviation[] {
  const job = jobOf(document);
  if (!job) return [];
  const running = new Set(Object.values(job.visiting));
  return rowsOf(document, 'deviations').filter(
    ({ id, visit }) => job.undecided.includes(id) && visit !== null && running.has(visit),
  );
}

/**
 * Ways out of a deviation that this person may take now, the mildest first: what `model.ts` and `reduce-deviations.ts` would let them.
 * Done again is for who does it: the crew, or who answers for the shift.
 */
export function waysOut(document: Document, { by, visit }: Deviation, { user, role }: Person): Disposition[] {
  const job = jobOf(document);
  if (!job || job.status === 'finished' || job.status === 'scrapped') return [];
  const isCrew = job.crew.some(({ id }) => id === user);
  const doers = rowsOf(document, 'visits').find(({ n }) => n === visit)?.by ?? [];
  const isOwn = by === user || doers.some((id) => id === user);
  const mayAgain = may(role, 'job.act', { own: isCrew }) && (isCrew || may(role, 'job.supervise'));
  return [
    ...(mayAgain && job.status === 'running' ? (['rework'] as const) : []),
    ...(may(role, 'job.concede') && !isOwn ? (['concession'] as const) : []),
    ...(may(role, 'job.supervise') ? (['scrap'] as const) : []),
  ];
}

/** Who of these and of the crew may decide about it, by name and by what they may decide. */
export function decidersOf(
  document: Document,
  deviation: Deviation,
  members: readonly Member[],
): Record<Disposition, string[]> {
  const job = jobOf(document);
  // In the crew is who may work at it, also where the list of members does not name everybody (a demo).
  const unnamed = job?.crew.filter(({ id }) => !members.some(({ user }) => user === id)) ?? [];
  const rework = job?.status === 'running' ? unnamed.map(({ name }) => name) : [];
  const found: Record<Disposition, string[]> = { rework, concession: [], scrap: [] };
  for (const { name, ...person } of members)
    for (const way of waysOut(document, deviation, person)) found[way].push(name);
  return found;
}
