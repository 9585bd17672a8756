import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mic, VoiceWay } from '#protocol/room/index';
import { heardBy, wantedLinks } from './wanted-links.ts';

const WAYS: VoiceWay[] = ['mesh', 'to-forwarded', 'forwarded', 'to-mesh'];
const members = fc
  .uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 4 }), fc.constantFrom<Mic>('none', 'muted', 'open')), {
    selector: ([session]) => session,
    minLength: 2,
    maxLength: 9,
  })
  .map((list) => new Map(list));

describe('the connections of a voice', () => {
  it('are wanted by both ends or by neither', () => {
    fc.assert(
      fc.property(members, fc.constantFrom(...WAYS), (list, way) => {
        for (const a of list.keys())
          for (const b of list.keys())
            expect(wantedLinks(a, list, way).peers.has(b)).toBe(a !== b && wantedLinks(b, list, way).peers.has(a));
      }),
    );
  });

  it('let everybody hear everybody who has a microphone, by one way at least', () => {
    fc.assert(
      fc.property(members, fc.constantFrom(...WAYS), (list, way) => {
        for (const me of list.keys())
          for (const [other, mic] of list) {
            if (other === me || mic === 'none') continue;
            const { peers, hall } = wantedLinks(me, list, way);
            expect(peers.has(other) || hall).toBe(true);
            const by = heardBy(way, peers.has(other), hall);
            expect(by === 'peer' ? peers.has(other) : hall).toBe(true);
          }
      }),
    );
  });

  it('are heard by the former way as long as it works, and by the other as soon as it does not', () => {
    expect(heardBy('to-forwarded', true, true)).toBe('peer');
    expect(heardBy('to-forwarded', false, true)).toBe('hall');
    expect(heardBy('to-mesh', true, true)).toBe('hall');
    expect(heardBy('to-mesh', true, false)).toBe('peer');
  });

  it('are none where nobody has a microphone, and none for somebody who is not in the voice', () => {
    const silent = new Map<string, Mic>([
      ['a', 'none'],
      ['b', 'none'],
      ['c', 'none'],
    ]);
    for (const way of WAYS) {
      expect(wantedLinks('a', silent, way)).toEqual({ peers: new Set(), hall: false });
      expect(wantedLinks('x', new Map<string, Mic>([['a', 'open']]), way)).toEqual({ peers: new Set(), hall: false });
    }
  });
});
