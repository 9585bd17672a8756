import { beforeEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { Procedure, react, start, type RunEvent, type RunState } from '#protocol/procedures/index';
import { Store } from '#net/store';
import { CarryLine } from './carry-line.ts';
import { Handling, HAND_MAGNET, type HandledRun } from './handling.ts';

const FILE = new URL('../../../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
const GEARBOX = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const [ME, BO] = ['me', 'bo'] as [never, never];

/** A run on the real engine, without a room: what the hand does is judged at once. */
class RunOnEngine {
  state: RunState;
  readonly said: string[] = [];
  readonly used: string[] = [];
  readonly handling: Handling;
  #atMs = 1;

  constructor(mode: 'guided' | 'practice') {
    const people = [ME, BO].map((id) => ({ id, roles: [], station: null }));
    this.state = start(GEARBOX, { mode, seed: 1, participants: people, startedAtMs: 0 }).state;
    this.handling = new Handling(this.#run);
  }

  /** Whether it was let happen. */
  give(event: object, by = ME): boolean {
    const { state, effects } = react(
      GEARBOX,
      this.state,
      { ...event, by } as unknown as RunEvent,
      (this.#atMs += 1000),
    );
    this.state = state;
    this.handling.update(this.#run);
    return !effects.some(({ kind }) => kind === 'refused');
  }

  toStep(step: string): this {
    this.give({ type: 'jumped', to: step });
    return this;
  }

  get #run(): HandledRun {
    return {
      procedure: GEARBOX,
      state: this.state,
      row: { id: 'run', mode: this.state.mode, participants: [{ id: ME, name: 'Me' }] },
      session: { me: { user: ME } },
      machines: { pictures: new Store(new Map()) },
      hand: {
        act: (act: object) => this.give(act),
        set: () => true,
        use: (tool: string, thing: string) => {
          this.used.push(`${tool} ${thing}`);
          this.give({ type: 'toolUsed', tool, thing, isOk: true, result: { value: 25, unit: 'N.m' } });
          return Promise.resolve();
        },
      },
      say: { name: (_: string, id: string) => id, language: 'en' },
      tell: (text: string) => void this.said.push(text),
    } as unknown as HandledRun;
  }
}

let run: RunOnEngine;
let hands: Handling;
beforeEach(() => {
  run = new RunOnEngine('guided').toStep('foot');
  hands = run.handling;
});

describe('a part in the hand', () => {
  it('snaps where it belongs, is put down there, and the step is through', () => {
    expect(hands.grab('foot')).toBe(true);
    const seat = hands.seats('foot')[0]!;
    const near = { ...seat.poseInRoom, position: [0.03, 0.124, 0.01] as [number, number, number] };
    expect(hands.move('foot', near)).toBe(true);
    expect(hands.carried.get().get('foot')!.poseInRoom).toEqual(seat.poseInRoom);
    expect(hands.move('foot', near)).toBe(false);
    expect(hands.put('foot')).toBe(true);
    expect(run.said).toEqual(['foot is in its place.']);
    expect(run.state.active[0]!.step).toBe('input-cover');
    expect(hands.carried.get().size).toBe(0);
  });

  it('comes away again when it is moved on, and out of reach it does not snap', () => {
    hands.grab('foot');
    hands.move('foot', hands.seats('foot')[0]!.poseInRoom);
    hands.move('foot', { position: [0.6, 0.4, 0.3], rotation: [0, 0, 0, 1] });
    expect(hands.carried.get().get('foot')).toEqual({
      poseInRoom: { position: [0.6, 0.4, 0.3], rotation: [0, 0, 0, 1] },
      seat: null,
    });
  });

  it('does not snap upside down, but a key press that does not aim may turn it', () => {
    hands.grab('foot');
    const { position } = hands.seats('foot')[0]!.poseInRoom;
    expect(hands.move('foot', { position, rotation: [1, 0, 0, 0] }, HAND_MAGNET)).toBe(false);
    expect(hands.move('foot', { position, rotation: [1, 0, 0, 0] }, { ...HAND_MAGNET, reachRad: 4 })).toBe(true);
  });

  it('put beside its place is told to lie there; put back it lies in the kit', () => {
    const before = hands.poses.get().get('foot');
    hands.grab('foot');
    hands.move('foot', { position: [0.9, 0.4, 0.3], rotation: [0, 0, 0, 1] });
    hands.put('foot');
    expect(run.said.at(-1)).toMatch(/not in a place/);
    expect(hands.poses.get().get('foot')!.position[0]).toBe(0.9);
    hands.grab('foot');
    hands.putBack('foot');
    expect(hands.poses.get().get('foot')).toEqual(before);
    expect(run.state.world.held['foot']).toBeUndefined();
  });

  it('turns about its own middle', () => {
    hands.layOut(() => ({ min: [0, 0, 0], max: [0.2, 0, 0] }));
    hands.grab('foot');
    hands.move('foot', { position: [1, 0, 0], rotation: [0, 0, 0, 1] });
    hands.turnBy('foot', [0, 1, 0], Math.PI);
    const { position } = hands.carried.get().get('foot')!.poseInRoom;
    expect(position[0]).toBeCloseTo(1.2);
    expect(position[2]).toBeCloseTo(0);
  });

  it('is let go when the run says that I do not hold it any more', () => {
    hands.grab('foot');
    run.give({ type: 'stepReset', step: 'foot' });
    run.give({ type: 'released', thing: 'foot' });
    expect(hands.carried.get().size).toBe(0);
  });
});

describe('what is not mine to take', () => {
  it('stays where it is in a guided run while another part is asked for', () => {
    expect(hands.grab('carrier')).toBe(false);
    expect(hands.carried.get().size).toBe(0);
    expect(run.state.world.held['carrier']).toBeUndefined();
  });

  it('is in somebody’s hand: it is said in whose', () => {
    run.state = { ...run.state, world: { ...run.state.world, held: { foot: 'bo' as never } } };
    run.give({ type: 'time' });
    expect(hands.grab('foot')).toBe(false);
    expect(run.said.at(-1)).toMatch(/in the hand of/);
  });
});

it('one hand holds a part while the other fastens: the part stays in the hand, and is no reason to refuse the tool', async () => {
  run = new RunOnEngine('practice').toStep('foot-torque');
  const both = run.handling;
  expect(both.grab('carrier')).toBe(true);
  both.tool.set('wrench-m8');
  both.tap('foot-screw-1');
  await Promise.resolve();
  expect(run.used).toEqual(['wrench-m8 foot-screw-1']);
  expect(run.state.world.held).toEqual({ carrier: ME });
  both.move('carrier', { position: [0.5, 0.5, 0.5], rotation: [0, 0, 0, 1] });
  expect(both.carried.get().get('carrier')!.poseInRoom.position).toEqual([0.5, 0.5, 0.5]);
});

describe('what somebody else of the team carries', () => {
  const there = { position: [0.4, 0.5, 0.1] as [number, number, number], rotation: [0, 0, 0, 1] as [0, 0, 0, 1] };
  const sent: unknown[] = [];
  let hear: (carries: readonly { participant: number; part: string; poseInParent: typeof there }[]) => void;
  let line: CarryLine;
  beforeEach(() => {
    sent.length = 0;
    const session = {
      participants: new Store([{ participant: 7, user: BO }]),
      sendCarry: (carry: unknown) => sent.push(carry),
      onCarries: (listener: typeof hear) => ((hear = listener), () => {}),
    };
    line = new CarryLine(session as never, hands, () => 0);
  });
  const at = () => hands.poses.get().get('foot')!.position;

  it('is seen moving in their hand, and lies where they put it', () => {
    run.give({ type: 'grabbed', thing: 'foot' }, BO);
    hear([{ participant: 7, part: 'foot', poseInParent: there }]);
    const before = at()[1];
    line.tick(16, 16);
    expect(at()[1]).toBeGreaterThan(before);
    expect(at()[1]).toBeLessThan(0.5);
    for (let ms = 32; ms < 1000; ms += 16) line.tick(ms, 16);
    expect(at()[0]).toBeCloseTo(0.4, 2);
    expect(line.tick(1000, 16)).toBe(false);
    run.give({ type: 'placed', thing: 'foot', poses: [{ in: null, pose: { ...there, position: [0.6, 0, 0] } }] }, BO);
    line.tick(1016, 16);
    expect(at()).toEqual([0.6, 0, 0]);
  });

  it('moves for nobody who does not hold it, and news that come early are kept a moment', () => {
    const before = at();
    hear([{ participant: 7, part: 'foot', poseInParent: there }]);
    line.tick(16, 16);
    expect(at()).toEqual(before);
    run.give({ type: 'grabbed', thing: 'foot' }, BO);
    for (let ms = 32; ms < 1000; ms += 16) line.tick(ms, 16);
    expect(at()[0]).toBeCloseTo(0.4, 2);
  });

  it('and what I carry is told them, again and again while I hold still', () => {
    hands.grab('foot');
    hands.move('foot', there);
    expect(sent.at(-1)).toMatchObject({ part: 'foot', poseInParent: { position: there.position } });
    const count = sent.length;
    line.tick(500, 16);
    expect(sent).toHaveLength(count);
    line.tick(1500, 16);
    expect(sent).toHaveLength(count + 1);
  });
});

it('in practice a wrong part can be taken, and goes into any place of its own', () => {
  run = new RunOnEngine('practice').toStep('foot');
  expect(run.handling.grab('carrier')).toBe(true);
  const seat = run.handling.seats('carrier')[0]!;
  expect(run.handling.move('carrier', seat.poseInRoom)).toBe(true);
});

it('next place goes around all places of a thing', () => {
  hands.grab('foot');
  hands.sitNext('foot');
  const first = hands.carried.get().get('foot')!.seat;
  hands.sitNext('foot');
  expect(first).not.toBeNull();
  expect(hands.carried.get().get('foot')!.seat).toBe(first);
});
