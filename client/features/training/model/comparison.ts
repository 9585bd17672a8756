import type { Examined, OtherRun } from './examine.ts';
import { medianOf, stepFigures, type StepFigures } from './story.ts';

/** With fewer runs of others a middle would tell about single people. */
export const LEAST_CLASS = 3;

/** A step of this run beside the same step of others. Times in ms; null: nothing to compare with. */
export interface ComparedStep extends StepFigures {
  readonly beforeMs: number | null;
  readonly classMs: number | null;
  readonly bestMs: number | null;
  readonly expertMs: number | null;
}

export interface Comparison {
  readonly steps: readonly ComparedStep[];
  /** Earlier runs of the same people, oldest first. */
  readonly earlier: readonly OtherRun[];
  readonly classRuns: number;
  readonly best: OtherRun | null;
  readonly expert: OtherRun | null;
}

/**
 * This run beside earlier ones of the same people, beside those of others, beside the fastest that was passed, and beside
 * the expert's: the first of `experts` (runs that may be followed, newest first) that is of this procedure.
 */
export function comparisonOf({ run, procedure, story, others }: Examined, experts: readonly string[] = []): Comparison {
  const team = teamOf(run.participants.map(({ id }) => id));
  const isSame = (other: OtherRun) => teamOf(other.people) === team;
  const earlier = others
    .filter((other) => isSame(other) && other.startedAtMs < run.startedAtMs)
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
  const strangers = others.filter((other) => !isSame(other));
  const shownClass = strangers.length >= LEAST_CLASS ? strangers : [];
  const best = others
    .filter(({ isPassed }) => isPassed)
    .reduce<OtherRun | null>((one, other) => (one && one.durationMs <= other.durationMs ? one : other), null);
  const expert = experts.flatMap((id) => others.filter((other) => other.run === id))[0] ?? null;
  const middle = (runs: readonly OtherRun[], step: string) =>
    medianOf(runs.flatMap(({ figures }) => figures.filter((one) => one.step === step).map(({ ms }) => ms)));
  const steps = stepFigures(procedure, story).map((figures) => ({
    ...figures,
    beforeMs: middle(earlier, figures.step),
    classMs: middle(shownClass, figures.step),
    bestMs: best && middle([best], figures.step),
    expertMs: expert && middle([expert], figures.step),
  }));
  return { steps, earlier, classRuns: shownClass.length, best, expert };
}

const teamOf = (people: readonly string[]): string => [...people].sort().join(' ');
