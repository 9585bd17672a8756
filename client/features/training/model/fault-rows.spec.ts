import { expect, it } from 'vitest';
import type { RunEvent } from '#protocol/procedures/index';
import { GEARBOX } from '../../../../test/support/training.ts';
import { faultRows } from './fault-rows.ts';
import { storyOf } from './story.ts';

const FAULT = GEARBOX.workplace.faults[0]!.id;
const storyWith = (...events: readonly (readonly [number, Partial<RunEvent>])[]) =>
  storyOf(GEARBOX, {
    mode: 'practice',
    seed: 1,
    participants: [{ id: 'tom' as never, roles: GEARBOX.workplace.roles.map(({ id }) => id), station: null }],
    startedAtMs: 0,
    events: events.map(([atMs, event]) => ({ atMs, event: event as RunEvent })),
  });

it('the report says which fault was injected, when, after how long it was found and named, and by whom', () => {
  const story = storyWith(
    [5_000, { type: 'faultReported', by: 'tom' as never, diagnosis: FAULT }],
    [10_000, { type: 'faultInjected', by: 'ivy' as never, fault: FAULT }],
    [22_000, { type: 'faultReported', by: 'tom' as never, diagnosis: null }],
    [34_000, { type: 'faultReported', by: 'tom' as never, diagnosis: FAULT }],
  );
  expect(story.reports.map(({ isRight }) => isRight)).toEqual([false, true, true]);
  expect(faultRows(story)).toEqual([
    { fault: FAULT, injectedMs: 10_000, foundAfterMs: 12_000, namedAfterMs: 24_000, namedBy: 'tom' },
  ]);
});

it('a fault that nobody found stands there as not found', () => {
  const story = storyWith([10_000, { type: 'faultInjected', by: 'ivy' as never, fault: FAULT }]);
  expect(faultRows(story)).toMatchObject([{ fault: FAULT, foundAfterMs: null, namedAfterMs: null, namedBy: null }]);
});
