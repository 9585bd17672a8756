import { describe, expect, it } from 'vitest';
import { aChapter, aProcedure, aStep, en, to } from '../../../../test/support/procedures.ts';
import { branchesOf, check, type Procedure } from '#protocol/procedures/index';
import { addBranch, BODY_KINDS, removeBranch, withKind } from './bodies.ts';

const done = { kind: 'confirmed' };
const words = { branch: (n: number) => en(`Way ${n}`), step: en('New step') };
const two = (): Procedure =>
  aProcedure([aStep('a', { transitions: [to('b', done)] }), aStep('b', { transitions: [to(null, done)] })]);
const bodyOf = (procedure: Procedure, id: string) => procedure.chapters[0]!.steps.find((step) => step.id === id)!.body;
const errors = (procedure: Procedure) => check(procedure).filter(({ severity }) => severity === 'error');

describe('the kind of a step', () => {
  it.each(BODY_KINDS.flatMap((from) => BODY_KINDS.map((into) => [from, into] as const)))(
    'from %s to %s leaves a procedure in which nothing leads astray and no steps are left over',
    (from, into) => {
      const made = withKind(withKind(two(), 'b', from, words), 'b', into, words);
      expect(bodyOf(made, 'b').kind).toBe(into);
      expect(errors(made)).toEqual([]);
      expect(made.subchapters.map(({ id }) => id)).toEqual(branchesOf(bodyOf(made, 'b')));
    },
  );

  it('ways that stood side by side stay when one of them is to be drawn', () => {
    const parallel = addBranch(withKind(two(), 'b', 'parallel', words), 'b', words);
    const random = withKind(parallel, 'b', 'random', words);
    expect(branchesOf(bodyOf(random, 'b'))).toEqual(branchesOf(bodyOf(parallel, 'b')));
    expect(branchesOf(bodyOf(random, 'b'))).toHaveLength(3);
  });

  it('a branch that goes takes along what was only inside it, and no more is asked for than is left', () => {
    const parallel = withKind(two(), 'b', 'parallel', words);
    const [first, second] = branchesOf(bodyOf(parallel, 'b'));
    const inner = parallel.subchapters[0]!.steps[0]!.id;
    const nested = withKind(parallel, inner, 'group', words);
    expect(nested.subchapters).toHaveLength(3);
    const both: Procedure = {
      ...nested,
      chapters: nested.chapters.map((chapter) => ({
        ...chapter,
        steps: chapter.steps.map((step) =>
          step.body.kind === 'parallel' ? { ...step, body: { ...step.body, needed: 2 } } : step,
        ),
      })),
    };
    const left = removeBranch(both, 'b', first!);
    expect(left.subchapters.map(({ id }) => id)).toEqual([second]);
    expect(bodyOf(left, 'b')).toMatchObject({ kind: 'parallel', branches: [second], needed: 1 });
    expect(removeBranch(left, 'b', second!)).toEqual(left);
  });

  it('a sub-procedure that two steps run stays when one of them no longer does', () => {
    const shared = aProcedure(
      [
        aStep('a', { body: { kind: 'group', chapter: 'sub' }, transitions: [to('b', done)] }),
        aStep('b', { body: { kind: 'group', chapter: 'sub' }, transitions: [to(null, done)] }),
      ],
      { subchapters: [aChapter('sub', [aStep('s', { transitions: [to(null, done)] })])] },
    );
    expect(withKind(shared, 'a', 'ordinary', words).subchapters).toHaveLength(1);
  });
});
