import { describe, expect, it } from 'vitest';
import { check, type Procedure } from '#protocol/procedures/index';
import { aChapter, aProcedure, aStep, to } from '../../../../test/support/procedures.ts';
import { layOut } from './graph.ts';
import { canErase, drawWay, eraseWay, wayRefused } from './ways.ts';

const confirmed = { kind: 'confirmed' };
const procedure = aProcedure([], {
  chapters: [
    aChapter('one', [
      aStep('a', { transitions: [to('b', confirmed)] }),
      aStep('b', { transitions: [to('c', confirmed)] }),
      aStep('c', { transitions: [to(null, { kind: 'touched', thing: 'bolt' })] }),
    ]),
    aChapter('two', [
      aStep('d', { transitions: [to('e', confirmed)] }),
      aStep('e', { body: { kind: 'end', outcome: 'completed' } as never, transitions: [] }),
    ]),
  ],
});
const waysOf = (of: Procedure, id: string) =>
  of.chapters.flatMap(({ steps }) => steps).find((step) => step.id === id)!.transitions;

describe('a way that is drawn', () => {
  it('comes after those there are, leads where it was drawn to, and stands in the graph', () => {
    const drawn = drawWay(procedure, { from: 'a', to: 'c' });
    expect(waysOf(drawn, 'a').map((way) => way.to)).toEqual(['b', 'c']);
    expect(new Set(waysOf(drawn, 'a').map(({ id }) => id)).size).toBe(2);
    expect(layOut(drawn, []).edges.map(({ from, to: target }) => `${from}${target}`)).toContain('ac');
    expect(check(drawn).filter(({ severity }) => severity === 'error')).toEqual(
      check(procedure).filter(({ severity }) => severity === 'error'),
    );
    expect(waysOf(procedure, 'a')).toHaveLength(1);
  });

  it('to the first step of the next chapter leads to the end of its own', () => {
    expect(waysOf(drawWay(procedure, { from: 'a', to: 'd' }), 'a').map((way) => way.to)).toEqual(['b', null]);
    expect(waysOf(drawWay(procedure, { from: 'b', to: null }), 'b').at(-1)!.to).toBeNull();
  });

  it.each([
    ['same', 'a', 'a'],
    ['there', 'a', 'b'],
    ['there', 'c', 'd'],
    ['elsewhere', 'a', 'e'],
    ['elsewhere', 'd', 'a'],
    ['ending', 'e', 'd'],
  ] as const)('is refused (%s) from %s to %s, and changes nothing', (why, from, target) => {
    expect(wayRefused(procedure, { from, to: target })).toBe(why);
    expect(drawWay(procedure, { from, to: target })).toBe(procedure);
  });
});

describe('a way that is erased', () => {
  it('goes with its conditions where there are others', () => {
    const drawn = drawWay(procedure, { from: 'a', to: 'c' });
    expect(waysOf(eraseWay(drawn, 'a', 0), 'a').map((way) => way.to)).toEqual(['c']);
    expect(eraseWay(drawn, 'a', 1)).toEqual(procedure);
  });

  it('as the only one leads to the end of the chapter and keeps its conditions; from there nothing is taken away', () => {
    const erased = eraseWay(procedure, 'b', 0);
    expect(waysOf(erased, 'b')).toEqual([{ ...waysOf(procedure, 'b')[0], to: null }]);
    expect(canErase(procedure, 'c', 0)).toBe(false);
    expect(eraseWay(procedure, 'c', 0)).toBe(procedure);
  });
});
