import { z } from 'zod';
import { Mode } from '../procedures/behaviour.ts';
import { Text } from '../procedures/text.ts';

const DAY_MS = 86_400_000;
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id has 1-64 letters, digits, _ or -');
const days = z.number().int().min(1).max(3650);

/**
 * When a skill has to be shown again: after `firstDays`, and with each time that it was shown before that day was over
 * by `growthPercent` later, up to `mostDays`. Whoever lets it lapse, or fails, starts with `firstDays` again.
 */
export const Refresher = z.strictObject({
  firstDays: days,
  /** 200: twice the time. */
  growthPercent: z.number().int().min(100).max(1000),
  mostDays: days,
});
export type Refresher = z.infer<typeof Refresher>;

export const CourseModule = z.strictObject({
  id,
  title: Text,
  /** The procedure, through all its releases (`ReleaseManifest.line`). */
  line: id,
  /** What counts: a run in this mode, or an exam. */
  mode: Mode,
  /** Modules that must be passed, and not have lapsed, before. */
  needs: z.array(id).max(50),
  /** The course is done without it. */
  isOptional: z.boolean(),
  /** Later ones do not count; null: any number. */
  attempts: z.number().int().min(1).max(100).nullable(),
  refresher: Refresher.nullable(),
});
export type CourseModule = z.infer<typeof CourseModule>;

export const Course = z.strictObject({
  v: z.literal(1),
  title: Text,
  description: Text,
  modules: z.array(CourseModule).min(1).max(200),
});
export type Course = z.infer<typeof Course>;

/** A run that counts for a module. */
export interface Attempt {
  readonly module: string;
  readonly atMs: number;
  readonly isPassed: boolean;
  readonly points: number;
}

/** What a course asks of somebody now. */
export interface ModuleStanding {
  readonly module: string;
  /**
   * `locked`: something else comes first; `open`: to be done; `passed`; `lapsed`: was passed, and has to be shown again;
   * `exhausted`: no attempt is left, and somebody has to give one.
   */
  readonly state: 'locked' | 'open' | 'passed' | 'lapsed' | 'exhausted';
  /** Modules that stand in the way. */
  readonly missing: readonly string[];
  readonly attempts: number;
  /** How often it can still be tried so that it counts; null: any number, or a pass is good and trying costs nothing. */
  readonly left: number | null;
  readonly best: number | null;
  readonly passedAtMs: number | null;
  /** Until when the pass is good; null: for ever, or not passed. */
  readonly goodUntilMs: number | null;
}

export interface Standing {
  readonly modules: readonly ModuleStanding[];
  /** All that is not optional is passed, and good. */
  readonly isDone: boolean;
  /** Due, and not done. */
  readonly isOverdue: boolean;
  /** When the next pass lapses, or null. */
  readonly nextRefresherMs: number | null;
}

export type CourseFinding =
  | { readonly key: 'duplicate_module' | 'needs_itself'; readonly module: string }
  | { readonly key: 'no_such_module'; readonly module: string; readonly needs: string }
  | { readonly key: 'circle'; readonly module: string };

/** What cannot work in a course; nothing found: somebody who passes what is open always comes to its end. */
export function checkCourse({ modules }: Course): CourseFinding[] {
  const found: CourseFinding[] = [];
  const byId = new Map(modules.map((module) => [module.id, module]));
  for (const [at, module] of modules.entries()) {
    if (modules.findIndex((one) => one.id === module.id) !== at)
      found.push({ key: 'duplicate_module', module: module.id });
    for (const needs of module.needs)
      if (!byId.has(needs)) found.push({ key: 'no_such_module', module: module.id, needs });
    if (reaches(byId, module.id)) found.push({ key: 'circle', module: module.id });
  }
  return found;
}

/** Where somebody stands. Attempts may come in any order; times beyond now are left out. */
export function standingIn(
  { modules }: Course,
  attempts: readonly Attempt[],
  { nowMs, dueAtMs }: { readonly nowMs: number; readonly dueAtMs: number | null },
): Standing {
  const known = attempts.filter(({ atMs }) => atMs <= nowMs);
  const alone = new Map(modules.map((module) => [module.id, standingAlone(module, known, nowMs)]));
  const standings = modules.map((module): ModuleStanding => {
    const own = alone.get(module.id)!;
    const missing = module.needs.filter((needs) => alone.get(needs)?.state !== 'passed');
    const isOpen = own.state === 'open' || own.state === 'lapsed';
    return { ...own, missing, state: isOpen && missing.length > 0 ? 'locked' : own.state };
  });
  const isDone = modules.every(({ id: module, isOptional }) => isOptional || alone.get(module)?.state === 'passed');
  const lapses = standings.flatMap(({ state, goodUntilMs }) =>
    state === 'passed' && goodUntilMs !== null ? [goodUntilMs] : [],
  );
  return {
    modules: standings,
    isDone,
    isOverdue: dueAtMs !== null && nowMs > dueAtMs && !isDone,
    nextRefresherMs: lapses.length > 0 ? Math.min(...lapses) : null,
  };
}

/** Days that a pass is good for, after `streak` passes in time before it. */
export function refreshAfterDays({ firstDays, growthPercent, mostDays }: Refresher, streak: number): number {
  let after = firstDays;
  for (let n = 0; n < streak && after < mostDays; n++) after = Math.floor((after * growthPercent) / 100);
  return Math.min(after, mostDays);
}

function standingAlone(module: CourseModule, attempts: readonly Attempt[], nowMs: number): ModuleStanding {
  const own = attempts.filter((one) => one.module === module.id).sort((a, b) => a.atMs - b.atMs);
  let [tries, streak] = [0, -1];
  let passedAtMs: number | null = null;
  let goodUntilMs: number | null = null;
  let best: number | null = null;
  for (const { atMs, isPassed, points } of own) {
    const isGood = passedAtMs !== null && (goodUntilMs === null || atMs <= goodUntilMs);
    // Each time that it has to be shown there are as many attempts.
    if (passedAtMs !== null && !isGood) [tries, streak, passedAtMs] = [0, -1, null];
    if (!isGood && module.attempts !== null && tries >= module.attempts) continue;
    if (!isGood) tries += 1;
    best = Math.max(best ?? 0, points);
    if (!isPassed) {
      // Practice that goes wrong while the pass is good takes nothing away but the longer wait.
      streak = Math.min(streak, 0);
      continue;
    }
    streak += 1;
    passedAtMs = atMs;
    goodUntilMs = module.refresher ? atMs + refreshAfterDays(module.refresher, streak) * DAY_MS : null;
  }
  const isGood = passedAtMs !== null && (goodUntilMs === null || nowMs <= goodUntilMs);
  const hasLapsed = passedAtMs !== null && !isGood;
  const isExhausted = !isGood && !hasLapsed && module.attempts !== null && tries >= module.attempts;
  const state = isGood ? 'passed' : isExhausted ? 'exhausted' : hasLapsed ? 'lapsed' : 'open';
  const left = module.attempts === null || isGood ? null : Math.max(0, module.attempts - (hasLapsed ? 0 : tries));
  return { module: module.id, state, missing: [], attempts: own.length, left, best, passedAtMs, goodUntilMs };
}

function reaches(byId: ReadonlyMap<string, CourseModule>, start: string): boolean {
  const seen = new Set<string>();
  const queue = [...(byId.get(start)?.needs ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(byId.get(next)?.needs ?? []));
  }
  return false;
}
