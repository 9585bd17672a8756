import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../test/support/design-arbitraries.ts';
import {
  deltaOf,
  EQUIPMENT,
  wholeOf,
  withDelta,
  type EquipmentInput,
  type EquipmentModel,
  type EquipmentState,
} from './index.ts';

const PEOPLE = ['ann', 'ben', 'cem'];

/** Anything that anybody could do at any time, sense or nonsense. */
function anyInput({ about }: EquipmentModel, dice: Dice): EquipmentInput {
  const by = dice.pick(PEOPLE) as never;
  const alarm = dice.pick(about.alarms)!.id;
  const fault = dice.pick(about.faults)!.id;
  const roll = dice.next();
  if (roll < 0.06) return { type: dice.next() < 0.5 ? 'faultInjected' : 'faultCleared', fault };
  if (roll < 0.09) return { type: 'alarmAcknowledged', by, alarm };
  if (roll < 0.11) return { type: 'alarmShelved', by, alarm, forMs: dice.pick([-5, 0, 70, 4000, 1e12])! };
  if (roll < 0.12) return { type: 'alarmUnshelved', by, alarm };
  if (roll < 0.3 && about.tools.length > 0) {
    const [tool, thing] = [dice.pick(about.tools)!.id, dice.pick(about.things)!.id];
    const angleRad = dice.pick([0, 0.3, 2, -1, 40, Number.NaN])!;
    return roll < 0.22 ? { type: 'turned', by, tool, thing, angleRad } : { type: 'lifted', by, tool, thing };
  }
  const control = dice.pick(about.controls)!;
  const { setting } = control;
  const to =
    setting.kind === 'positions'
      ? dice.pick([...setting.positions, 'nowhere'])!
      : dice.pick([setting.minimum, setting.maximum, (setting.minimum + setting.maximum) / 3, -1e9, Number.NaN])!;
  return { type: 'controlSet', by, control: control.id, to };
}

/** States after 2000 ticks of the same handling. Another one: raise `about.version`, old runs would not replay. */
const KNOWN: Readonly<Record<string, string>> = {
  'pump-skid': 'version 1: 9eeb68513a74aaac',
  'lockout-station': 'version 1: 0aa1ccf71778d404',
  'gearbox-bench': 'version 1: 26958c11d6828dcc',
};

function numbersIn(state: EquipmentState): number[] {
  return [...Object.values(state.is), state.dice, state.tick, ...Object.values(state.faults)];
}

describe.each(EQUIPMENT.map((model) => [model.about.id, model] as const))('%s', (_, model) => {
  it(
    'stays finite, shown in whole numbers and the same on every screen, whatever people and instructors do',
    { timeout: 30_000 },
    () => {
      for (let seed = 1; seed <= 12; seed++) {
        const dice = new Dice(seed);
        let state = model.start(seed);
        let picture = withDelta(
          model.shown(state).map(() => 0),
          wholeOf(model.shown(state)),
        ) as number[];
        for (let tick = 0; tick < 2500; tick++) {
          const inputs = dice.next() < 0.15 ? [anyInput(model, dice), anyInput(model, dice)] : [];
          const before = model.shown(state);
          const stepped = model.step(state, inputs);
          ({ state } = stepped);
          if (!numbersIn(state).every(Number.isFinite)) expect(state.is, `seed ${seed}, tick ${tick}`).toBe('finite');
          const after = model.shown(state);
          picture = withDelta(picture, deltaOf(before, after)) as number[];
          const isSame = after.every((value, at) => Number.isSafeInteger(value) && Object.is(picture[at], value));
          if (!isSame) expect(picture, `seed ${seed}, tick ${tick}`).toEqual(after);
        }
        expect(picture).toEqual(model.shown(state));
        for (const { id, minimum, maximum } of model.about.sensors) {
          expect(model.sensed(state)[id]).toBeGreaterThanOrEqual(minimum - 1e-9);
          expect(model.sensed(state)[id]).toBeLessThanOrEqual(maximum + 1e-9);
        }
      }
    },
  );

  it('comes to the same state from the same inputs, also by way of a snapshot', () => {
    const run = (isRestored: boolean) => {
      const dice = new Dice(7);
      let state = model.start(7);
      for (let tick = 0; tick < 1500; tick++) {
        if (isRestored && tick % 100 === 0) state = JSON.parse(JSON.stringify(state)) as EquipmentState;
        ({ state } = model.step(state, dice.next() < 0.2 ? [anyInput(model, dice)] : []));
      }
      return JSON.stringify(state);
    };
    expect(run(true)).toBe(run(false));
  });

  it('comes to the very state that it came to when this version was written', () => {
    const dice = new Dice(99);
    let state = model.start(99);
    for (let tick = 0; tick < 2000; tick++)
      ({ state } = model.step(state, dice.next() < 0.2 ? [anyInput(model, dice)] : []));
    const hash = createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 16);
    expect(`version ${model.about.version}: ${hash}`).toBe(KNOWN[model.about.id]);
  });

  it('leaves the state before untouched, and needs less than 6 kB for a snapshot', () => {
    const start = model.start(3);
    const before = JSON.stringify(start);
    let state = start;
    const dice = new Dice(3);
    for (let tick = 0; tick < 600; tick++) ({ state } = model.step(state, [anyInput(model, dice)]));
    expect(JSON.stringify(start)).toBe(before);
    expect(JSON.stringify(state).length).toBeLessThan(6000);
  });

  it('says no in words to what it does not have, and changes nothing by it', () => {
    const state = model.start(1);
    const strange: EquipmentInput = { type: 'controlSet', by: 'ann' as never, control: 'no-such' as never, to: 'on' };
    expect(model.refusalOf(state, strange)).toMatchObject({ scope: 'equipment', key: 'no_such_control' });
    const { state: after, happened } = model.step(state, [strange]);
    expect(happened).toEqual([
      { kind: 'refused', input: strange, problem: expect.objectContaining({ key: 'no_such_control' }) },
    ]);
    expect(after).toEqual(model.step(state, []).state);
  });

  it('describes itself completely, in English and Chinese', () => {
    const { about } = model;
    const named = [about.controls, about.sensors, about.alarms, about.interlocks, about.faults, about.things].flat();
    for (const { id, name } of named)
      for (const language of ['en', 'zh']) expect(name[language]?.trim(), `${id} ${language}`).toBeTruthy();
    for (const { truth, signs } of about.faults)
      expect([truth['en'], truth['zh'], signs['en'], signs['zh']]).not.toContain('');
    for (const list of [about.controls, about.sensors, about.alarms, about.faults, about.shown]) {
      const ids = list.map(({ id }) => id as string);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(Object.keys(model.sensed(model.start(1)))).toEqual(about.sensors.map(({ id }) => id));
    expect(Object.keys(model.truth(model.start(1))).sort()).toEqual(about.sensors.map(({ id }) => id as string).sort());
  });
});

describe('the arithmetic of the machines', () => {
  it('uses nothing that another computer may round in another way', () => {
    const files = globSync('**/*.ts', { cwd: new URL('.', import.meta.url) }).filter(
      (file) => !file.includes('.spec.'),
    );
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const code = readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
      expect(code.match(/\*\*|Math\.(?!PI|abs|min|max|floor|ceil|round|sqrt|imul)\w+|Date\b/g), file).toBe(null);
    }
  });
});

describe('a frame of changes', () => {
  it('is empty when nothing changed, and some bytes long when little did', () => {
    const before = Array.from({ length: 60 }, (_, at) => at * 7);
    const after = before.map((value, at) => (at === 30 ? value - 3 : value));
    expect(deltaOf(before, before)).toHaveLength(0);
    expect(deltaOf(before, after)).toHaveLength(2);
    expect(withDelta(before, deltaOf(before, after))).toEqual(after);
  });

  it('has these bytes, today and tomorrow: gap, zigzag difference, both LEB128', () => {
    expect([...deltaOf([1, 2, 300], [1, 1, -100])]).toEqual([1, 1, 0, 159, 6]);
    expect(withDelta([1, 2, 300], Uint8Array.of(1, 1, 0, 159, 6))).toEqual([1, 1, -100]);
  });

  it('brings numbers of any size there and back', () => {
    const dice = new Dice(5);
    for (let round = 0; round < 500; round++) {
      const numbers = () =>
        Array.from({ length: 40 }, () => Math.round((dice.next() - 0.5) * 10 ** (dice.next() * 12)) || 0);
      const [before, after] = [numbers(), numbers()];
      expect(withDelta(before, deltaOf(before, after))).toEqual(after);
    }
  });

  it('that is cut off or of another machine is refused', () => {
    expect(withDelta([1, 2], deltaOf([0, 0, 0], [0, 0, 9]))).toMatchObject({ key: 'wrong_frame' });
    expect(withDelta([1, 2], Uint8Array.of(0, 128))).toMatchObject({ key: 'wrong_frame' });
    expect(withDelta([1, 2], new Uint8Array(40).fill(255))).toMatchObject({ key: 'wrong_frame' });
  });
});
