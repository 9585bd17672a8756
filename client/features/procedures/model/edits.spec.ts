import { describe, expect, it } from 'vitest';
import { aChapter, aProcedure, aStep, en, to } from '../../../../test/support/procedures.ts';
import { GEARBOX } from '../../../../test/support/training.ts';
import { check, stepsOf, type Procedure } from '#protocol/procedures/index';
import { addChapter, addStep, duplicateStep, moveStep, removeStep, translate, wayOf } from './edits.ts';

const done = { kind: 'confirmed' };
const three = (): Procedure =>
  aProcedure([
    aStep('a', { transitions: [to('b', done)] }),
    aStep('b', { transitions: [to('c', done), to('a', { kind: 'timeout', afterMs: 1000 })] }),
    aStep('c', { transitions: [to(null, done)] }),
  ]);
const order = (procedure: Procedure) => procedure.chapters[0]!.steps.map(({ id }) => id as string);
/** The steps in the order in which a run comes to them by first ways. */
function walked({ chapters: [chapter] }: Procedure): string[] {
  const seen: string[] = [];
  let at: string | null = chapter!.first;
  while (at !== null && !seen.includes(at)) {
    seen.push(at);
    at = wayOf(chapter!.steps.find(({ id }) => id === at)!);
  }
  return seen;
}

describe('steps in the list', () => {
  it('a step that is added stands in the way from the one before to the one after', () => {
    const { procedure, step } = addStep(three(), 'main', 'a', en('New'));
    expect(order(procedure)).toEqual(['a', step, 'b', 'c']);
    expect(walked(procedure)).toEqual(['a', step, 'b', 'c']);
  });

  it.each([
    ['a', 2, ['b', 'c', 'a']],
    ['a', 1, ['b', 'a', 'c']],
    ['c', 0, ['c', 'a', 'b']],
    ['b', 0, ['b', 'a', 'c']],
    ['b', 2, ['a', 'c', 'b']],
  ])('%s moved to place %i runs in the order of the list', (step, at, expected) => {
    const moved = moveStep(three(), step, 'main', at);
    expect(order(moved)).toEqual(expected);
    expect(walked(moved)).toEqual(expected);
  });

  it('a step that is taken out is led past', () => {
    const left = removeStep(three(), 'b', en('New'));
    expect(walked(left)).toEqual(['a', 'c']);
    expect(JSON.stringify(left.chapters)).not.toContain('"b"');
  });

  it('the only step gives way to an empty one, and a chapter’s only step takes the chapter with it', () => {
    const one = aProcedure([aStep('a', { transitions: [to(null, done)] })]);
    expect(removeStep(one, 'a', en('New')).chapters[0]!.steps).toHaveLength(1);
    const { procedure } = addChapter(one, en('Second'), en('New'));
    expect(removeStep(procedure, 'a', en('New')).chapters.map(({ title }) => title)).toEqual([en('Second')]);
  });

  it('a copy follows its original, with an id of its own', () => {
    const copied = duplicateStep(three(), 'b')!;
    expect(walked(copied.procedure)).toEqual(['a', 'b', copied.step, 'c']);
  });

  it('moving any step of the gearbox to any place of its chapter and back gives the gearbox', () => {
    for (const { chapter, step } of stepsOf(GEARBOX)) {
      const from = chapter.steps.indexOf(step);
      for (const at of chapter.steps.keys()) {
        const moved = moveStep(GEARBOX, step.id, chapter.id, at);
        expect(check(moved).filter(({ key }) => key === 'unreachable' || key === 'no_exit')).toEqual([]);
        expect(moveStep(moved, step.id, chapter.id, from)).toEqual(GEARBOX);
      }
    }
  });

  it('a step in another chapter leads on there, and not back', () => {
    const two = aProcedure([], {
      chapters: [
        aChapter('x', [aStep('a', { transitions: [to('b', done)] }), aStep('b', { transitions: [to(null, done)] })]),
        aChapter('y', [aStep('c', { transitions: [to(null, done)] })]),
      ],
    });
    const moved = moveStep(two, 'a', 'y', 0);
    expect(moved.chapters[0]!.first).toBe('b');
    expect(moved.chapters[1]!.first).toBe('a');
    expect(wayOf(moved.chapters[1]!.steps[0]!)).toBe('c');
  });
});

it('a translation is written where it belongs, and the document before stays as it was', () => {
  const before = three();
  const after = translate(before, { step: 'b', path: 'title' }, 'zh', '步骤');
  expect(after.chapters[0]!.steps[1]!.title).toEqual({ ...en('Step b'), zh: '步骤' });
  expect(before.chapters[0]!.steps[1]!.title).toEqual(en('Step b'));
});
