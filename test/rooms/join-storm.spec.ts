import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkhallError } from '#protocol/errors';
import type { RoomSession } from '#net/index';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const SEATS = 12;

describe('many people who enter at once', () => {
  let hall: Hall;
  let ann: Person;

  beforeAll(async () => {
    hall = await startHall({ env: { ROOM_MAX_PEOPLE: String(SEATS) } });
    ann = await signIn(hall.url, 'Ann');
  });
  afterAll(async () => hall?.stop());

  const storm = async (room: string, people: number) => {
    const entered: RoomSession[] = [];
    const refused: WorkhallError[] = [];
    await Promise.all(
      Array.from({ length: people }, () =>
        ann.enter(room).then(
          (session) => entered.push(session),
          (thrown: WorkhallError) => refused.push(thrown),
        ),
      ),
    );
    return { entered, refused };
  };

  it('meet in one room, also when nobody was there to open it', async () => {
    const { room } = await openProject(ann);
    const { entered } = await storm(room, SEATS);
    expect(entered).toHaveLength(SEATS);
    for (const session of entered)
      await until('everybody sees everybody', () => session.participants.get().length === SEATS);
    expect(new Set(entered.map(({ me }) => me.participant)).size).toBe(SEATS);
    const added = entered[0]!.submit('parts.add', { parts: [solid('seen')] }) as { id: string };
    await entered[0]!.confirmed(added.id);
    for (const session of entered)
      await until('everybody has the part', () => session.document.get().tables.get('parts')?.has('seen') ?? false);
    await Promise.all(entered.map((session) => session.leave()));
  });

  it('never take more seats than there are; the others are told why, and come in when somebody leaves', async () => {
    const { room } = await openProject(ann);
    const { entered, refused } = await storm(room, 3 * SEATS);
    expect(entered).toHaveLength(SEATS);
    expect(refused).toHaveLength(2 * SEATS);
    for (const thrown of refused) {
      expect(thrown).toBeInstanceOf(WorkhallError);
      expect(['room_full', 'no_seat']).toContain(thrown.problem.key);
    }
    expect(refused.some(({ problem }) => problem.key === 'room_full')).toBe(true);
    await entered.pop()!.leave();
    let late: RoomSession | undefined;
    await until('the place is free', async () => {
      late = await ann.enter(room).catch(() => undefined);
      return late !== undefined;
    });
    await Promise.all([late!, ...entered].map((session) => session.leave()));
  });
});
