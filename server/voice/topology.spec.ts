import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Topology, TOPOLOGY } from './topology.ts';

const calm = { isReady: true, canForward: true };

describe('how a room’s voice travels', () => {
  it('is direct for six and forwarded for seven, over a moment in which both are open', () => {
    const topology = new Topology({ meshPeople: 6 });
    expect(topology.advance({ ...calm, people: 6, nowMs: 0 })).toBe(false);
    topology.advance({ ...calm, isReady: false, people: 7, nowMs: 50 });
    expect(topology.way).toBe('to-forwarded');
    topology.advance({ ...calm, isReady: false, people: 7, nowMs: 100 });
    expect(topology.way).toBe('to-forwarded');
    topology.advance({ ...calm, people: 7, nowMs: 150 });
    expect(topology.way).toBe('forwarded');
  });

  it('waits for somebody who never gets ready, but not for ever', () => {
    const topology = new Topology({ meshPeople: 6 });
    topology.advance({ ...calm, isReady: false, people: 7, nowMs: 0 });
    topology.advance({ ...calm, isReady: false, people: 7, nowMs: TOPOLOGY.moveMs - 1 });
    expect(topology.way).toBe('to-forwarded');
    topology.advance({ ...calm, isReady: false, people: 7, nowMs: TOPOLOGY.moveMs });
    expect(topology.way).toBe('forwarded');
  });

  it('stays direct when there is nothing to forward with, and comes back when the forwarder is lost', () => {
    const topology = new Topology({ meshPeople: 6 });
    expect(topology.advance({ ...calm, canForward: false, people: 9, nowMs: 0 })).toBe(false);
    topology.advance({ ...calm, people: 9, nowMs: 1 });
    topology.advance({ ...calm, people: 9, nowMs: 2 });
    topology.advance({ ...calm, canForward: false, people: 9, nowMs: 3 });
    expect(topology.way).toBe('to-mesh');
  });

  it('does not flap, however people come and go around the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 4, max: 9 }), { minLength: 50, maxLength: 600 }), (counts) => {
        const topology = new Topology({ meshPeople: 6 });
        let downAtMs = -Infinity;
        let upAtMs = -Infinity;
        counts.forEach((people, i) => {
          const nowMs = i * 200;
          const before = topology.way;
          topology.advance({ ...calm, people, nowMs });
          if (topology.way === before) return;
          if (topology.way === 'forwarded') upAtMs = nowMs;
          if (topology.way === 'to-mesh') {
            // Only after quiet seconds in which nobody needed the forwarder.
            expect(nowMs - upAtMs).toBeGreaterThanOrEqual(TOPOLOGY.stayMs);
            const quiet = counts.slice(i - TOPOLOGY.stayMs / 200, i + 1);
            expect(Math.max(...quiet)).toBeLessThan(6);
            expect(nowMs - downAtMs).toBeGreaterThanOrEqual(TOPOLOGY.stayMs);
            downAtMs = nowMs;
          }
          if (topology.way === 'to-forwarded') expect(people).toBeGreaterThan(6);
        });
      }),
    );
  });
});
