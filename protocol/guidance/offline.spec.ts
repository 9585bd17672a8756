import { expect, it } from 'vitest';
import { OpId, RoomId, UserId } from '#protocol/ids';
import { advance, sealEntry } from '#protocol/journal/index';
import { decide } from '#protocol/permissions/index';
import { A_PHOTO, ann, CREW, JobJournal, ROLE_OF, valve, valvePlan } from '../../test/support/jobs.ts';
import { rowsOf } from './document.ts';
import { GUIDANCE_ROOMS, guidanceModel } from './model.ts';
import type { GuidanceOpType, GuidancePayload } from './ops.ts';
import { awayFrom, releaseDidOf, signSlip } from './reduce-offline.ts';

const HOUR_MS = 3_600_000;
const KEY = new Uint8Array(32).fill(9);
const sue = UserId.parse('sue');

/** A device of Ann's that was away: what it says comes to the hall `lateMs` after it was done. */
class AwayJournal extends JobJournal {
  lateMs = 8 * HOUR_MS;

  override put<T extends GuidanceOpType>(type: T, payload: GuidancePayload<T>, by?: string): string | null {
    this.atMs = Math.max(this.atMs, this.state?.lastAt ?? 0);
    return super.put(type, payload, by);
  }

  away<T extends GuidanceOpType>(type: T, payload: GuidancePayload<T>, by = 'ann', madeAt?: number): string | null {
    const valid = guidanceModel.validate(type, payload);
    if (!valid.ok) return valid.problem.key;
    const op = { id: OpId.parse(`away-${this.stored.length}`), type, payload: valid.payload };
    const { action, situation } = guidanceModel.demand(this.state.document, op, by);
    const denied = decide(ROLE_OF[by] ?? 'observer', action, { held: 'nobody', room: 'open', ...situation });
    if (denied) return denied.key;
    this.atMs += 1_000;
    const entry = sealEntry({
      v: 1,
      room: RoomId.parse('job-room'),
      seq: this.state.length,
      prev: this.state.head,
      id: op.id,
      author: { id: UserId.parse(by), name: by },
      at: this.atMs + this.lateMs,
      madeAt: madeAt ?? this.atMs,
      type,
      payload: valid.payload,
    });
    const outcome = advance(this.state, entry, GUIDANCE_ROOMS);
    if (!outcome.ok) return outcome.problem.key;
    this.state = outcome.state;
    this.stored.push(entry);
    return null;
  }
}
const bearing = { thing: 'bearing' as never, code: { part: '6208-2RS', serial: 'B-1', lot: null } };
const aJob = (change = {}) => new AwayJournal(valve(), valvePlan(change)).begin() as AwayJournal;

it('notes when things were done, and not when the hall heard of it; the entry has both', () => {
  const job = aJob();
  expect(job.away('part.scan', bearing)).toBeNull();
  const doneAtMs = job.atMs;
  expect(job.away('photo.add', { gate: 'bearing-photo', cid: A_PHOTO, kind: 'picture' })).toBeNull();
  expect(rowsOf(job.state.document, 'scans')[0]).toMatchObject({ atMs: doneAtMs });
  expect(job.stored.at(-2)!.entry).toMatchObject({ at: doneAtMs + 8 * HOUR_MS, madeAt: doneAtMs });
});

it('believes no device that says later than the hall, or earlier than the job', () => {
  const job = aJob();
  job.away('part.scan', bearing, 'ann', job.atMs + 99 * HOUR_MS);
  job.away('part.scan', bearing, 'ann', 5);
  const [first, second] = rowsOf(job.state.document, 'scans');
  expect(first!.atMs).toBe(job.stored.at(-2)!.entry.at);
  expect(second!.atMs).toBe(job.job.openedAtMs);
});

it('judges a skill by the time of the act: one that expired before the device came back was good', () => {
  const shown = (validForMs: number) => {
    const job = aJob();
    const skills = [{ code: 'TORQUE', level: 3, validUntilMs: job.atMs + validForMs, certificate: 'c-1' }];
    job.put('skill.show', { person: ann, skills });
    throughInsert(job);
    return job.away('job.act', { act: { type: 'touched', by: ann, thing: 'screw-1' } as never });
  };
  expect(shown(HOUR_MS)).not.toBe('skill_expired');
  expect(shown(1)).toBe('skill_expired');
});

const throughInsert = (job: AwayJournal) => {
  job.away('part.scan', bearing);
  job.away('photo.add', { gate: 'bearing-photo', cid: A_PHOTO, kind: 'picture' });
  job.away('job.act', { act: { type: 'mounted', by: ann, thing: 'bearing' } as never });
  expect(job.step).toBe('tighten');
  return job;
};
const atTighten = (tools: object[]) => throughInsert(aJob({ tools }));
const wrench = { tool: 'wrench' as never, value: 25, unit: 'N.m' as never };

it('takes a typed value of a tool without a line only where the plan lets it, and never while there is one', () => {
  const strict = atTighten([{ tool: 'wrench', device: 'W-1' }]);
  expect(strict.away('tool.typed', wrench)).toBe('tool_must_speak');
  const open = atTighten([{ tool: 'wrench', device: 'W-1', typedOffline: true }]);
  expect(open.put('tool.typed', wrench, 'ann')).toBe('tool_speaks');
  expect(open.away('tool.typed', wrench)).toBeNull();
  expect(open.away('tool.typed', wrench)).toBeNull();
  expect(open.step).toBe('gap');
  const results = rowsOf(open.state.document, 'results');
  expect(results.map(({ result, verdict, by }) => [result.key.split(':')[0], verdict, by])).toEqual([
    ['typed', 'counted', 'ann'],
    ['typed', 'counted', 'ann'],
  ]);
});

it('holds the step for a typed value that is out of range', () => {
  const job = atTighten([{ tool: 'wrench', device: 'W-1', typedOffline: true }]);
  expect(job.away('tool.typed', { ...wrench, value: 18 })).toBeNull();
  expect(job.deviations.map(({ kind }) => kind)).toEqual(['wrong_result']);
  expect(job.step).toBe('tighten');
});

it('lets time pass by the crew’s device while nobody reaches the hall, and only then', () => {
  const job = aJob();
  expect(job.put('job.time', {}, 'ann')).toBe('hall_only');
  expect(job.away('job.time', {}, 'sue')).toBe('hall_only');
  expect(job.away('job.time', {})).toBeNull();
  expect(job.put('job.time', {})).toBeNull();
});

it('takes a supervisor’s signed release, for that visit of that product and no other', () => {
  const skill = { id: 'torque-skill', step: 'insert', kind: 'skill', code: 'NONE', level: 1 };
  const job = new AwayJournal(valve(), valvePlan({ gates: [skill], kit: [] }));
  job.put('job.begin', {}, 'ann');
  const slip = { step: 'insert' as never, visit: 0, what: 'skill' as const, reason: 'Shown how', by: sue };
  const signature = signSlip(job.job, slip, KEY);
  const put = (change = {}, signed = signature) =>
    job.away('step.releaseBy', { slip: { ...slip, ...change }, signature: signed });
  expect(job.away('job.act', { act: { type: 'mounted', by: ann, thing: 'bearing' } as never })).toBe('skill_missing');
  expect(put()).toBe('no_release_key');
  expect(job.put('key.show', { person: sue, did: releaseDidOf(KEY) }, 'ann')).toBe('not_allowed');
  expect(job.put('key.show', { person: sue, did: releaseDidOf(KEY) })).toBeNull();
  expect(put({ reason: 'Something else' })).toBe('bad_release');
  expect(put({}, signSlip({ order: 'WO-1', serial: 'SN-2' }, slip, KEY))).toBe('bad_release');
  expect(put({ visit: 7 }, signSlip(job.job, { ...slip, visit: 7 }, KEY))).toBe('step_not_running');
  expect(put()).toBeNull();
  expect(job.deviations).toMatchObject([{ kind: 'released', by: 'sue', decided: { by: 'sue', reason: 'Shown how' } }]);
  expect(job.away('job.act', { act: { type: 'mounted', by: ann, thing: 'bearing' } as never })).toBeNull();
  expect(CREW.some(({ id }) => id === sue)).toBe(false);
});

it('knows which devices have the job along, until each is back in a window that is here', () => {
  const job = new JobJournal().begin();
  const device = 'device-one';
  const untilMs = job.atMs + HOUR_MS;
  const isAway = (here: readonly string[], nowMs = job.atMs) => awayFrom(job.job, new Set(here), nowMs).length > 0;
  expect(job.put('job.takeAlong', { person: ann, name: 'Ann', device, untilMs }, 'ann')).toBe('not_allowed');
  expect(job.put('job.takeAlong', { person: ann, name: 'Ann', device, untilMs })).toBeNull();
  expect([isAway([]), isAway(['w1']), isAway([], untilMs)]).toEqual([true, true, false]);
  expect(job.put('job.inSync', { device, session: 'w1' }, 'ben'), 'not of somebody else').toBe('not_along');
  expect(job.put('job.inSync', { device, session: 'w1' }, 'ann')).toBeNull();
  expect([isAway(['w1']), isAway(['w2'])]).toEqual([false, true]);
  expect(job.put('job.away', { device })).toBeNull();
  expect(isAway(['w1']), 'lost again').toBe(true);
  expect(job.put('job.letGo', { device })).toBeNull();
  expect([isAway([]), job.put('job.inSync', { device, session: 'w1' }, 'ann')]).toEqual([false, 'not_along']);
});
