import { z } from 'zod';
import { SafetyRuleId } from './ids.ts';

/** What can be held against a run; the words of the score sheet. */
export const ERROR_KINDS = [
  'wrong_order',
  'wrong_part',
  'wrong_tool',
  'wrong_control',
  'wrong_person',
  'wrong_answer',
  'wrong_result',
  'out_of_tolerance',
  'safety',
  'hint',
  'time_limit',
  'skipped',
  'false_alarm',
  'wrong_diagnosis',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

const points = z.number().int().min(0).max(100_000);

/**
 * How a run is judged, in whole points, so that the same number comes out on every machine. Every field can be read
 * aloud: "a wrong part costs 50 points, all of them together at most 200".
 */
export const Rubric = z.strictObject({
  version: z.number().int().min(1),
  /** Points before deductions. */
  full: points.min(1),
  /** Points needed to pass. */
  passMark: points,
  /** Points per error, and at most for all errors of the kind (null: no limit). */
  errors: z.record(z.enum(ERROR_KINDS), z.strictObject({ points, atMost: points.nullable() })),
  /** Also, for each whole tolerance by which a part is off: two and a half tolerances cost twice this. */
  perToleranceOff: points,
  time: z.strictObject({
    /** Free of charge. */
    targetMs: z.number().int().min(0),
    /** For each whole second beyond. */
    perSecond: points,
    atMost: points,
  }),
  faults: z.strictObject({
    /** Free of charge, from the injection. */
    findWithinMs: z.number().int().min(0),
    perSecondLate: points,
    atMostLate: points,
    notFound: points,
    notDiagnosed: points,
  }),
  /** Breaking one of these fails the run, whatever the points. */
  mustNot: z.array(SafetyRuleId).max(100),
});
export type Rubric = z.infer<typeof Rubric>;

const costs = (each: number, atMost: number | null = null) => ({ points: each, atMost });

export const DEFAULT_RUBRIC: Rubric = {
  version: 1,
  full: 1000,
  passMark: 700,
  errors: {
    wrong_order: costs(40, 200),
    wrong_part: costs(40, 200),
    wrong_tool: costs(40, 200),
    wrong_control: costs(40, 200),
    wrong_person: costs(20, 100),
    wrong_answer: costs(50, 250),
    wrong_result: costs(60, 300),
    out_of_tolerance: costs(10, 200),
    safety: costs(150),
    hint: costs(20, 200),
    time_limit: costs(30, 150),
    skipped: costs(20, 100),
    false_alarm: costs(20, 100),
    wrong_diagnosis: costs(40, 120),
  },
  perToleranceOff: 5,
  time: { targetMs: 900_000, perSecond: 1, atMost: 200 },
  faults: { findWithinMs: 30_000, perSecondLate: 1, atMostLate: 60, notFound: 150, notDiagnosed: 60 },
  mustNot: [],
};
