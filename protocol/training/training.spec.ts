import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { stateHash } from '#protocol/document/index';
import { OpId, RoomId, UserId } from '#protocol/ids';
import {
  advance,
  decodeSnapshot,
  encodeBlock,
  encodeSnapshot,
  GENESIS_TYPE,
  openJournal,
  sealEntry,
  type JournalState,
  type StoredEntry,
} from '#protocol/journal/index';
import { Procedure, type RunEvent } from '#protocol/procedures/index';
import { Dice } from '../../test/support/design-arbitraries.ts';
import { Driver } from '../../test/support/procedure-driver.ts';
import {
  closedIn,
  commitmentOf,
  findingsOf,
  HALL_AUTHOR,
  procedureIn,
  recordFromJournal,
  reportsIn,
  rewoundIn,
  runOf,
  RunId,
  scoreOf,
  stateOf,
  TRAINING_ROOMS,
  trainingModel,
  type OpenedSeal,
  type TrainingOpType,
  type TrainingPayload,
} from './index.ts';

const file = new URL('../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
const gearbox = Procedure.parse(JSON.parse(await readFile(file, 'utf8')));
const released = encodeBlock(gearbox);
const cid = `${released.cid}`;
const run = RunId.parse('run-1');
const [ann, ben] = ['ann', 'ben'].map((id) => UserId.parse(id)) as [UserId, UserId];
const PARTICIPANTS = [
  { id: ann, name: 'Ann', roles: ['fitter'], station: null },
  { id: ben, name: 'Ben', roles: ['inspector'], station: null },
] as unknown as TrainingPayload<'run.start'>['participants'];

/** A journal written op by op, as the server does it, without a server. */
class Journal {
  readonly stored: StoredEntry[] = [];
  state: JournalState;
  atMs = 1_000_000;

  constructor() {
    const first = this.#seal(GENESIS_TYPE, { kind: 'training', purpose: 'training', title: 'Gearbox' }, 'ann', null);
    const opened = openJournal(first, null, TRAINING_ROOMS);
    if (!opened.ok) throw new Error(opened.problem.message);
    this.state = opened.state;
    this.stored.push(first);
  }

  /** The key of the problem, or null when it was taken. */
  put<T extends TrainingOpType>(type: T, payload: TrainingPayload<T>, by: string = HALL_AUTHOR): string | null {
    const valid = trainingModel.validate(type, payload);
    if (!valid.ok) return valid.problem.key;
    const next = this.#seal(type, valid.payload, by, this.state);
    const outcome = advance(this.state, next, TRAINING_ROOMS);
    if (!outcome.ok) return outcome.problem.key;
    this.state = outcome.state;
    this.stored.push(next);
    return null;
  }

  load(): this {
    const half = Math.ceil(released.bytes.length / 2);
    const parts = [released.bytes.subarray(0, half), released.bytes.subarray(half)];
    parts.forEach((bytes, part) =>
      expect(this.put('training.load', { procedure: cid, part, parts: 2, bytes: bytes.slice() })).toBeNull(),
    );
    return this;
  }

  start(mode: 'guided' | 'practice' | 'exam'): this {
    expect(this.put('run.start', { run, procedure: cid, mode, seed: 1, participants: PARTICIPANTS }, 'ann')).toBeNull();
    return this;
  }

  act(act: RunEvent): string | null {
    return this.put('run.act', { run, act: act as never }, 'by' in act ? act.by : HALL_AUTHOR);
  }

  get run() {
    return runOf(this.state.document, run)!;
  }

  get engine() {
    return stateOf(this.state.document, this.run, procedureIn(this.state.document, cid)!);
  }

  get bytes(): Uint8Array[] {
    return this.stored.map(({ bytes }) => bytes);
  }

  #seal(type: string, payload: unknown, by: string, state: JournalState | null): StoredEntry {
    return sealEntry({
      v: 1,
      room: RoomId.parse('room'),
      seq: state?.length ?? 0,
      prev: state?.head ?? null,
      id: OpId.parse(`op-${state?.length ?? 0}`),
      author: { id: UserId.parse(by), name: by },
      at: this.atMs,
      type,
      payload,
    });
  }
}

/** Everything that somebody who knows the gearbox does, as events. */
function knownWay(startedAtMs: number, mode: 'guided' | 'practice' | 'exam'): RunEvent[] {
  const journal = new Journal().load();
  journal.atMs = startedAtMs;
  journal.start(mode);
  const driver = new Driver(gearbox, journal.engine, new Dice(1));
  for (let moves = 0; moves < 40 && driver.state.status === 'running'; moves++) {
    const { step } = driver.state.active[0]!;
    if (step === 'bearings') for (const thing of ['bearing-6208-2', 'spacer', 'bearing-6208-1']) driver.put(thing);
    else driver.attempt(step, 0);
  }
  return driver.events.map(({ event }) => event);
}

const wrongGrab: RunEvent = { type: 'grabbed', by: ann, thing: gearbox.workplace.things.at(-3)!.id };

describe('a run in the journal', () => {
  it.each(['guided', 'practice', 'exam'] as const)('is done to the end in %s mode, and scores full points', (mode) => {
    const journal = new Journal().load().start(mode);
    for (const event of knownWay(journal.atMs, mode)) {
      journal.atMs += 500;
      if (event.type === 'time') continue;
      expect(journal.act(event), event.type).toBeNull();
    }
    expect(journal.run.outcome).toBe('completed');
    expect(journal.put('run.reveal', { run, seals: [], machine: null })).toBeNull();
    const told = recordFromJournal(journal.bytes, run);
    expect(told.ok && scoreOf(told.record)).toMatchObject({ points: 1000, isPassed: true });
  });

  it('goes on after a snapshot at any point, to the same state hash', () => {
    const [straight, broken] = [new Journal().load().start('practice'), new Journal().load().start('practice')];
    for (const event of knownWay(straight.atMs, 'practice').slice(0, 60)) {
      for (const journal of [straight, broken]) {
        journal.atMs += 300;
        journal.act(event);
      }
      broken.state = decodeSnapshot(encodeSnapshot(broken.state));
    }
    expect(stateHash(broken.state.document)).toBe(stateHash(straight.state.document));
    expect(broken.engine).toEqual(straight.engine);
  });

  it('holds a wrong part against a guided run, does not let it happen, and says why', () => {
    const journal = new Journal().load().start('guided');
    expect(journal.act(wrongGrab)).toBeNull();
    expect(journal.run.refused?.problem.scope).toBe('procedures');
    expect(findingsOf(journal.state.document, journal.run)).toHaveLength(1);
    expect(journal.engine.world.held).toEqual({});
    const inPractice = new Journal().load().start('practice');
    inPractice.act(wrongGrab);
    expect(inPractice.run.refused).toBeNull();
    expect(Object.keys(inPractice.engine.world.held)).toEqual([wrongGrab.type === 'grabbed' ? wrongGrab.thing : '']);
  });

  it('takes nothing from strangers, for others, or from people in the name of the hall', () => {
    const journal = new Journal().load().start('guided');
    expect(journal.act({ type: 'confirmed', by: UserId.parse('eve') })).toBe('not_in_this_run');
    expect(journal.put('run.act', { run, act: { type: 'confirmed', by: ben } as never }, 'ann')).toBe('by_another');
    expect(journal.put('run.time', { run }, 'ann')).toBe('hall_only');
    expect(journal.put('run.act', { run, act: { type: 'time' } as never }, 'ann')).toBe('malformed_op');
    expect(journal.stored).toHaveLength(4);
  });

  it('cannot be paused, jumped or put back in an exam; the instructor can let the whole room stand still', () => {
    const journal = new Journal().load().start('exam');
    const { step } = journal.engine.active[0]!;
    for (const command of [{ type: 'paused' }, { type: 'jumped', to: step }, { type: 'stepReset', step }])
      expect(journal.put('run.command', { run, command: { ...command, by: ben } as never }, 'ben')).toBe('exam_locked');
    journal.atMs += 10_000;
    expect(journal.put('training.freeze', { isFrozen: true }, 'ben')).toBeNull();
    expect(journal.act({ type: 'confirmed', by: ann })).toBe('paused');
    journal.atMs += 60_000;
    expect(journal.put('training.freeze', { isFrozen: false }, 'ben')).toBeNull();
    expect([journal.run.isFrozen, journal.engine.pausedForMs]).toEqual([false, 60_000]);
    const told = recordFromJournal(journal.bytes, run);
    expect(told.ok && told.record.recorded.events.map(({ event }) => event.type)).toEqual(['paused', 'resumed']);
  });

  it('that its people have paused stays paused when the room goes on, and its record is whole', () => {
    const journal = new Journal().load().start('practice');
    expect(journal.put('run.command', { run, command: { type: 'paused', by: ann } as never }, 'ann')).toBeNull();
    expect(journal.put('training.freeze', { isFrozen: true }, 'ben')).toBeNull();
    expect(journal.put('training.freeze', { isFrozen: false }, 'ben')).toBeNull();
    expect(journal.engine.pausedAtMs).not.toBeNull();
    const told = recordFromJournal(journal.bytes, run);
    expect(told.ok && told.record.recorded.events.map(({ event }) => event.type)).toEqual(['paused']);
  });

  it('is shown as it was while the room stands still, or after its end, and is not changed by it', () => {
    const journal = new Journal().load().start('practice');
    const show = (event: number | null, id: string = run) =>
      journal.put('training.rewind', { run: RunId.parse(id), event }, 'ben');
    const shown = () => rewoundIn(journal.state.document);
    expect(show(0)).toBe('not_standing');
    expect(journal.put('training.freeze', { isFrozen: true }, 'ben')).toBeNull();
    const before = journal.run;
    expect([show(2), show(0, 'other'), show(null), show(1)]).toEqual(['not_yet', 'no_such_run', 'not_rewound', null]);
    expect(shown()).toEqual({ run, event: 1, by: { id: 'ben', name: 'ben' } });
    expect([show(0), shown()?.event, journal.run]).toEqual([null, 0, before]);
    // It goes on from where it was, and nobody looks back any more.
    expect(journal.put('training.freeze', { isFrozen: false }, 'ben')).toBeNull();
    expect(shown()).toBeNull();
    expect(journal.put('run.end', { run }, 'ann')).toBeNull();
    const ended = recordFromJournal(journal.bytes, run);
    expect([show(1), show(null), shown(), show(0)]).toEqual([null, null, null, null]);
    const told = recordFromJournal(journal.bytes, run);
    expect(told.ok && ended.ok && [told.record.head, told.record.isWhole]).toEqual([
      ended.ok && ended.record.head,
      true,
    ]);
  });

  it('is not shown as it was while it is an exam', () => {
    const journal = new Journal().load().start('exam');
    expect(journal.put('training.freeze', { isFrozen: true }, 'ben')).toBeNull();
    expect(journal.put('training.rewind', { run, event: 0 }, 'ben')).toBe('exam_locked');
    expect(journal.put('run.end', { run }, 'ann')).toBeNull();
    expect(journal.put('training.rewind', { run, event: 0 }, 'ben')).toBeNull();
  });

  it('is over when somebody has closed the room: not in the middle of a run, and it can be opened again', () => {
    const journal = new Journal().load().start('practice');
    const close = (isClosed: boolean) => journal.put('training.close', { isClosed }, 'ben');
    const begin = (id: string) =>
      journal.put('run.start', {
        ...{ run: RunId.parse(id), procedure: cid, mode: 'practice', seed: 1, participants: PARTICIPANTS },
      });
    expect([close(false), close(true)]).toEqual(['not_closed', 'runs_go_on']);
    expect(journal.put('run.end', { run }, 'ann')).toBeNull();
    journal.atMs += 5000;
    expect([close(true), close(true), begin('run-2')]).toEqual([null, 'closed_already', 'room_closed']);
    expect(closedIn(journal.state.document)).toEqual({ by: { id: ben, name: 'ben' }, atMs: journal.atMs });
    // What happened in it can still be shown, and the hall says what was sealed.
    expect(journal.put('training.rewind', { run, event: 0 }, 'ben')).toBeNull();
    expect([close(false), closedIn(journal.state.document), begin('run-2')]).toEqual([null, null, null]);
  });

  it('is not opened by bytes that are not what their address names', () => {
    const journal = new Journal();
    const bytes = released.bytes.slice();
    bytes[100]! ^= 1;
    expect(journal.put('training.load', { procedure: cid, part: 0, parts: 1, bytes })).toBe('wrong_bytes');
  });
});

describe('a sealed fault', () => {
  const salt = 'ab'.repeat(32);
  const [fault] = gearbox.workplace.faults;
  const secret = (atMs: number): OpenedSeal => ({
    salt,
    facts: [{ event: { type: 'faultInjected', by: ben, fault: fault!.id }, atMs }],
  });
  const empty: OpenedSeal = { salt, facts: [] };
  const commit = (journal: Journal, opened: OpenedSeal) =>
    journal.put('run.seal', { run, slot: journal.run.seals, commitment: commitmentOf(run, journal.run.seals, opened) });

  function story(isInjected: boolean) {
    const journal = new Journal().load().start('practice');
    journal.atMs += 4_000;
    const opened = [isInjected ? secret(journal.atMs) : empty, empty];
    journal.atMs += 6_000;
    expect(commit(journal, opened[0]!)).toBeNull();
    expect(journal.act({ type: 'faultReported', by: ann, diagnosis: fault!.id })).toBeNull();
    expect(reportsIn(journal.state.document, journal.run)).toEqual([
      { run, by: ann, diagnosis: fault!.id, atMs: journal.atMs, runMs: journal.atMs - journal.run.startedAtMs },
    ]);
    expect(journal.put('run.end', { run }, 'ann')).toBeNull();
    expect(commit(journal, opened[1]!)).toBeNull();
    return { journal, opened };
  }

  it('is reported at the time of the run, in which the room’s standing still does not count', () => {
    const journal = new Journal().load().start('practice');
    journal.atMs += 4_000;
    expect(journal.put('training.freeze', { isFrozen: true }, 'ben')).toBeNull();
    journal.atMs += 30_000;
    expect(journal.put('training.freeze', { isFrozen: false }, 'ben')).toBeNull();
    journal.atMs += 2_000;
    expect(journal.act({ type: 'faultReported', by: ann, diagnosis: null })).toBeNull();
    expect(reportsIn(journal.state.document, journal.run)).toMatchObject([{ runMs: 6_000 }]);
  });

  it('does not show in the journal or the state before the debrief, and counts after it', () => {
    const [with_, without] = [story(true), story(false)];
    const told = (journal: Journal) => JSON.stringify([...journal.state.document.tables.get('runs')!.values()]);
    expect(told(with_.journal)).toBe(told(without.journal));
    expect(Buffer.concat(with_.journal.bytes.slice(3)).includes('faultInjected')).toBe(false);
    expect(with_.journal.put('run.reveal', { run, seals: with_.opened, machine: null })).toBeNull();
    const sheet = recordFromJournal(with_.journal.bytes, run);
    expect(sheet.ok && scoreOf(sheet.record).faults).toEqual([
      { fault: fault!.id, foundAfterMs: 6_000, diagnosedAfterMs: 6_000 },
    ]);
    expect(without.journal.put('run.reveal', { run, seals: without.opened, machine: null })).toBeNull();
    const other = recordFromJournal(without.journal.bytes, run);
    expect(other.ok && scoreOf(other.record).lines.map(({ reason }) => reason)).toContain('false_alarm');
  });

  it('cannot be made up, left out or moved afterwards', () => {
    const { journal, opened } = story(true);
    for (const seals of [
      [empty, empty],
      [opened[0]!],
      [{ ...opened[0]!, facts: [{ ...opened[0]!.facts[0]!, atMs: 1_000_001 }] }, empty],
      [opened[0]!, secret(1_004_000)],
    ])
      expect(journal.put('run.reveal', { run, seals, machine: null })).toBe('wrong_seal');
    const late = new Journal().load().start('practice');
    const future = secret(late.atMs + 1);
    commit(late, future);
    late.put('run.end', { run }, 'ann');
    expect(late.put('run.reveal', { run, seals: [future], machine: null })).toBe('wrong_seal');
  });

  it('is not opened while the run goes on', () => {
    const journal = new Journal().load().start('practice');
    expect(journal.put('run.reveal', { run, seals: [], machine: null })).toBe('run_goes_on');
  });
});
