import { expect, it } from 'vitest';
import { until } from '../../test/support/people.ts';
import { problem } from '#protocol/errors';
import { Observations, type Observed } from './observations.ts';

const out = { type: 'controlSet', by: 'kim', control: 'ram-block', to: 'out' } as unknown as Observed;
const bar = (value: number) => ({ type: 'value', sensor: 'oil-pressure', value, unit: 'bar' }) as unknown as Observed;
const no = (key: string) => ({ ok: false as const, problem: problem('training', key, key, { next: '' }) });

/** A run that answers as told, and what it was told. */
function aRun(refuses: (events: readonly Observed[], count: number) => string | null) {
  const told: Observed[] = [];
  const ids: string[] = [];
  let [count, next] = [0, 0];
  return {
    told,
    ids,
    line: {
      nextId: () => `op-${next++}` as never,
      failed: () => undefined,
      say: (id: string, events: readonly Observed[]) => {
        ids.push(id);
        const key = refuses(events, count++);
        if (key === null) told.push(...events);
        return Promise.resolve(key === null ? { ok: true as const, seq: count } : no(key));
      },
    },
  };
}

it('a control that was set while the disk did not take it is told when it does, under the same id and in order', async () => {
  const run = aRun((_, count) => (count === 0 ? 'not_saved' : null));
  const observations = new Observations(run.line);
  observations.tell([out, bar(116)]);
  observations.tell([bar(120)]);
  expect(observations.unsaid).toHaveLength(2);
  await until('all is told', () => observations.unsaid.length === 0);
  expect(run.told).toEqual([out, bar(116), bar(120)]);
  expect(run.ids).toEqual(['op-0', 'op-0', 'op-1']);
});

it('what was not confirmed before a crash is told after it', async () => {
  const run = aRun(() => null);
  const observations = new Observations(run.line, [{ id: 'op-before' as never, events: [out] }]);
  await until('it is told', () => observations.unsaid.length === 0);
  expect([run.ids, run.told]).toEqual([['op-before'], [out]]);
});

it('a control that the run did not let happen takes no reading with it, and is told once the run lets it', async () => {
  let isLocked = true;
  const run = aRun((events) => (isLocked && events.some(({ type }) => type === 'controlSet') ? 'wrong_control' : null));
  const observations = new Observations(run.line);
  observations.tell([out, bar(116)]);
  await until('the rest is told', () => run.told.length === 1);
  expect(run.told).toEqual([bar(116)]);
  isLocked = false;
  observations.tellOwed((control, to) => control === 'ram-block' && to === 'in');
  await until('nothing waits', () => observations.unsaid.length === 0);
  expect(run.told).toHaveLength(1);

  isLocked = true;
  observations.tell([out]);
  await until('it is refused', () => observations.unsaid.length === 0);
  isLocked = false;
  observations.tellOwed(() => true);
  await until('it is told', () => run.told.length === 2);
  expect(run.told.at(-1)).toEqual(out);
});

it('a run that is over is told nothing more', async () => {
  const run = aRun(() => 'run_is_over');
  const observations = new Observations(run.line);
  observations.tell([bar(1)]);
  observations.tell([bar(2)]);
  await until('it is let go', () => observations.unsaid.length === 0);
  expect(run.ids).toHaveLength(1);
});
