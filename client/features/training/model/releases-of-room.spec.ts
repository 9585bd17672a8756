import { describe, expect, it } from 'vitest';
import type { TrainingRoomView } from '#protocol/api/training';
import { isSuperseded, newestLoaded, withNewerRelease, roomFor } from './releases-of-room.ts';

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
    expect(withNewerRelease(room).map(({ release, newest }) => [release, newest.release])).toEqual([
      ['r-pump-2', 'r-pump-3'],
    ]);
    expect(withNewerRelease([...room, loaded('pump', 3, 3)])).toEqual([]);
  });

  it('offers the newest of each procedure for new runs, whatever came first', () => {
    const room = [loaded('pump', 2, 2), loaded('pump', 1, 2), loaded('gearbox', 4, 4)];
    expect(newestLoaded(room).map(({ procedure }) => procedure)).toEqual(['p-pump-2', 'p-gearbox-4']);
    expect(['p-pump-1', 'p-pump-2', 'p-unknown'].map((one) => isSuperseded(room, one))).toEqual([true, false, false]);
  });

  it('leads to an open room that has the procedure, in its newest release where there is one', () => {
    const room = (id: string, closed: boolean, ...procedures: ReturnType<typeof loaded>[]) =>
      ({ room: id, closed: closed ? { by: 'Ina', at: 1 } : null, procedures }) as unknown as TrainingRoomView;
    const rooms = [
      room('closed', true, loaded('pump', 2, 2)),
      room('older', false, loaded('pump', 1, 2)),
      room('both', false, loaded('pump', 1, 2), loaded('pump', 2, 2)),
      room('other', false, loaded('gearbox', 1, 1)),
    ];
    expect(roomFor(rooms, 'pump')?.room).toBe('both');
    expect(roomFor(rooms.slice(0, 2), 'pump')?.room).toBe('older');
    expect(roomFor(rooms.slice(0, 1), 'pump')).toBeNull();
  });
});
