import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { equipmentFor } from '#protocol/equipment/index';
import { check, MODES, type Mode } from '#protocol/procedures/index';
import { SimulatedRun } from '../../test/support/simulated-run.ts';
import { fileOf, readProcedure, textOfProcedure } from './equipment-procedure.ts';
import { lockoutProcedure } from './lockout.ts';
import { pumpSkidProcedure } from './pump-skid.ts';

const pump = await readProcedure('pump-skid');
const lockout = await readProcedure('lockout');
type Deed = (run: SimulatedRun) => unknown;

/** What somebody does who knows the job, step by step. */
const PUMP: Readonly<Record<string, Deed>> = {
  protect: (run) => run.wear('helmet', 'glasses', 'hearing', 'gloves'),
  permit: (run) => run.check('permit', 'area', 'oil', 'turn'),
  walk: (run) => run.touch('coupling-guard', 'seal', 'strainer', 'relief-valve'),
  'why-suction': (run) => run.answer('cavitation'),
  'read-level': (run) => run.act('entered', { variable: 'level-read', value: run.hand.sensed['tank-level'] }),
  'open-suction': (run) => run.set('suction-valve', 100).wait(7),
  'check-discharge': (run) => run.check('closed', 'gauge'),
  'open-bypass': (run) => run.set('bypass-valve', 100),
  flush: (run) => run.set('flush-valve', 'open'),
  vent: (run) => run.set('vent-valve', 'open'),
  'close-vent': (run) => run.set('vent-valve', 'closed'),
  power: (run) => run.set('breaker', 'on'),
  start: (run) => run.press('start-button'),
  'pressure-up': () => null,
  'open-discharge': (run) => run.set('discharge-valve', 80).wait(12),
  'close-bypass': (run) => run.set('bypass-valve', 0).wait(6),
  'operating-point': () => null,
  alarms: (run) => run.press('acknowledge-button'),
  'read-pressure': (run) =>
    run.act('entered', { variable: 'pressure-read', value: run.hand.sensed['discharge-pressure'] }),
  round: (run) => run.touch('seal', 'motor'),
  watch: (run) => run.wait(31, 'watch').act('confirmed'),
  'bypass-again': (run) => run.set('bypass-valve', 100).wait(6),
  'close-discharge': (run) => run.set('discharge-valve', 0),
  stop: (run) => run.press('stop-button'),
  'end-of-run': () => null,
  'close-suction': (run) => run.set('suction-valve', 0),
  'flush-off': (run) => run.set('flush-valve', 'closed').set('bypass-valve', 0),
  'power-off': (run) => run.set('breaker', 'off').set('breaker-hasp', 'locked'),
  'hand-over': (run) => run.check('log', 'shift'),
};

const LOCKOUT: Readonly<Record<string, Deed>> = {
  protect: (run) => run.wear('helmet', 'glasses', 'shoes'),
  tell: (run) => run.check('operators', 'permit', 'locks'),
  hazards: (run) => run.touch('oil-puddle', 'frayed-cable', 'blocked-exit', 'missing-cover', 'leaning-bar'),
  'which-hazard': (run) => run.answer('cable', 'exit', 'cover'),
  energies: (run) => run.answer('electric', 'air', 'oil', 'height'),
  stop: (run) => run.press('stop-button'),
  block: (run) => run.set('ram-block', 'in'),
  'isolate-power': (run) => run.wear('face-shield', 'insulating-gloves').set('main-isolator', 'off'),
  'lock-power': (run) => run.set('isolator-hasp', 'locked'),
  'isolate-air': (run) => run.set('air-valve', 'off').set('air-hasp', 'locked'),
  'isolate-oil': (run) => run.set('oil-valve', 'off').set('oil-hasp', 'locked'),
  'lock-box': (run) => run.set('box-lid', 'closed').set('box-hasp', 'locked'),
  'bleed-air': (run) => run.set('air-bleed', 'open'),
  'bleed-oil': (run) => run.set('accumulator-bleed', 'open'),
  'wait-drive': () => null,
  prove: (run) => run.test('voltage-tester', 'proving-unit'),
  test: (run) => {
    for (const thing of ['terminals-l1', 'terminals-l2', 'terminals-l3', 'drive-terminals'])
      run.test('voltage-tester', thing);
  },
  'prove-again': (run) => run.test('voltage-tester', 'proving-unit'),
  'try-start': (run) => run.press('start-button'),
  work: (run) => run.set('guard', 'open').act('confirmed'),
  'close-guard': (run) => run.check('tools', 'people').set('guard', 'closed'),
  'locks-off': (run) => {
    run.set('box-hasp', 'open').set('box-lid', 'open');
    for (const hasp of ['isolator-hasp', 'air-hasp', 'oil-hasp']) run.set(hasp, 'open');
  },
  energise: (run) => {
    run.set('accumulator-bleed', 'closed').set('air-bleed', 'closed').set('oil-valve', 'on').set('air-valve', 'on');
    run.set('main-isolator', 'on').wait(3);
  },
  'start-again': (run) => run.press('start-button').wait(12).set('ram-block', 'out'),
};

/** Goes through the steps as the book says, other deeds in the place of some, until the run is over. */
function perform(run: SimulatedRun, book: Readonly<Record<string, Deed>>, others: Record<string, Deed> = {}): string[] {
  const steps: string[] = [];
  for (let count = 0; count < 60 && run.run.status === 'running'; count++) {
    const step = run.step!;
    steps.push(step);
    const deed = others[step] ?? book[step];
    if (!deed) throw new Error(`nobody knows what to do in ${step}`);
    deed(run);
    run.wait(60, step);
    if (run.step === step) break;
  }
  return steps;
}
const reasons = (run: SimulatedRun) => run.score().lines.map(({ reason }) => reason);
const lineOf = (run: SimulatedRun, reason: string) => run.score().lines.find((line) => line.reason === reason);

describe.each([
  ['pump-skid', pumpSkidProcedure, 30],
  ['lockout', lockoutProcedure, 24],
] as const)('the sample %s', (id, generate, steps) => {
  it('is what its generator writes today, with no finding in either language', async () => {
    expect(textOfProcedure(generate()) === (await readFile(fileOf(id), 'utf8')), 'run npm run generate:demo').toBe(
      true,
    );
    const procedure = await readProcedure(id);
    expect(check(procedure)).toEqual([]);
    expect(procedure.chapters.flatMap((chapter) => chapter.steps)).toHaveLength(steps);
    expect(equipmentFor(procedure)?.about.title).toBeDefined();
  });
});

describe.each(MODES)('somebody who knows the job, in a %s run', (mode) => {
  it('starts up and shuts down the pump skid with full points', () => {
    const run = new SimulatedRun(pump, equipmentFor(pump)!, mode);
    const steps = perform(run, PUMP);
    expect(steps).toEqual(Object.keys(PUMP));
    expect(run.refusals).toEqual([]);
    expect(run.score()).toMatchObject({ points: 1000, isPassed: true, status: 'completed', lines: [] });
    expect(run.hand.log.filter((one) => one.startsWith('tripped'))).toEqual([]);
    expect(run.hand.state.locks).toMatchObject([{ control: 'breaker-hasp', by: 'ann' }]);
  });

  it('locks the press out and brings it back with full points', () => {
    const run = new SimulatedRun(lockout, equipmentFor(lockout)!, mode);
    const steps = perform(run, LOCKOUT);
    expect(steps).toEqual(Object.keys(LOCKOUT));
    expect(run.refusals).toEqual([]);
    expect(run.score()).toMatchObject({ points: 1000, isPassed: true, status: 'completed', lines: [] });
    expect(run.hand.log.filter((one) => one.startsWith('harm'))).toEqual([]);
    expect(run.hand.truth).toMatchObject({ 'is-running': 1, 'ram-height': 300 });
  });
});

describe('the pump skid', () => {
  const exam = (mode: Mode = 'exam') => new SimulatedRun(pump, equipmentFor(pump)!, mode);

  it('fails whoever starts it unvented in an exam, and keeps a guided trainee from doing so', () => {
    let pressureBar = Number.NaN;
    const careless: Record<string, Deed> = {
      flush: (run) => {
        run.set('breaker', 'on').press('start-button').wait(4);
        pressureBar = run.hand.sensed['discharge-pressure']!;
      },
    };
    const run = exam();
    perform(run, PUMP, { ...careless, watch: () => null });
    expect(run.score()).toMatchObject({ isPassed: false, mustNot: ['dry-start'] });
    expect(pressureBar).toBeLessThan(2.5);
    const guided = exam('guided');
    perform(guided, PUMP, careless);
    expect(guided.refusals).toContain('wrong_order');
    expect(guided.hand.truth['is-running']).toBe(0);
  });

  it('trips when the suction is throttled under load: points for order, rule and trip, and no pass', () => {
    const run = exam();
    let isDone = false;
    const steps = perform(run, PUMP, {
      watch: (run) => {
        if (isDone) return run.wait(31, 'watch').act('confirmed');
        isDone = true;
        return run.set('suction-valve', 4).wait(20, 'watch');
      },
      tripped: (run) => {
        run.wait(15).set('suction-valve', 100).set('discharge-valve', 0).set('bypass-valve', 100).wait(12);
        return run.press('acknowledge-button').press('reset-button').act('confirmed');
      },
    });
    expect(steps).toContain('tripped');
    expect(run.run.status).toBe('completed');
    expect(run.hand.log).toContain('tripped high-vibration');
    expect(lineOf(run, 'procedure')?.points).toBe(-100);
    expect(run.score()).toMatchObject({ mustNot: ['suction-while-running'], failedBy: ['must_not'] });
    expect(reasons(run)).toEqual(['safety', 'wrong_order', 'procedure']);
    expect(run.score().points).toBe(1000 - 150 - 40 - 100);
  });

  it('finds and names a blocked strainer in time, and loses points for another diagnosis or none', () => {
    const withFault = (report: Deed) => {
      const run = exam();
      perform(run, PUMP, {
        watch: (run) => {
          run.inject('strainer-blocked').wait(14);
          report(run);
          return run.clear('strainer-blocked').wait(31, 'watch').act('confirmed');
        },
      });
      expect(run.run.status).toBe('completed');
      return run;
    };
    const right = withFault((run) => run.act('faultReported', { diagnosis: 'strainer-blocked' }));
    expect(right.score()).toMatchObject({ points: 1000, isPassed: true });
    expect(right.score().faults).toEqual([
      { fault: 'strainer-blocked', foundAfterMs: 14_050, diagnosedAfterMs: 14_050 },
    ]);
    const wrong = withFault((run) => run.act('faultReported', { diagnosis: 'bearing-worn' }));
    expect(reasons(wrong)).toEqual(['wrong_diagnosis', 'fault_not_diagnosed']);
    expect(wrong.score().points).toBe(900);
    expect(withFault(() => null).score()).toMatchObject({ points: 850 });
  });

  it('is still in the middle of it when the supply is lost: not completed', () => {
    const run = exam();
    perform(run, PUMP, { 'close-bypass': (run) => run.inject('power-loss').wait(70) });
    expect(run.score()).toMatchObject({ isPassed: false, status: 'running' });
    expect(run.score().failedBy).toContain('not_completed');
  });

  it('tells the run of its instruments so rarely that a journal stays small, and the score is the same replayed', () => {
    const run = exam();
    perform(run, PUMP);
    const values = run.events.filter(({ event }) => event.type === 'value').length;
    const seconds = run.events.at(-1)!.atMs / 1000;
    expect(values / seconds).toBeLessThan(6);
    expect(run.score()).toEqual(run.score());
  });
});

describe('lock-out', () => {
  const exam = () => new SimulatedRun(lockout, equipmentFor(lockout)!, 'exam');

  it('fails whoever opens the guard before the energies are gone, and says what would have hurt', () => {
    const run = exam();
    perform(run, LOCKOUT, { stop: (run) => run.set('guard', 'open').set('guard', 'closed').press('stop-button') });
    expect(run.hand.log).toContain('harm motion');
    expect(reasons(run)).toEqual(['safety', 'wrong_order', 'safety', 'wrong_order']);
    expect(run.score()).toMatchObject({ points: 620, isPassed: false, mustNot: ['guard-zero-energy'] });
  });

  it('fails whoever works the isolator with bare hands, and takes points for a wrong answer', () => {
    const run = exam();
    perform(run, LOCKOUT, {
      energies: (run) => run.answer('electric', 'air').answer('electric', 'air', 'oil', 'height'),
      'isolate-power': (run) => run.set('main-isolator', 'off').wear('face-shield', 'insulating-gloves'),
    });
    expect(reasons(run)).toEqual(['wrong_answer', 'safety']);
    expect(run.score()).toMatchObject({ points: 800, isPassed: false, mustNot: ['arc-protection'] });
  });

  it('does not come past a welded contact: the tester shows it, and named it can be mended', () => {
    const run = exam();
    let isMended = false;
    const steps = perform(run, LOCKOUT, {
      prove: (run) => run.inject('welded-contact').test('voltage-tester', 'proving-unit'),
      test: (run) => {
        run.test('voltage-tester', 'terminals-l1');
        expect(run.hand.measured.at(-1)!.value).toBe(230);
        expect(run.step).toBe('test');
        if (!isMended) run.act('faultReported', { diagnosis: 'welded-contact' }).clear('welded-contact');
        isMended = true;
        LOCKOUT['test']!(run);
      },
    });
    expect(steps.at(-1)).toBe('start-again');
    expect(run.score().faults).toMatchObject([{ fault: 'welded-contact' }]);
    expect(reasons(run)).toEqual(['wrong_result']);
    expect(run.score()).toMatchObject({ points: 940, isPassed: true });
  });

  it('does not come past a tester that is dead', () => {
    const run = exam();
    perform(run, LOCKOUT, { prove: (run) => run.inject('tester-dead').test('voltage-tester', 'proving-unit') });
    expect(run.step).toBe('prove');
    expect(run.score().failedBy).toContain('not_completed');
  });

  it('keeps the press off while anybody else has a lock on the box', () => {
    const run = exam();
    perform(run, LOCKOUT, {
      work: (run) => run.set('guard', 'open').set('box-hasp', 'locked', 'ben').act('confirmed'),
    });
    expect(run.step).toBe('locks-off');
    expect(run.refusals).toContain('locked_out');
    expect(run.refusals).toContain('key_in_box');
  });
});
