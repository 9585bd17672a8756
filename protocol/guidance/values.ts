import { watchOf } from '../equipment/report.ts';
import type { Document } from '../document/document.ts';
import { indexOf } from '../procedures/procedure-index.ts';
import { convert, isInRange, type Unit } from '../procedures/measure.ts';
import { jobOf, jobProcedure, jobState } from './document.ts';
import type { GuidancePayload } from './ops.ts';

/** A reading is told again when it has changed by this share of what the instrument can show. */
const REPORT_SHARE = 0.02;

export interface DeviceReading {
  readonly device: string;
  readonly value: number;
  readonly unit: Unit;
}

/**
 * Which of the readings a job has to be told: those that its plan binds to one of its sensors, when a condition may turn by them or
 * when they have changed much. So the journal holds what mattered, and not what a plant says twenty times a second. What the
 * job knows already stands in its journal, so nothing else has to be remembered.
 */
export function valuesToTell(
  document: Document,
  readings: readonly DeviceReading[],
): GuidancePayload<'value.observe'>['values'] {
  const job = jobOf(document);
  const procedure = job && jobProcedure(document, job);
  const state = job && jobState(document, job);
  if (!job || !procedure || !state || job.status !== 'running') return [];
  const watch = watchOf(procedure);
  const { sensors } = indexOf(procedure);
  return job.plan.values.flatMap(({ sensor, device }) => {
    const reading = readings.find((one) => one.device === device);
    const about = sensors.get(sensor);
    const value = reading && about ? convert(reading.value, reading.unit, about.unit) : null;
    if (!about || value === null) return [];
    const known = state.world.values[sensor];
    const last = known && convert(known.value, known.unit, about.unit);
    if (last !== undefined && last !== null) {
      const turns = watch
        .get(sensor)
        ?.some((range) => isInRange(value, about.unit, range) !== isInRange(last, about.unit, range));
      const span = Math.abs(about.maximum - about.minimum);
      if (!turns && (value === last || Math.abs(value - last) < REPORT_SHARE * span)) return [];
    }
    return [{ sensor: sensor as string, value, unit: about.unit }];
  });
}
