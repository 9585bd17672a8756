import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateHash } from '#protocol/document/index';
import { advance, openEntry, openJournal } from '#protocol/journal/index';
import { JobJournal } from '../../test/support/jobs.ts';
import { GUIDANCE_ROOMS } from './index.ts';

/** What people, tools and supervisors may do in a job in any order, right and wrong. */
const MOVES: readonly ((job: JobJournal) => unknown)[] = [
  (job) => job.scan('6208-2RS'),
  (job) => job.scan('6204-2RS', 'X-1'),
  (job) => job.scan('6208-2RS', null),
  (job) => job.photo(),
  (job) => job.act('mounted', { thing: 'bearing' }),
  (job) => job.act('mounted', { thing: 'seal' }),
  (job) => job.act('grabbed', { thing: 'cover' }),
  (job) => job.tool(25),
  (job) => job.tool(25),
  (job) => job.tool(31),
  (job) => job.tool(25, { calibratedUntilMs: 1 }),
  (job) => job.gap(0.2),
  (job) => job.gap(0.5),
  (job) => job.act('confirmed'),
  (job) => job.act('confirmed', {}, 'ben'),
  (job) => job.act('skipped', { step: 'clean' }),
  (job) => job.press(25),
  (job) => job.press(20),
  (job) => job.check(),
  (job) => job.check(false),
  (job) => job.check(true, 'ann'),
  (job) => job.put('job.pause', { reason: 'a break' }, 'ann'),
  (job) => job.put('job.resume', {}, 'ann'),
  (job) => job.put('deviation.raise', { step: null, text: 'a scratch' }, 'ben'),
  (job) => job.dispose('rework', 'ann'),
  (job) => job.dispose('rework', 'ann'),
  (job) => job.dispose('concession', 'designer'),
  (job) => job.dispose('concession', 'designer', true),
  (job) =>
    job.step && job.put('step.release', { step: job.step as never, what: 'step', reason: 'it has to go on' }, 'sue'),
  (job) => job.signOff(),
];
/** How somebody who means well ends what chance has begun. */
function finish(job: JobJournal, isHasty: boolean): void {
  for (let round = 0; round < 80 && job.job.status !== 'finished'; round++) {
    job.put('job.resume', {}, 'ann');
    if (job.job.undecided.length > 0) job.dispose('concession', 'designer', true);
    if (job.step === 'insert') job.scan('6208-2RS', `B-${round}`);
    job.photo();
    if (job.step === 'insert') job.act('mounted', { thing: 'bearing' });
    if (job.step === 'tighten') job.tool(25);
    job.gap(0.2);
    if (job.step === 'clean' && isHasty) job.act('skipped', { step: 'clean' });
    if (job.step === 'clean' || job.step === 'inspect') job.act('confirmed');
    if (job.step === 'press') job.press(25);
    job.check();
    if (job.signOff() === 'rework_not_done') break;
  }
}

const anyMoves = fc.array(fc.nat({ max: MOVES.length - 1 }), { minLength: 5, maxLength: 60 });
const played = (moves: readonly number[]): JobJournal => {
  const job = new JobJournal().begin();
  for (const move of moves) MOVES[move]!(job);
  finish(job, moves.length % 2 === 0);
  return job;
};

describe('nothing is skipped silently', () => {
  it('every finished job has for each step its checks or a decision, whatever people did', { timeout: 120_000 }, () => {
    let finished = 0;
    fc.assert(
      fc.property(anyMoves, (moves) => {
        const job = played(moves);
        if (job.job.status !== 'finished') return;
        finished += 1;
        const { visits, deviations } = job;
        for (const visit of visits) {
          const isDecided = deviations.some(({ visit: of, decided }) => of === visit.n && decided !== null);
          const gates = job.job.plan.gates.filter(({ step }) => step === visit.step).map(({ id }) => id);
          const isChecked = visit.how === 'checked' && gates.every((gate) => visit.met.includes(gate));
          const isRepeated = visit.how === 'retried' || visit.how === 'jumped' || visit.how === 'stopped';
          const isDoneLater = isRepeated && visits.some(({ n, step }) => n > visit.n && step === visit.step);
          expect([visit.step, visit.how, isChecked || isDecided || isDoneLater]).toEqual([visit.step, visit.how, true]);
        }
        const through = new Set(
          visits
            .filter(({ how }) => how === 'checked' || how === 'released' || how === 'skipped' || how === 'spent')
            .map(({ step }) => step),
        );
        expect([...through].sort()).toEqual(['clean', 'gap', 'insert', 'inspect', 'press', 'tighten']);
        for (const { decided } of deviations) expect(decided).not.toBeNull();
      }),
      { numRuns: 80, seed: 7 },
    );
    expect(finished).toBeGreaterThan(40);
  });

  it('a wrong torque, part, value or check always leaves a deviation', { timeout: 120_000 }, () => {
    const wrong: readonly [string, (job: JobJournal) => unknown][] = [
      ['insert', (job) => job.scan('6204-2RS')],
      ['insert', (job) => job.scan('6208-2RS', null)],
      ['insert', (job) => job.act('grabbed', { thing: 'screw-1' })],
      ['tighten', (job) => job.tool(22.9)],
      ['tighten', (job) => job.tool(27.1, { isOk: true })],
      ['tighten', (job) => job.tool(25, { isOk: false })],
      ['gap', (job) => job.gap(0.31)],
      ['press', (job) => job.press(99)],
    ];
    fc.assert(
      fc.property(anyMoves, fc.constantFrom(...wrong), (moves, [step, slip]) => {
        const job = new JobJournal().begin();
        for (const move of moves) {
          if (job.step === step) break;
          MOVES[move]!(job);
        }
        if (job.step !== step || job.job.status !== 'running') return;
        const total = () => job.deviations.reduce((sum, { count }) => sum + count, 0);
        const before = total();
        slip(job);
        expect(total()).toBeGreaterThan(before);
      }),
      { numRuns: 120, seed: 8 },
    );
  });

  it('replay on any machine gives the same record', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anyMoves, (moves) => {
        const job = played(moves);
        const [first, ...rest] = job.stored.map(({ bytes }) => openEntry(bytes));
        let outcome = openJournal(first!, null, GUIDANCE_ROOMS);
        for (const entry of rest) outcome = outcome.ok ? advance(outcome.state, entry, GUIDANCE_ROOMS) : outcome;
        expect(outcome.ok && stateHash(outcome.state.document)).toBe(stateHash(job.state.document));
      }),
      { numRuns: 20, seed: 9 },
    );
  });
});
