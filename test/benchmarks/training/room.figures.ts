import type { TrainingSession } from '#net/index';
import { signIn, until } from '../../support/people.ts';
import { aloneIn, engineOf, GEARBOX, knownWay, openTraining, rowOf, startRun } from '../../support/training.ts';
import { percentile, type Figure, type Part } from '../figures.ts';
import { forked, startMeasuredHall } from '../rooms/load.ts';
import { cpuSeconds, pin } from '../rooms/pinned.ts';
import { watchStandstills, type Sample } from '../standstill.ts';
import type { ClassOrder } from './class.worker.ts';

const TRAINEES = 50;
/**
 * Who is measured here, beside the instructor; the others are in a process of their own. Every act is applied in all 51
 * replicas: in one process they waited for each other, and what was measured was that.
 */
const MEASURED = 8;
/** Acts of one trainee, and the time between two, ms. */
const ACTS = 20;
const EVERY_MS = 2000;

export const room: Part = { name: 'room', measure };

/** Fifty people in one room, each in a run of their own; everybody's replica has everybody's run. */
async function measure(): Promise<Figure[]> {
  const hall = await startMeasuredHall();
  const machine = watchStandstills();
  pin(hall.pid, 0);
  const others = forked('../training/class.worker.ts', 1);
  const sessions: TrainingSession[] = [];
  try {
    const boss = await signIn(hall.url, 'Boss');
    const people = [];
    for (let n = 0; n < TRAINEES; n++) people.push(await signIn(hall.url, `Trainee ${n}`));
    const ground = await openTraining(
      boss,
      people.map((person) => [person, 'trainee'] as const),
    );
    const told = (word: string) =>
      new Promise<void>((resolve, reject) => {
        others.on('message', (heard) => heard === word && resolve());
        others.once('exit', (code) => reject(new Error(`The class left early (${code}).`)));
      });
    const isIn = told('in');
    const measured = people.slice(0, MEASURED);
    const rest = people.slice(MEASURED).map(({ id, name, token }) => ({ id, name, token }));
    others.send({ hallUrl: hall.url, ground, people: rest, acts: ACTS, everyMs: EVERY_MS } satisfies ClassOrder);
    await isIn;
    for (const person of measured) sessions.push(await person.train(ground.room));
    const watcher = await boss.train(ground.room);
    sessions.push(watcher);
    const locally: number[] = [];
    const saved: Sample[] = [];
    const seen: Sample[] = [];
    const before = { cpu: cpuSeconds(hall.pid), ms: performance.now() };
    others.send('go');
    const work = measured.map(async (person, n) => {
      const session = sessions[n]!;
      const mine = [aloneIn(GEARBOX, person)];
      const run = await startRun(session, ground, 'guided', mine, `bench-${n}`);
      await new Promise((resolve) => setTimeout(resolve, (n / MEASURED) * EVERY_MS));
      for (const act of knownWay('guided', mine).slice(0, ACTS)) {
        const step = engineOf(session, run).active[0]?.step;
        const startMs = Date.now();
        const fromMs = performance.now();
        const passed = (): Sample => ({ startMs, tookMs: performance.now() - fromMs });
        const sent = session.submitTraining('run.act', { run, act: act as never });
        if ('problem' in sent) throw new Error(sent.problem.message);
        const events = rowOf(session, run).events;
        const tookMs = performance.now() - fromMs;
        if (engineOf(session, run).active[0]?.step !== step) locally.push(tookMs);
        const confirmed = session.confirmed(sent.id).then(() => saved.push(passed()));
        const shown = until('the instructor sees it', () => (rowOf(watcher, run)?.events ?? 0) >= events, 30_000).then(
          () => seen.push(passed()),
        );
        await Promise.all([confirmed, shown, new Promise((resolve) => setTimeout(resolve, EVERY_MS))]);
      }
    });
    await Promise.all(work);
    const share = (cpuSeconds(hall.pid) - before.cpu) / ((performance.now() - before.ms) / 1000);
    const note = `${TRAINEES} trainees in one room, ${ACTS} acts each, ${1000 / EVERY_MS}/s; ${MEASURED} of them and the instructor measured in one process, the others in another; server at ${(share * 100).toFixed(0)} % of a core`;
    return [
      {
        name: 'act to next step unlocked, on the trainee’s screen, p99',
        measured: percentile(locally, 0.99),
        unit: 'ms',
        target: 50,
        note,
      },
      {
        name: 'act to on disk and acknowledged, p50',
        measured: percentile(machine.running(saved), 0.5),
        unit: 'ms',
        note,
      },
      {
        name: 'act to on disk and acknowledged, p99',
        measured: percentile(machine.running(saved), 0.99),
        unit: 'ms',
        target: 50,
        note: `${note}; ${machine.told(saved, 0.99)}`,
      },
      {
        name: 'act to seen by the instructor, p99',
        measured: percentile(machine.running(seen), 0.99),
        unit: 'ms',
        note: `${note}; looked at every 10 ms; ${machine.told(seen, 0.99)}`,
      },
    ];
  } finally {
    machine.stop();
    others.kill();
    await Promise.all(sessions.map((session) => session.leave()));
    await hall.stop();
  }
}
