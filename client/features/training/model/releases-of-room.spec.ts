import { describe, expect, it } from 'vitest';
import { isSuperseded, newestLoaded, outdated } from './releases-of-room.ts';

const loaded = (line: string, number: number, newest: number) => ({
  release: `r-${line}-${number}`,
  procedure: `p-${line}-${number}`,
  title: { en: line },
  line,
  number,
  newest: { release: `r-${line}-${newest}`, number: newest },
});

describe('releases in a room', () => {
  it('says which procedure is out in a newer release that the room does not have', () => {
    const room = [loaded('pump', 1, 3), loaded('pump', 2, 3), loaded('gearbox', 4, 4)];
    expect(outdated(room).map(({ release, newest }) => [release, newest.release])).toEqual([['r-pump-2', 'r-pump-3']]);
    expect(outdated([...room, loaded('pump', 3, 3)])).toEqual([]);
  });

  it('offers the newest of each procedure for new runs, whatever came first', () => {
    const room = [loaded('pump', 2, 2), loaded('pump', 1, 2), loaded('gearbox', 4, 4)];
    expect(newestLoaded(room).map(({ procedure }) => procedure)).toEqual(['p-pump-2', 'p-gearbox-4']);
    expect(['p-pump-1', 'p-pump-2', 'p-unknown'].map((one) => isSuperseded(room, one))).toEqual([true, false, false]);
  });
});
