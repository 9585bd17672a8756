import { PartId } from '#protocol/ids';
import { openProject, solid, until, type Person } from '../../support/people.ts';

/** A PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const PARTS = 50;
/** Ops on their way at once; the replica and the server are never idle and never flooded. */
const IN_FLIGHT = 200;

/** A design room whose journal holds `ops` entries besides its opening. */
export async function designedRoom(person: Person, ops: number): Promise<string> {
  const { room } = await openProject(person);
  const session = await person.enter(room);
  session.submit('parts.add', { parts: Array.from({ length: PARTS }, (_, i) => solid(`part-${i}`)) });
  for (let i = 1; i < ops; i++) {
    if (session.pendingCount.get() >= IN_FLIGHT)
      await until('some acknowledgements', () => session.pendingCount.get() < IN_FLIGHT / 2);
    const moved = session.submit('part.move', {
      moves: [
        { id: PartId.parse(`part-${i % PARTS}`), poseInParent: { position: [i / 1e4, 0, 0], rotation: [0, 0, 0, 1] } },
      ],
    });
    if ('problem' in moved) throw new Error(moved.problem.message);
  }
  await until('all ops are saved', () => session.pendingCount.get() === 0, 120_000);
  await session.leave();
  return room;
}

export async function publish(person: Person, room: string): Promise<string> {
  const { cid: picture } = await person.ask<{ cid: string }>('POST', '/api/pictures', { data: PIXEL });
  const body = { title: 'Measured', notes: '', licence: 'CC0-1.0', picture };
  return (await person.ask<{ cid: string }>('POST', `/api/rooms/${room}/revisions`, body)).cid;
}

export async function mintRevision(person: Person, cid: string): Promise<string> {
  await person.ask('POST', `/api/revisions/${cid}/sign`);
  return (await person.ask<{ token: { tokenId: string } }>('POST', `/api/revisions/${cid}/mint`)).token.tokenId;
}
