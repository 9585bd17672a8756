import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCourse, refreshAfterDays, standingIn, type Attempt, type Course, type CourseModule } from './course.ts';

const DAY_MS = 86_400_000;
const refresher = fc
  .record({
    firstDays: fc.integer({ min: 1, max: 60 }),
    growthPercent: fc.integer({ min: 100, max: 400 }),
    mostDays: fc.integer({ min: 1, max: 800 }),
  })
  .map((one) => ({ ...one, mostDays: Math.max(one.firstDays, one.mostDays) }));

/** Modules that need only earlier ones: no circles. */
const course = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(20), { maxLength: 3 }),
      isOptional: fc.boolean(),
      attempts: fc.option(fc.integer({ min: 1, max: 3 })),
      refresher: fc.option(refresher),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rows): Course => ({
    v: 1,
    title: { en: 'Course' },
    description: {},
    modules: rows.map((row, at) => ({
      ...row,
      id: `m${at}`,
      title: { en: `Module ${at}` },
      line: `p${at}`,
      mode: 'practice',
      needs: [...new Set(row.needs.filter((n) => n < at).map((n) => `m${n}`))],
    })),
  }));
const attemptsOf = ({ modules }: Course) =>
  fc.array(
    fc.record({
      module: fc.constantFrom(...modules.map(({ id }) => id)),
      atMs: fc.integer({ min: 0, max: 400 }).map((day) => day * DAY_MS),
      isPassed: fc.boolean(),
      points: fc.integer({ min: 0, max: 1000 }),
    }),
    { maxLength: 30 },
  );
const withAttempts = course.chain((one) =>
  fc.tuple(fc.constant(one), attemptsOf(one), fc.integer({ min: 0, max: 900 })),
);
const at = (day: number, dueDay: number | null = null) => ({
  nowMs: day * DAY_MS,
  dueAtMs: dueDay === null ? null : dueDay * DAY_MS,
});
const RUNS = { numRuns: 3000 };

describe('a course', () => {
  it('never offers a module before what it needs is passed and good', () => {
    fc.assert(
      fc.property(withAttempts, ([one, attempts, day]) => {
        const { modules } = standingIn(one, attempts, at(day));
        const state = new Map(modules.map((module) => [module.module, module.state]));
        for (const module of one.modules) {
          if (!['open', 'lapsed'].includes(state.get(module.id)!)) continue;
          for (const needs of module.needs) expect(state.get(needs)).toBe('passed');
        }
      }),
      RUNS,
    );
  });

  it('can always be done by somebody who passes what is open, unless attempts ran out', () => {
    fc.assert(
      fc.property(withAttempts, ([one, attempts, day]) => {
        const all: Attempt[] = attempts.filter(({ atMs }) => atMs <= day * DAY_MS);
        for (let round = 0; round <= one.modules.length; round++)
          for (const { module, state } of standingIn(one, all, at(day)).modules)
            if (state === 'open' || state === 'lapsed')
              all.push({ module, atMs: day * DAY_MS, isPassed: true, points: 1000 });
        const end = standingIn(one, all, at(day));
        const isStuck = end.modules.some(({ state }) => state === 'exhausted');
        if (!isStuck) expect([end.isDone, end.modules.every(({ state }) => state === 'passed')]).toEqual([true, true]);
      }),
      RUNS,
    );
  });

  it('does not mind in which order attempts are told', () => {
    fc.assert(
      fc.property(withAttempts, ([one, attempts, day]) => {
        // Two at one moment have no order of their own.
        const moments = new Map(attempts.map((attempt) => [`${attempt.module}/${attempt.atMs}`, attempt]));
        const some = [...moments.values()];
        expect(standingIn(one, some.toReversed(), at(day))).toEqual(standingIn(one, some, at(day)));
      }),
      RUNS,
    );
  });

  it('lets what has lapsed stay lapsed until it is shown again, however long one waits', () => {
    fc.assert(
      fc.property(withAttempts, fc.nat(500), ([one, attempts, day], more) => {
        const known = attempts.filter(({ atMs }) => atMs <= day * DAY_MS);
        const [now, later] = [standingIn(one, known, at(day)), standingIn(one, known, at(day + more))];
        for (const [n, { state, goodUntilMs }] of now.modules.entries()) {
          if (state !== 'passed') expect(later.modules[n]!.state).not.toBe('passed');
          else if (goodUntilMs === null || goodUntilMs >= (day + more) * DAY_MS)
            expect(later.modules[n]!.state).toBe('passed');
        }
      }),
      RUNS,
    );
  });

  it('is overdue only after its day, and not when it is done', () => {
    fc.assert(
      fc.property(withAttempts, fc.nat(900), ([one, attempts, day], due) => {
        const { isOverdue, isDone } = standingIn(one, attempts, at(day, due));
        expect(isOverdue).toBe(day > due && !isDone);
      }),
      RUNS,
    );
  });
});

describe('refreshers', () => {
  it('come later and later, and never later than the longest', () => {
    fc.assert(
      fc.property(refresher, fc.nat(30), (one, streak) => {
        const [now, next] = [refreshAfterDays(one, streak), refreshAfterDays(one, streak + 1)];
        expect(next).toBeGreaterThanOrEqual(now);
        expect(next).toBeLessThanOrEqual(one.mostDays);
      }),
      RUNS,
    );
  });

  const module: CourseModule = {
    id: 'm',
    title: { en: 'M' },
    line: 'p',
    mode: 'exam',
    needs: [],
    isOptional: false,
    attempts: 2,
    refresher: { firstDays: 30, growthPercent: 200, mostDays: 100 },
  };
  const one: Course = { v: 1, title: { en: 'C' }, description: {}, modules: [module] };
  const tried = (day: number, isPassed = true): Attempt => ({
    module: 'm',
    atMs: day * DAY_MS,
    isPassed,
    points: isPassed ? 900 : 300,
  });
  const shown = (attempts: Attempt[], day: number) => {
    const { state, goodUntilMs } = standingIn(one, attempts, at(day)).modules[0]!;
    return [state, goodUntilMs === null ? null : goodUntilMs / DAY_MS];
  };

  it('are spaced: 30, 60, then 100 days; who comes too late starts with 30', () => {
    expect(shown([tried(0)], 30)).toEqual(['passed', 30]);
    expect(shown([tried(0), tried(20)], 20)).toEqual(['passed', 80]);
    expect(shown([tried(0), tried(20), tried(70)], 70)).toEqual(['passed', 170]);
    expect(shown([tried(0)], 31)).toEqual(['lapsed', 30]);
    expect(shown([tried(0), tried(40)], 41)).toEqual(['passed', 70]);
  });

  it('give as many attempts again, and none beyond', () => {
    expect(shown([tried(0, false), tried(1, false), tried(2)], 3)).toEqual(['exhausted', null]);
    expect(shown([tried(0), tried(40, false), tried(41, false), tried(42)], 43)).toEqual(['exhausted', 30]);
  });
});

it('the check finds circles, unknown modules and doubles', () => {
  const module = (id: string, needs: string[]): CourseModule => ({
    id,
    title: {},
    line: id,
    mode: 'exam',
    needs,
    isOptional: false,
    attempts: null,
    refresher: null,
  });
  const keys = (modules: CourseModule[]) =>
    checkCourse({ v: 1, title: {}, description: {}, modules }).map(({ key }) => key);
  expect(keys([module('a', ['b']), module('b', ['c']), module('c', ['a'])])).toEqual(['circle', 'circle', 'circle']);
  expect(keys([module('a', ['z']), module('a', [])])).toEqual(['no_such_module', 'duplicate_module']);
  expect(keys([module('a', []), module('b', ['a'])])).toEqual([]);
});
