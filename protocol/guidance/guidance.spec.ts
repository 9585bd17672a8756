import { describe, expect, it } from 'vitest';
import { stateHash } from '#protocol/document/index';
import { advance, openEntry, openJournal } from '#protocol/journal/index';
import { aStep, to } from '../../test/support/procedures.ts';
import { A_PHOTO, ann, JobJournal, valve, valvePlan } from '../../test/support/jobs.ts';
import { GUIDANCE_ROOMS, readOrderCode, readPartCode, rowsOf, summaryOf } from './index.ts';

const again = (journal: JobJournal): string => {
  const [first, ...rest] = journal.stored.map(({ bytes }) => openEntry(bytes));
  let opened = openJournal(first!, null, GUIDANCE_ROOMS);
  for (const entry of rest) opened = opened.ok ? advance(opened.state, entry, GUIDANCE_ROOMS) : opened;
  return opened.ok ? stateHash(opened.state.document) : opened.problem.key;
};
const kinds = (journal: JobJournal) => journal.deviations.map(({ kind }) => kind);

describe('a job', () => {
  it('goes from begin to sign-off when every check holds, and replays to the same state', () => {
    const job = new JobJournal().flawless();
    expect(job.visits.map(({ step, how }) => `${step} ${how}`)).toEqual(
      ['insert', 'tighten', 'gap', 'clean', 'press', 'inspect'].map((step) => `${step} checked`),
    );
    expect([job.signOff(), job.job.status, kinds(job)]).toEqual([null, 'finished', []]);
    expect(again(job)).toBe(stateHash(job.state.document));
    expect(job.act('confirmed')).toBe('job_is_over');
  });

  it('waits until it is begun, and cannot be signed off with steps left', () => {
    const job = new JobJournal();
    expect([job.job.status, job.act('confirmed'), job.signOff()]).toEqual(['waiting', 'not_running', 'not_running']);
    job.begin();
    expect(job.signOff()).toBe('not_done');
    expect(job.put('job.begin', {}, 'ann')).toBe('has_begun');
  });

  it('holds a step until the right code and the picture are there, in any order', () => {
    const job = new JobJournal().begin();
    job.act('mounted', { thing: 'bearing' });
    job.scan('6208-2RS');
    expect(job.step).toBe('insert');
    job.photo();
    expect(job.step).toBe('tighten');
  });

  it('takes a clip where the plan asks for a clip, and a picture where it asks for one', () => {
    const plan = valvePlan();
    const gates = (evidence: 'picture' | 'clip') =>
      plan.gates.map((gate) => (gate.kind === 'photo' ? { ...gate, evidence } : gate));
    const cid = A_PHOTO as never;
    for (const [asked, other] of [
      ['clip', 'picture'],
      ['picture', 'clip'],
    ] as const) {
      const job = new JobJournal(valve(), { ...plan, gates: gates(asked) }).begin();
      expect(job.put('photo.add', { gate: 'bearing-photo', cid, kind: other }, 'ann')).toBe('other_evidence');
      expect(job.visits[0]!.met).toEqual([]);
      expect(job.put('photo.add', { gate: 'bearing-photo', cid, kind: asked }, 'ann')).toBeNull();
      expect(job.visits[0]!.met).toEqual(['bearing-photo']);
      expect(summaryOf(job.state.document)!.shown).toMatchObject({ cid, kind: asked, step: 'insert' });
    }
  });

  it('catches a wrong part: the step stays, also with the right code after it, until somebody has decided', () => {
    const job = new JobJournal().begin();
    job.scan('6204-2RS', 'X-9');
    expect(job.deviations[0]).toMatchObject({ kind: 'wrong_part', step: 'insert', facts: { part: '6204-2RS' } });
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    job.scan('6208-2RS');
    expect(job.step).toBe('insert');
    expect(job.dispose('rework', 'ann')).toBeNull();
    expect(job.visits.map(({ how }) => how)).toEqual(['retried', null]);
    job.scan('6208-2RS');
    job.photo();
    job.act('confirmed');
    expect(job.step).toBe('tighten');
    expect(job.deviations[0]).toMatchObject({ decided: { disposition: 'rework' }, reworkedIn: 1 });
  });

  it('catches a wrong torque: kept, held, decided about, done again', () => {
    const job = new JobJournal().begin();
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    job.tool(19);
    expect(job.deviations).toMatchObject([{ kind: 'wrong_result', facts: { value: 19 } }]);
    job.tool(25);
    job.tool(25);
    expect(job.step).toBe('tighten');
    job.dispose('rework', 'ann');
    job.tool(25);
    expect(job.step).toBe('tighten');
    job.tool(25);
    expect(job.step).toBe('gap');
    expect(rowsOf(job.state.document, 'results').map(({ verdict }) => verdict)).toEqual([
      'failed',
      ...Array.from({ length: 4 }, () => 'counted'),
    ]);
  });

  it('takes a result once, however often the tool repeats it, and keeps one that nobody waits for', () => {
    const job = new JobJournal().begin();
    job.tool(25);
    expect(rowsOf(job.state.document, 'results')[0]).toMatchObject({ verdict: 'not_waited_for' });
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    expect(job.tool(25, { key: 'same' })).toBeNull();
    expect(job.tool(25, { key: 'same' })).toBe('counted_already');
    expect(job.step).toBe('tighten');
    expect(job.tool(25, { atMs: 1_000_000 })).toBeNull();
    expect(rowsOf(job.state.document, 'results').at(-1)).toMatchObject({ verdict: 'too_late' });
    job.put('job.pause', { reason: 'lunch' }, 'ann');
    expect(job.tool(25)).toBeNull();
    expect(rowsOf(job.state.document, 'results').at(-1)).toMatchObject({ verdict: 'job_not_running' });
  });

  it('keeps the value of a tool that reports nothing by itself, and that somebody tapped it', () => {
    const job = new JobJournal(valve(), valvePlan({ gates: [], kit: [], tools: [] })).begin();
    job.act('mounted', { thing: 'bearing' });
    const use = (value: number, thing = 'screw-1') =>
      job.act('toolUsed', { tool: 'wrench', thing, isOk: value > 23, result: { value, unit: 'N.m' } });
    use(18);
    job.dispose('rework', 'ann');
    use(25);
    use(25.5, 'screw-2');
    const rows = rowsOf(job.state.document, 'results');
    expect(rows.map(({ thing, result, verdict }) => `${thing} ${result.value} ${result.device} ${verdict}`)).toEqual([
      'screw-1 18 by hand failed',
      'screw-1 25 by hand counted',
      'screw-2 25.5 by hand counted',
    ]);
    expect([job.step, again(job)]).toEqual(['gap', stateHash(job.state.document)]);
  });

  it('does not count a tool whose calibration is over', () => {
    const job = new JobJournal().begin();
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    job.tool(25, { calibratedUntilMs: 5 });
    expect(kinds(job)).toEqual(['calibration_expired']);
    expect(job.engine!.active[0]!.seen).toEqual([]);
  });

  it('blocks a step for want of a skill until a supervisor releases it with a reason', () => {
    const job = new JobJournal();
    const skills = [{ code: 'TORQUE', level: 3, validUntilMs: job.atMs + 1500, certificate: 'c-1' }];
    job.put('skill.show', { person: ann, skills });
    job.put('job.begin', {}, 'ann');
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    expect(job.act('touched', { thing: 'screw-1' })).toBe('skill_expired');
    job.tool(25);
    expect(kinds(job)).toEqual(['unskilled']);
    const release = { step: 'tighten' as never, what: 'skill' as const, reason: 'Instructed at the station' };
    expect(job.put('step.release', release, 'ben')).toBe('not_allowed');
    expect(job.put('step.release', release, 'sue')).toBeNull();
    job.dispose('rework', 'ann');
    expect(job.deviations.map(({ kind, decided }) => [kind, decided?.by])).toEqual([
      ['unskilled', 'ann'],
      ['released', 'sue'],
    ]);
  });

  it('lets nobody check or accept their own work', () => {
    const job = new JobJournal().flawless();
    const other = new JobJournal().begin();
    other.scan('6204-2RS');
    expect(other.dispose('concession', 'ann')).toBe('not_allowed');
    expect(other.dispose('concession', 'sue')).toBe('not_allowed');
    expect(other.dispose('concession', 'designer')).toBeNull();
    expect(job.visits.at(-1)?.by).toEqual(['ann']);
    const third = new JobJournal().begin();
    third.put('step.release', { step: 'insert' as never, what: 'step', reason: 'No parts here' }, 'sue');
    expect(third.visits[0]).toMatchObject({ how: 'released' });
    expect(third.deviations[0]).toMatchObject({ kind: 'released', decided: { by: 'sue', reason: 'No parts here' } });
    const last = new JobJournal(
      valve(),
      valvePlan({ gates: [{ id: 'second', step: 'insert', kind: 'secondPerson', role: null }] }),
    );
    last.begin().act('mounted', { thing: 'bearing' });
    expect([last.check(true, 'ann'), last.step]).toEqual(['same_person', 'insert']);
    expect([last.check(true, 'ben'), last.step]).toEqual([null, 'tighten']);
  });

  it('does not end silently when attempts are spent, a step is skipped or a value is out of range', () => {
    const job = new JobJournal().begin();
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    job.tool(25);
    job.tool(25);
    job.gap(0.9);
    job.dispose('concession', 'designer', true);
    expect(job.step).toBe('clean');
    job.act('skipped', { step: 'clean' });
    job.press(40);
    job.press(41);
    expect(job.step).toBe('inspect');
    job.act('confirmed');
    job.check();
    expect(kinds(job)).toEqual(['value_out_of_range', 'skipped', 'wrong_result', 'wrong_result', 'attempts_spent']);
    expect(job.signOff()).toBe('undecided_deviations');
    while (job.job.undecided.length > 0) expect(job.dispose('concession', 'designer')).toBeNull();
    expect(job.signOff()).toBeNull();
  });

  it('goes back to a step that lies behind when it is to be reworked, and is scrapped only by who may', () => {
    const job = new JobJournal().flawless();
    const ended = job.engine!.status;
    expect(ended).toBe('completed');
    const other = new JobJournal().begin();
    other.scan('6208-2RS');
    other.photo();
    other.act('mounted', { thing: 'bearing' });
    other.put('deviation.raise', { step: 'insert' as never, text: 'Scratch on the seat' }, 'ben');
    expect(other.dispose('scrap', 'ann')).toBe('not_allowed');
    expect(other.dispose('rework', 'ann')).toBeNull();
    expect(other.step).toBe('insert');
    expect(other.signOff()).toBe('not_done');
    other.put('deviation.raise', { step: null, text: 'Dropped on the floor' }, 'ben');
    expect(other.dispose('scrap', 'sue')).toBeNull();
    expect(other.job.status).toBe('scrapped');
  });

  it('goes on under a new revision only where nothing done or running changed', () => {
    const job = new JobJournal().begin();
    const added = valve((steps) => [
      ...steps.slice(0, 5),
      { ...steps[5]!, transitions: [{ ...to('label', { kind: 'confirmed' }), id: 't0', interrupts: false }] },
      aStep('label', { transitions: [to(null, { kind: 'confirmed' })] }),
    ]);
    const changed = valve((steps) => [
      {
        ...steps[0]!,
        transitions: [
          { ...to('tighten', { kind: 'mounted', things: ['seal'], isOrdered: false }), id: 't0', interrupts: false },
        ],
      },
      ...steps.slice(1),
    ]);
    const [good, bad] = [job.load(added), job.load(changed)];
    const to2 = (procedure: string) => ({
      release: job.job.release as never,
      procedure: procedure as never,
      revision: 2,
    });
    expect(job.put('job.migrate', to2(bad))).toBe('not_safe_to_migrate');
    expect(job.put('job.migrate', to2(good))).toBeNull();
    expect(job.put('job.migrate', to2(good), 'sue')).toBe('not_allowed');
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    expect([job.step, job.job.revision, job.visits.map(({ revision }) => revision)]).toEqual(['tighten', 2, [1, 2]]);
    expect(again(job)).toBe(stateHash(job.state.document));
  });

  it('refuses a place that is asked for more finely than the alignment knows it', () => {
    const job = new JobJournal(
      valve(),
      valvePlan({ gates: [{ id: 'on-it', step: 'insert', kind: 'alignment', withinM: 0.005 }] }),
    ).begin();
    const align = (expectedErrorM: number) =>
      job.put(
        'align.set',
        { productInRoom: { position: [0, 0, 0], rotation: [0, 0, 0, 1] }, expectedErrorM, how: 'markers', markers: [] },
        'ann',
      );
    align(0.02);
    job.act('mounted', { thing: 'bearing' });
    expect(job.step).toBe('insert');
    align(0.004);
    expect(job.step).toBe('tighten');
  });
});

it('reads the codes that shops print on parts and orders', () => {
  expect(readPartCode('(01)04012345678901(21)S-77(241)6208-2RS')).toEqual({
    part: '6208-2RS',
    serial: 'S-77',
    lot: null,
  });
  expect(readPartCode(`]d20104012345678901${'10L-5'}\u001d2416208-2RS`)).toEqual({
    part: '6208-2RS',
    serial: null,
    lot: 'L-5',
  });
  expect(readPartCode('6208-2RS;S:B-1')).toEqual({ part: '6208-2RS', serial: 'B-1', lot: null });
  expect(readPartCode('6208-2RS;L:5')).toEqual({ part: '6208-2RS', serial: null, lot: '5' });
  expect(readPartCode('')).toBeNull();
  expect(readOrderCode('WO;4711;VALVE-40;SN-1')).toEqual({ order: '4711', productType: 'VALVE-40', serial: 'SN-1' });
  expect(readOrderCode('4711')).toBeNull();
});
