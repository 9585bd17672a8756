import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeBlock } from '#protocol/journal/index';
import { decodeBody } from '#protocol/presence/index';
import { unpackMotion } from '#protocol/training/index';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { openTraining } from '../support/training.ts';

async function motionOf(hall: Hall, who: Person, room: string, whose: string) {
  const headers = { authorization: `Bearer ${who.token}` };
  const path = `/api/trainings/${room}/recordings/${whose}?from=0&to=${Date.now() + 60_000}`;
  const answer = await fetch(hall.url + path, { headers });
  if (!answer.ok) return answer.status;
  const { chunks } = decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { chunks: { bytes: Uint8Array }[] };
  return chunks.flatMap(({ bytes }) => unpackMotion(inflateRawSync(bytes)) ?? []);
}

it('motion is kept of those who agreed and while they agree, is theirs to see and to erase, and leaves the journal alone', async () => {
  const hall = await startHall();
  try {
    const [ina, tom, tia] = (await Promise.all(['Ina', 'Tom', 'Tia'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
      Person,
    ];
    const { room } = await openTraining(ina, [
      [tom, 'trainee'],
      [tia, 'trainee'],
    ]);
    const [a, b] = await Promise.all([tom.train(room), tia.train(room)]);
    const agreed = a.submitTraining('consent.give', { motion: true });
    await a.confirmed((agreed as { id: string }).id);
    const move = async (from: number) => {
      for (let i = from; i < from + 25; i++) {
        for (const session of [a, b])
          session.sendBody({ headInRoom: { position: [i / 10, 1.7, 0], rotation: [0, 0, 0, 1] } });
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    };
    await move(0);
    const taken = a.submitTraining('consent.give', { motion: false });
    await a.confirmed((taken as { id: string }).id);
    await move(100);
    await Promise.all([a.leave(), b.leave()]);
    type List = { recordings: { person: string; bytes: number }[] };
    const list = async (who: Person) => (await who.ask<List>('GET', `/api/trainings/${room}/recordings`)).recordings;
    // Nothing that was gathered before the consent was taken back and not yet written is written after it.
    expect(await list(ina)).toEqual([]);

    const again = await tom.train(room);
    const anew = again.submitTraining('consent.give', { motion: true });
    await again.confirmed((anew as { id: string }).id);
    for (let i = 0; i < 25; i++) {
      again.sendBody({ headInRoom: { position: [i / 10, 1.7, 0], rotation: [0, 0, 0, 1] } });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await again.leave();
    await until('it is kept', async () => (await list(ina)).length === 1);
    expect((await list(ina)).map(({ person }) => person)).toEqual([tom.id]);
    expect(await list(tia)).toEqual([]);
    const samples = await motionOf(hall, tom, room, tom.id);
    if (typeof samples === 'number') throw new Error(`answered ${samples}`);
    expect(samples.length).toBeGreaterThan(10);
    // The very last one may not have been due when they left.
    expect(decodeBody(samples.at(-1)!.body)?.headInRoom.position[0]).toBeGreaterThan(2);
    expect(await motionOf(hall, tia, room, tom.id)).toBe(403);
    expect(Array.isArray(await motionOf(hall, ina, room, tom.id))).toBe(true);
    const length = async () => (await ina.ask<{ length: number }>('GET', `/api/rooms/${room}`)).length;
    const before = await length();
    await expect(tia.ask('DELETE', `/api/trainings/${room}/recordings/${tom.id}`)).rejects.toMatchObject({
      status: 403,
    });
    await tom.ask('DELETE', `/api/trainings/${room}/recordings/${tom.id}`);
    expect([await list(ina), await length()]).toEqual([[], before]);
  } finally {
    await hall.stop();
  }
});
