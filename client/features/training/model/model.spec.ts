import { describe, expect, it } from 'vitest';
import { react, start } from '#protocol/procedures/index';
import { checkCourse, type RunRow } from '#protocol/training/index';
import { clockText } from './clock-text.ts';
import { comparisonOf } from './comparison.ts';
import { blankCourse, moved, withModule, withoutModule } from './course-draft.ts';
import type { Examined, OtherRun } from './examine.ts';
import { csvOf } from './figures-csv.ts';
import { heatOf, lookedAt } from './heat-map.ts';
import { laneEvents } from './lanes.ts';
import { lookAt, type Look } from './motion.ts';
import { lineOf } from './run-line.ts';
import { medianOf, type RunStory } from './story.ts';
import { GEARBOX } from '../../../../test/support/training.ts';

const STEP = GEARBOX.chapters[0]!.first;

describe('comparing a run', () => {
  const other = (person: string, startedAtMs: number, ms: number, more: Partial<OtherRun> = {}): OtherRun => ({
    ...{ run: `${person} ${startedAtMs}`, people: [person], mode: 'practice', startedAtMs, points: 900, full: 1000 },
    ...{ isPassed: true, durationMs: ms, figures: [{ step: STEP, ms, attempts: 1, errors: 0 }], ...more },
  });
  const stay = { step: STEP, thread: 'main', attempt: 1, fromMs: 0, toMs: 5000, how: 'transition' };
  const examined = (others: readonly OtherRun[]) =>
    ({
      run: { id: 'mine', participants: [{ id: 'tom' }], startedAtMs: 100 },
      procedure: GEARBOX,
      story: { stays: [stay], findings: [], faults: [], durationMs: 5000 },
      others,
    }) as unknown as Examined;

  it('takes earlier runs of the same people alone for “earlier”, not later ones', () => {
    const { earlier, steps } = comparisonOf(
      examined([other('tom', 50, 4000), other('tom', 60, 8000), other('tom', 200, 1000)]),
    );
    expect(earlier.map(({ startedAtMs }) => startedAtMs)).toEqual([50, 60]);
    expect(steps[0]).toMatchObject({ step: STEP, ms: 5000, beforeMs: 6000 });
  });

  it('tells nothing about a class of two, whose middle would be single people', () => {
    const two = [other('tia', 1, 3000), other('tim', 2, 4000)];
    expect(comparisonOf(examined(two))).toMatchObject({ classRuns: 0, steps: [{ classMs: null }] });
    const three = [...two, other('tess', 3, 9000)];
    expect(comparisonOf(examined(three))).toMatchObject({ classRuns: 3, steps: [{ classMs: 4000 }] });
  });

  it('takes the fastest that was passed for the best', () => {
    const { best } = comparisonOf(examined([other('tia', 1, 100, { isPassed: false }), other('tim', 2, 4000)]));
    expect(best?.people).toEqual(['tim']);
  });

  it('stands beside the newest run of an expert that others may follow, and beside none of another procedure', () => {
    const others = [other('eve', 1, 3000), other('eva', 2, 2000)];
    const { expert, steps } = comparisonOf(examined(others), ['elsewhere', 'eva 2', 'eve 1']);
    expect([expert?.people, steps[0]!.expertMs]).toEqual([['eva'], 2000]);
    expect(comparisonOf(examined(others))).toMatchObject({ expert: null, steps: [{ expertMs: null }] });
  });
});

describe('the time line', () => {
  const stay = (fromMs: number, toMs: number | null) => ({
    ...{ step: `s${fromMs}`, thread: 'main', attempt: 1, fromMs, toMs, how: null },
  });
  const story: RunStory = {
    stays: [stay(0, 10), stay(5, 20), stay(10, null)],
    findings: [{ kind: 'hint', atMs: 7, step: null, by: null, facts: {} }],
    faults: [{ fault: 'f', injectedMs: 8, foundMs: null, diagnosedMs: null, clearedMs: null }],
    reports: [],
    durationMs: 30,
  };
  it('puts steps that go on together below each other, and lets what was never left end with the run', () => {
    const steps = laneEvents(story).filter(({ lane }) => lane === 'steps');
    expect(steps.map(({ row, toMs }) => [row, toMs])).toEqual([
      [0, 10],
      [1, 20],
      [0, 30],
    ]);
  });
  it('is in order of time over all lanes', () => {
    expect(laneEvents(story).map(({ fromMs }) => fromMs)).toEqual([0, 5, 7, 8, 10]);
  });
});

describe('motion from above', () => {
  const look = (atMs: number, forwardInRoom: Look['forwardInRoom']): Look => ({
    atMs,
    headInRoom: [1, 1.7, 2],
    forwardInRoom,
  });
  it('finds the place on the bench that a look meets, and none for a look at the horizon or up', () => {
    const half = Math.SQRT1_2;
    const points = lookedAt([look(0, [0, -half, -half]), look(1, [0, 0, -1]), look(2, [0, 1, 0])], 0.7);
    expect(points).toHaveLength(1);
    expect(points[0]![0]).toBeCloseTo(1);
    expect(points[0]![1]).toBeCloseTo(1);
  });
  it('counts in squares, and stays small for somebody who walks a kilometre', () => {
    const map = heatOf([
      [0, 0],
      [0.05, 0],
      [1000, 1000],
    ])!;
    expect(map.columns * map.rows).toBeLessThanOrEqual(201 * 201);
    expect([map.counts[0], map.most]).toEqual([2, 2]);
    expect(heatOf([])).toBeNull();
  });
  it('does not show somebody who has long been gone', () => {
    const looks = [look(1000, [0, 0, -1])];
    expect([lookAt(looks, 500), lookAt(looks, 2000)?.atMs, lookAt(looks, 60_000)]).toEqual([null, 1000, null]);
  });
});

describe('a spreadsheet', () => {
  it('gets text quoted where need be, and nothing that it would take for a formula', () => {
    expect(csvOf([['a,b', 'say "x"', '=1+1', -40, null]])).toBe('"a,b","say ""x""",\'=1+1,-40,');
  });
});

it('a run that was taken on has what was passed over still to come, and marks the step at hand', () => {
  const order = GEARBOX.chapters.flatMap(({ steps }) => steps.filter(({ body }) => body.kind !== 'end'));
  const people = [{ id: 'tom' as never, roles: [], station: null }];
  const begun = start(GEARBOX, { mode: 'practice', seed: 1, participants: people, startedAtMs: 0 }).state;
  const to = GEARBOX.chapters[1]!.first;
  const { state } = react(GEARBOX, begun, { type: 'jumped', by: 'ina' as never, to }, 1000);
  const { marks } = lineOf({ outcome: null, isFrozen: false, state } as unknown as RunRow, GEARBOX);
  expect(marks.indexOf('now')).toBe(order.findIndex(({ id }) => id === to));
  expect(marks.slice(1, marks.indexOf('now'))).not.toContain('done');
});

describe('making a course', () => {
  it('asks for the module before, and closes the gap when one goes', () => {
    let course = blankCourse({ en: 'C' });
    for (const id of ['a', 'b', 'c']) course = withModule(course, 'line', { en: id }, id);
    expect(course.modules.map(({ needs }) => needs)).toEqual([[], ['a'], ['b']]);
    const shorter = withoutModule(course, 'b');
    expect(shorter.modules.map(({ needs }) => needs)).toEqual([[], ['a']]);
    expect(checkCourse(shorter)).toEqual([]);
    expect(moved(course, 'c', -1).modules.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
    expect(moved(course, 'a', -1)).toBe(course);
  });
});

it('says times as a clock does', () => {
  expect([0, 59_999, 3_600_000, 3_729_000].map(clockText)).toEqual(['0:00', '0:59', '1:00:00', '1:02:09']);
});
it('finds the middle of an even and an odd number of figures', () => {
  expect([medianOf([]), medianOf([3, 1, 2]), medianOf([4, 1])]).toEqual([null, 2, 2.5]);
});
