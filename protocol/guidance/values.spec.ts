import { expect, it } from 'vitest';
import { aStep, en, to } from '../../test/support/procedures.ts';
import { JobJournal, valve, valvePlan } from '../../test/support/jobs.ts';
import { Procedure } from '../procedures/procedure.ts';
import { valuesToTell } from './index.ts';

/** A leak test: at least 4 bar, as a sensor of 0 to 10 bar shows it. */
const tested = (): Procedure => {
  const plain = valve((steps) => [
    aStep('leak', {
      transitions: [to('tighten', { kind: 'value', sensor: 'gauge', range: { minimum: 4, unit: 'bar' }, holdMs: 0 })],
    }),
    ...steps.slice(1),
  ]);
  const gauge = { id: 'gauge', name: en('Gauge'), unit: 'bar', minimum: 0, maximum: 10 };
  return Procedure.parse({ ...plain, workplace: { ...plain.workplace, sensors: [gauge] } });
};
const started = () =>
  new JobJournal(tested(), valvePlan({ gates: [], kit: [], values: [{ sensor: 'gauge', device: 'PT-1' }] })).begin();
const reading = (value: number, unit: 'bar' | 'kPa' | 'mm' = 'bar', device = 'PT-1') => [{ device, value, unit }];
const tell = (job: JobJournal, value: number, unit: 'bar' | 'kPa' | 'mm' = 'bar') => {
  const values = valuesToTell(job.state.document, reading(value, unit));
  return values.length === 0 ? null : job.put('value.observe', { values });
};

it('opens a step by what the plant shows, in whatever unit it shows it', () => {
  const job = started();
  expect(tell(job, 350, 'kPa')).toBeNull();
  expect(job.step).toBe('leak');
  expect(tell(job, 420, 'kPa')).toBeNull();
  expect(job.step).toBe('tighten');
});

it('puts into the journal what matters and not every twitch of a needle', () => {
  const job = started();
  const told = (value: number) => {
    const [values] = [valuesToTell(job.state.document, reading(value))];
    if (values.length > 0) job.put('value.observe', { values });
    return values.length;
  };
  expect([3.9, 3.91, 3.95, 3.9].map(told)).toEqual([1, 0, 0, 0]);
  expect(told(3.6)).toBe(1);
  expect(told(3.85)).toBe(1);
  // Little, and yet the step may end by it.
  expect(told(4.0)).toBe(1);
});

it('takes no reading of another instrument, quantity or time', () => {
  const job = started();
  expect(valuesToTell(job.state.document, reading(5, 'bar', 'PT-2'))).toEqual([]);
  expect(valuesToTell(job.state.document, reading(5, 'mm'))).toEqual([]);
  job.put('job.pause', { reason: 'lunch' }, 'ann');
  expect(valuesToTell(job.state.document, reading(5))).toEqual([]);
  expect(valuesToTell(new JobJournal().state.document, reading(5))).toEqual([]);
});

it('knows the readings that a plan names before a job is opened by it', () => {
  const plan = valvePlan({ gates: [], values: [{ sensor: 'nowhere', device: 'PT-1' }] });
  expect(() => new JobJournal(tested(), plan)).toThrow('no_such_sensor');
});
