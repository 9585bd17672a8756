import type { TrainingSession } from '#net/index';
import { signIn, until } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import { aloneIn, engineOf, GEARBOX, knownWay, openTraining, rowOf, startRun } from '../../support/training.ts';
import { percentile, type Figure, type Part } from '../figures.ts';

const TRAINEES = 50;
/** Acts of one trainee, and the time between two, ms. Each act is applied in all 51 replicas of this one process. */
const ACTS = 15;
const EVERY_MS = 2000;

export const room: Part = { name: 'room', measure };

/** Fifty people in one room, each in a run of their own; everybody's replica has everybody's run. */
async function measure(): Promise<Figure[]> {
  const hall = await startHall({ env: { LOG_LEVEL: 'error' } });
  const sessions: TrainingSession[] = [];
  try {
    const boss = await signIn(hall.url, 'Boss');
    const people = [];
    for (let n = 0; n < TRAINEES; n++) people.push(await signIn(hall.url, `Trainee ${n}`));
    const ground = await openTraining(
      boss,
      people.map((person) => [person, 'trainee'] as const),
    );
    for (const person of people) sessions.push(await person.train(ground.room));
    const watcher = await boss.train(ground.room);
    sessions.push(watcher);
    const locally: number[] = [];
    const saved: number[] = [];
    const seen: number[] = [];
    const work = people.map(async (person, n) => {
      const session = sessions[n]!;
      const mine = [aloneIn(GEARBOX, person)];
      const run = await startRun(session, ground, 'guided', mine, `bench-${n}`);
      await new Promise((resolve) => setTimeout(resolve, (n / TRAINEES) * EVERY_MS));
      for (const act of knownWay('guided', mine).slice(0, ACTS)) {
        const before = engineOf(session, run).active[0]?.step;
        const startMs = performance.now();
        const sent = session.submitTraining('run.act', { run, act: act as never });
        if ('problem' in sent) throw new Error(sent.problem.message);
        const events = rowOf(session, run).events;
        const tookMs = performance.now() - startMs;
        if (engineOf(session, run).active[0]?.step !== before) locally.push(tookMs);
        const confirmed = session.confirmed(sent.id).then(() => saved.push(performance.now() - startMs));
        const shown = until('the instructor sees it', () => (rowOf(watcher, run)?.events ?? 0) >= events, 30_000).then(
          () => seen.push(performance.now() - startMs),
        );
        await Promise.all([confirmed, shown, new Promise((resolve) => setTimeout(resolve, EVERY_MS))]);
      }
    });
    await Promise.all(work);
    const note = `${TRAINEES} trainees in one room, ${ACTS} acts each, ${1000 / EVERY_MS}/s; all ${TRAINEES + 1} clients in one process`;
    return [
      {
        name: 'act to next step unlocked, on the trainee’s screen, p99',
        measured: percentile(locally, 0.99),
        unit: 'ms',
        target: 50,
        note,
      },
      { name: 'act to on disk and acknowledged, p50', measured: percentile(saved, 0.5), unit: 'ms', note },
      { name: 'act to on disk and acknowledged, p99', measured: percentile(saved, 0.99), unit: 'ms', target: 50, note },
      {
        name: 'act to seen by the instructor, p99',
        measured: percentile(seen, 0.99),
        unit: 'ms',
        note: `${note}; looked at every 10 ms`,
      },
    ];
  } finally {
    await Promise.all(sessions.map((session) => session.leave()));
    await hall.stop();
  }
}
