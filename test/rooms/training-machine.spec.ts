import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TrainingSession } from '#net/index';
import { equipmentFor, withDelta, type EquipmentModel } from '#protocol/equipment/index';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import { Procedure } from '#protocol/procedures/index';
import { machineOf, recordFromJournal, replayMachine, type RunId } from '#protocol/training/index';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { aloneIn, engineOf, isRevealed, openTraining, rowOf, startRun } from '../support/training.ts';

const FILE = new URL('../../assets/procedures/pump-skid.procedure.json', import.meta.url);
const PUMP = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const model = equipmentFor(PUMP)!;
const FAULT = PUMP.workplace.faults.find(({ kind }) => kind === 'sensor_stuck')!.id;

/** What a person sees of the machine: the picture, from the frames. */
class Picture {
  shown: readonly number[];
  frames = 0;
  bytes = 0;

  constructor(
    session: TrainingSession,
    private readonly of: EquipmentModel,
  ) {
    this.shown = this.of.about.shown.map(() => 0);
    session.onMachine(({ delta }) => {
      const next = withDelta(this.shown, delta);
      if ('scope' in next) throw new Error(next.message);
      this.shown = next;
      this.frames += 1;
      this.bytes += delta.length;
    });
  }

  value(id: string): number {
    const at = this.of.about.shown.findIndex((one) => one.id === id);
    return this.shown[at]! * this.of.about.shown[at]!.quantum;
  }
}

const set = (session: TrainingSession, run: RunId, control: string, to: string | number) =>
  session.submitTraining('machine.input', { run, input: { type: 'controlSet', control, to } as never });

async function blocksOf(hall: Hall, person: Person, room: string): Promise<Uint8Array[]> {
  const headers = { authorization: `Bearer ${person.token}` };
  const answer = await fetch(`${hall.url}/api/trainings/${room}/journal`, { headers });
  return (decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] }).blocks;
}

it('a pump answers to the valves in everybody’s hands alike, goes on after a crash, and runs again exactly', async () => {
  const hall = await startHall();
  try {
    const [ina, tom, tia] = (await Promise.all(['Ina', 'Tom', 'Tia'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
      Person,
    ];
    const ground = await openTraining(
      ina,
      [
        [tom, 'trainee'],
        [tia, 'trainee'],
      ],
      PUMP,
    );
    const [a, b, boss] = await Promise.all([tom, tia, ina].map((person) => person.train(ground.room)));
    const [seen, elsewhere, watched] = [a!, b!, boss!].map((session) => new Picture(session, model)) as [
      Picture,
      Picture,
      Picture,
    ];
    const run = await startRun(a!, ground, 'practice', [aloneIn(PUMP, tom)], 'pump-run');
    await until('the picture is there', () => seen.frames > 5);
    expect(set(a!, run, 'suction-valve', 100)).toHaveProperty('id');
    await until('the run knows how the valve stands', () => engineOf(a!, run).world.controls['suction-valve'] === 100);
    await until('it is seen to be open', () => seen.value('suction-valve') === 100);
    expect(Object.keys(engineOf(a!, run).world.values)).toContain('suction-pressure');
    await until('the instructor sees the same', () => watched.value('suction-valve') === 100);
    expect(elsewhere.frames).toBe(0);

    // Only the machine says how its controls stand, and others have no business with it.
    const faked = { type: 'controlSet', by: a!.me.user, control: 'breaker', to: 'on' } as never;
    const past = a!.submitTraining('run.act', { run, act: faked });
    expect('problem' in past && past.problem.key).toBe('machine_decides');
    const meddling = set(b!, run, 'breaker', 'on');
    expect('problem' in meddling && meddling.problem.key).toBe('not_in_this_run');

    const path = `/api/trainings/${ground.room}/runs/${run}/faults`;
    await ina.ask('POST', path, { fault: FAULT });
    await until('a second mark', () => (machineOf(a!.document.get(), run)?.tick ?? 0) > 0, 20_000);
    const tickBefore = machineOf(a!.document.get(), run)!.tick;
    await hall.kill9();
    const again = await startHall({ dataDir: hall.dataDir, env: { PORT: String(hall.port) } });
    try {
      await until('Tom is back', () => a!.connection.get().state === 'live', 20_000);
      const framesBefore = seen.frames;
      seen.shown = model.about.shown.map(() => 0);
      set(a!, run, 'breaker', 'on');
      await until('it goes on', () => seen.frames > framesBefore + 5);
      await until('and takes inputs', () => engineOf(a!, run).world.controls['breaker'] === 'on');
      a!.submitTraining('run.end', { run });
      await isRevealed(a!, run);
      const blocks = await blocksOf(again, tom, ground.room);
      const told = recordFromJournal(blocks, run);
      expect(told.ok).toBe(true);
      const replayed = told.ok && replayMachine(blocks.map(openEntry), told.state.document, run);
      if (!replayed) throw new Error('there is no machine to run again');
      expect(replayed.wrong).toEqual([]);
      expect(replayed.marks).toBeGreaterThan(1);
      expect(replayed.state.tick).toBeGreaterThan(tickBefore);
      expect(Object.keys(replayed.state.faults)).toEqual([FAULT]);
      expect(replayed.state.controls).toMatchObject({ 'suction-valve': 100, breaker: 'on' });
      expect(rowOf(a!, run).outcome).toBe('abandoned');
    } finally {
      await Promise.all([a, b, boss].map((session) => session!.leave()));
      await again.stop();
    }
  } finally {
    await hall.stop();
  }
}, 90_000);
