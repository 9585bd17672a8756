import { blocksOf, unitsOf, type Block, type CourseStructure } from './structure.ts';
import type { MoveOn } from './vocabulary.ts';

/** What is known of an AU within one registration. */
export interface UnitFacts {
  readonly isCompleted: boolean;
  readonly isPassed: boolean;
  readonly isWaived: boolean;
}
export const NOTHING_YET: UnitFacts = { isCompleted: false, isPassed: false, isWaived: false };

/** moveOn (13.1.4); a waiver stands for it (9.3.9). */
export function isUnitSatisfied(moveOn: MoveOn, { isCompleted, isPassed, isWaived }: UnitFacts): boolean {
  if (isWaived) return true;
  switch (moveOn) {
    case 'Passed':
      return isPassed;
    case 'Completed':
      return isCompleted;
    case 'CompletedAndPassed':
      return isCompleted && isPassed;
    case 'CompletedOrPassed':
      return isCompleted || isPassed;
    case 'NotApplicable':
      return true;
  }
}

/** What is satisfied, by number; `blocks` from the inside out, which is the order to say it in. */
export interface Satisfied {
  readonly units: readonly number[];
  readonly blocks: readonly number[];
  readonly isCourse: boolean;
}

/** A block when all AUs in it are, those of inner blocks too; the course when all of them are (9.3.9). */
export function satisfiedIn(course: CourseStructure, factsOf: (unit: number) => UnitFacts): Satisfied {
  const all = unitsOf(course);
  const isGood = new Map(all.map((unit, index) => [unit, isUnitSatisfied(unit.moveOn, factsOf(index))]));
  const numberOf = new Map(blocksOf(course).map((block, index) => [block, index]));
  const blocks: number[] = [];
  const visit = (block: Block): void => {
    for (const member of block.members) if (member.kind === 'block') visit(member);
    if (unitsOf(block).every((unit) => isGood.get(unit))) blocks.push(numberOf.get(block)!);
  };
  for (const member of course.members) if (member.kind === 'block') visit(member);
  const units = all.flatMap((unit, index) => (isGood.get(unit) ? [index] : []));
  return { units, blocks, isCourse: units.length === all.length };
}
