import fc from 'fast-check';
import { expect, test } from 'vitest';
import { courses } from './cmi5.fixtures.ts';
import { isUnitSatisfied, satisfiedIn, type UnitFacts } from './satisfaction.ts';
import { blocksOf, unitsOf } from './structure.ts';
import { MOVE_ON } from './vocabulary.ts';

const facts: fc.Arbitrary<UnitFacts> = fc.record({
  isCompleted: fc.boolean(),
  isPassed: fc.boolean(),
  isWaived: fc.boolean(),
});
/** A course with what is known of each of its units. */
const taken = courses.chain((course) => {
  const count = unitsOf(course).length;
  return fc.tuple(fc.constant(course), fc.array(facts, { minLength: count, maxLength: count }));
});

test('moveOn is what the table of 13.1.4 says', () => {
  const told = (isCompleted: boolean, isPassed: boolean) =>
    MOVE_ON.filter((moveOn) => isUnitSatisfied(moveOn, { isCompleted, isPassed, isWaived: false }));
  expect(told(false, false)).toEqual(['NotApplicable']);
  expect(told(true, false)).toEqual(['Completed', 'CompletedOrPassed', 'NotApplicable']);
  expect(told(false, true)).toEqual(['Passed', 'CompletedOrPassed', 'NotApplicable']);
  expect(told(true, true)).toEqual([...MOVE_ON]);
});

test('a block is satisfied exactly when every unit in it is, and inner blocks are told before outer ones', () => {
  fc.assert(
    fc.property(taken, ([course, known]) => {
      const { units, blocks, isCourse } = satisfiedIn(course, (unit) => known[unit]!);
      const all = unitsOf(course);
      const isGood = (id: string) => units.some((unit) => all[unit]!.id === id);
      const every = blocksOf(course);
      every.forEach((block, number) => {
        expect(blocks.includes(number)).toBe(unitsOf(block).every(({ id }) => isGood(id)));
        for (const inner of blocksOf(block)) {
          const place = blocks.indexOf(every.findIndex(({ id }) => id === inner.id));
          if (blocks.includes(number)) expect(place).toBeLessThan(blocks.indexOf(number));
        }
      });
      expect(isCourse).toBe(all.every(({ id }) => isGood(id)));
      expect(new Set(blocks).size).toBe(blocks.length);
    }),
    { numRuns: 500 },
  );
});

test('what is satisfied stays so, whatever else is reached; a waiver of everything satisfies everything', () => {
  fc.assert(
    fc.property(taken, fc.nat(), ([course, known], at) => {
      const before = satisfiedIn(course, (unit) => known[unit]!);
      for (const more of [{ isCompleted: true }, { isPassed: true }, { isWaived: true }]) {
        const after = satisfiedIn(course, (unit) => ({ ...known[unit]!, ...(unit === at % known.length ? more : {}) }));
        expect(after.units).toEqual(expect.arrayContaining([...before.units]));
        expect(after.blocks).toEqual(expect.arrayContaining([...before.blocks]));
        if (before.isCourse) expect(after.isCourse).toBe(true);
      }
      const waived = satisfiedIn(course, () => ({ isCompleted: false, isPassed: false, isWaived: true }));
      expect(waived).toMatchObject({ isCourse: true, blocks: { length: blocksOf(course).length } });
    }),
  );
});
