import { describe, expect, it } from 'vitest';
import { around, type GraphEdge } from './graph.ts';

const edge = (from: string, to: string): GraphEdge => ({ id: `${from}.${to}`, from, to, kind: 'way', way: 0 });

describe('what the graph begins with', () => {
  it('is the step at hand and what is three ways before and after it, whatever the order of the ways', () => {
    const line = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const edges = line.slice(1).map((to, at) => edge(line[at]!, to));
    for (const ways of [edges, edges.toReversed()]) {
      expect(around(ways, 'a').toSorted()).toEqual(['a', 'b', 'c', 'd']);
      expect(around(ways, 'e').toSorted()).toEqual(['b', 'c', 'd', 'e', 'f', 'g', 'h']);
    }
    expect(around([...edges, edge('a', 'x')], 'a').toSorted()).toEqual(['a', 'b', 'c', 'd', 'x']);
    expect(around([], 'alone')).toEqual(['alone']);
  });
});
