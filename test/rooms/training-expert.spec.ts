import { expect, it } from 'vitest';
import { decodeBlock } from '#protocol/journal/index';
import type { ExpertRun } from '#protocol/api/experts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall } from '../support/server.ts';
import { actAll, aloneIn, GEARBOX, isRevealed, knownWay, openTraining, rowOf, startRun } from '../support/training.ts';

it('an instructor lets others follow a run of their own, as long as they agree to it and its motion is kept', async () => {
  const hall = await startHall();
  try {
    const [ina, tom] = (await Promise.all(['Ina', 'Tom'].map((name) => signIn(hall.url, name)))) as [Person, Person];
    const ground = await openTraining(ina, [[tom, 'trainee']]);
    const { room } = ground;
    const path = `/api/trainings/${room}/experts`;
    const list = async (who: Person) => (await who.ask<{ experts: ExpertRun[] }>('GET', path)).experts;
    const session = await ina.train(room);
    const agree = async (motion: boolean) => {
      const sent = session.submitTraining('consent.give', { motion });
      await session.confirmed((sent as { id: string }).id);
    };
    const run = await startRun(session, ground, 'guided', [aloneIn(GEARBOX, ina)]);
    const mark = (who: Person, isExpert = true) => who.ask('PUT', `${path}/${run}`, { isExpert });
    await expect(mark(ina)).rejects.toMatchObject({ key: 'no_experts_run' });

    await agree(true);
    for (let i = 0; i < 25; i++) {
      session.sendBody({
        headInRoom: { position: [0, 1.7, 0.6], rotation: [0, 0, 0, 1] },
        rightInRoom: { position: [i / 50, 1, 0], rotation: [0, 0, 0, 1] },
      });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(actAll(session, run, knownWay('guided', [aloneIn(GEARBOX, ina)]))).toEqual([]);
    await until('the run is over', () => rowOf(session, run).outcome === 'completed', 20_000);
    await isRevealed(session, run);
    // Gathered motion is written when people leave, at the latest.
    await session.leave();
    const again = await ina.train(room);
    await until(
      'it can be marked',
      () =>
        mark(ina).then(
          () => true,
          () => false,
        ),
      20_000,
    );
    await expect(mark(tom)).rejects.toMatchObject({ status: 403 });
    expect(await list(tom)).toMatchObject([{ run, person: ina.id, name: 'Ina', procedure: ground.procedure }]);

    const headers = { authorization: `Bearer ${tom.token}` };
    const read = async () => await fetch(`${hall.url}${path}/${run}`, { headers });
    const whole = decodeBlock(new Uint8Array(await (await read()).arrayBuffer())) as {
      events: { event: { type: string } }[];
      chunks: unknown[];
    };
    expect(whole.events.filter(({ event }) => event.type === 'placed').length).toBeGreaterThan(20);
    expect(whole.chunks.length).toBeGreaterThan(0);

    // Consent taken back: nothing to follow from that moment; given again: it is there again.
    const takeBack = again.submitTraining('consent.give', { motion: false });
    await again.confirmed((takeBack as { id: string }).id);
    expect(await list(tom)).toEqual([]);
    expect((await read()).status).toBe(404);
    const anew = again.submitTraining('consent.give', { motion: true });
    await again.confirmed((anew as { id: string }).id);
    expect(await list(tom)).toHaveLength(1);
    // Erased: gone for good.
    await again.leave();
    await ina.ask('DELETE', `/api/trainings/${room}/recordings/${ina.id}`);
    expect(await list(tom)).toEqual([]);
  } finally {
    await hall.stop();
  }
});
