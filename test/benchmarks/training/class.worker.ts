import { setPriority } from 'node:os';
import type { TrainingSession } from '#net/index';
import { connectTraining } from '#net/training';
import { actAll, aloneIn, GEARBOX, knownWay, startRun, type TrainingGround } from '../../support/training.ts';
import type { Person } from '../../support/people.ts';

/** Trainees who do a run beside those who are measured, all replicas of a real one, in a process of their own. */
export interface ClassOrder {
  readonly hallUrl: string;
  readonly ground: TrainingGround;
  readonly people: readonly Pick<Person, 'id' | 'name' | 'token'>[];
  readonly acts: number;
  readonly everyMs: number;
}
/** Whoever has a core to give gives it to the hall and to who is measured first. */
const LOW = 10;

process.once('message', async ({ hallUrl, ground, people, acts, everyMs }: ClassOrder) => {
  setPriority(LOW);
  const sessions: TrainingSession[] = [];
  for (const { token } of people)
    sessions.push(await connectTraining({ hallUrl, token, room: ground.room, device: 'bot' }));
  process.send!('in');
  await new Promise((resolve) => process.once('message', resolve));
  await Promise.all(
    people.map(async (person, n) => {
      const session = sessions[n]!;
      const mine = [aloneIn(GEARBOX, person as Person)];
      const run = await startRun(session, ground, 'guided', mine, `class-${n}`);
      await new Promise((resolve) => setTimeout(resolve, (n / people.length) * everyMs));
      for (const act of knownWay('guided', mine).slice(0, acts)) {
        actAll(session, run, [act]);
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    }),
  );
  await Promise.all(sessions.map((session) => session.leave()));
  process.exit();
});
