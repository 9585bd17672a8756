import { isInRange, type Unit } from '../procedures/measure.ts';
import { rangeText } from '../procedures/unit-words.ts';
import type { AsBuilt } from './as-built.ts';
import { findingOf, quantity, type Finding } from './record-deviations.ts';
import { BY_HAND } from './reduce-evidence.ts';
import type { RecordSource } from './record-source.ts';
import { RecordTerms } from './record-terms.ts';
import { DEVIATION_WORDS, type RecordLanguage } from './record-words.ts';

type Visit = AsBuilt['steps'][number];

/** One thing that was seen. `isGood`: null where it counts for nothing either way. The words say it, too. */
export interface ToldLine {
  readonly text: string;
  readonly isGood: boolean | null;
}
export interface ToldAttempt {
  readonly visit: Visit;
  /** "attempt 2 of 3"; empty: there was one only. */
  readonly attempt: string;
  readonly by: string;
  readonly how: string;
  /** How well the overlay lay on the product then; empty: nobody had aligned. */
  readonly overlay: string;
  readonly lines: readonly ToldLine[];
  readonly pictures: AsBuilt['pictures'];
}
export interface ToldStep {
  readonly step: string;
  /** As the job's page counts; null: the instruction does not have it (any more). */
  readonly number: string | null;
  readonly title: string;
  readonly attempts: readonly ToldAttempt[];
}
export interface ToldDeviation extends Finding {
  readonly id: string;
  readonly kind: string;
  readonly count: number;
  /** "step 7 Input seal, attempt 1 of 2"; empty: of no step. */
  readonly where: string;
  readonly atMs: number;
  readonly by: string | null;
  readonly text: string;
  readonly decision: string;
  readonly decidedAtMs: number | null;
  /** "done right in attempt 2 of 2"; empty: it was not done again. */
  readonly again: string;
}
export interface ToldRecord {
  /** In the order of the procedure, whenever they were done. */
  readonly steps: readonly ToldStep[];
  /** What came while no step waited for it. */
  readonly besides: readonly ToldLine[];
  readonly deviations: readonly ToldDeviation[];
  readonly nameOf: (person: string) => string;
  readonly rolesOf: (roles: readonly string[]) => string;
}

/**
 * What a record says to people, the same on its page and on paper. All of it follows from the record and its journal, so it can be
 * said of old records, too.
 */
export function toldRecord(record: AsBuilt, source: RecordSource, language: RecordLanguage): ToldRecord {
  const terms = new RecordTerms(record, source, language);
  return {
    steps: toldSteps(terms),
    besides: linesOf(terms, null),
    deviations: toldDeviations(terms, language),
    nameOf: (person) => terms.person(person),
    rolesOf: (roles) => roles.map((role) => terms.named('roles', role)).join(terms.say.comma),
  };
}

function toldSteps(terms: RecordTerms): ToldStep[] {
  const { steps } = terms.record;
  const ids = [...new Set(steps.map(({ step }) => step))];
  const order = terms.order();
  const placeOf = (step: string) => order.get(step) ?? Infinity;
  return ids
    .toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)))
    .map((step) => ({
      step,
      number: terms.number(step),
      title: terms.title(step),
      attempts: steps.filter((visit) => visit.step === step).map((visit) => toldAttempt(terms, visit)),
    }));
}

function toldAttempt(terms: RecordTerms, visit: Visit): ToldAttempt {
  const { record, say } = terms;
  const aligned = record.alignments.findLast(({ atMs }) => atMs <= (visit.leftAtMs ?? Infinity));
  const mm = aligned && (aligned.expectedErrorM * 1000).toFixed(1);
  return {
    visit,
    attempt: attemptOf(terms, visit.n),
    by: visit.by.map((id) => terms.person(id)).join(say.comma),
    how: visit.how === null ? '' : say.how[visit.how],
    overlay: aligned && mm ? `${say.overlay(mm)} (${say.alignedBy[aligned.how] ?? aligned.how})` : '',
    lines: linesOf(terms, visit.n),
    pictures: record.pictures.filter((picture) => picture.visit === visit.n),
  };
}

function attemptOf({ record, say }: RecordTerms, n: number): string {
  const visit = record.steps.find((one) => one.n === n);
  const all = record.steps.filter(({ step }) => step === visit?.step);
  return visit && all.length > 1 ? say.attempt(all.indexOf(visit) + 1, all.length) : '';
}

function linesOf(terms: RecordTerms, visit: number | null): ToldLine[] {
  const { record } = terms;
  const here = <T extends { readonly visit: number | null }>(rows: readonly T[]) =>
    rows.filter((row) => row.visit === visit);
  return [
    ...here(record.parts).map((row) => partLine(terms, row)),
    ...here(record.tightenings).map((row) => tighteningLine(terms, row)),
    ...here(record.measurements).map((row) => measurementLine(terms, row)),
    ...here(record.checks).map(({ by, isOk, note }) => ({
      text: said(terms.say.secondLook(terms.person(by)), isOk ? terms.say.inOrder : terms.say.notInOrder, note),
      isGood: isOk,
    })),
  ];
}

function partLine(terms: RecordTerms, { thing, code, isRight }: AsBuilt['parts'][number]): ToldLine {
  const { say } = terms;
  const text = said(`${terms.named('things', thing)}: ${terms.code(code)}`, isRight ? say.rightPart : say.wrongPart);
  return { text, isGood: isRight };
}

function tighteningLine(terms: RecordTerms, row: AsBuilt['tightenings'][number]): ToldLine {
  const { say } = terms;
  const { result, limits, verdict, thing, tool } = row;
  const value = [quantity(result.value, result.unit), limits && say.range(rangeText(limits))].filter(Boolean);
  const what = `${thing === null ? '' : `${terms.named('things', thing)}: `}${value.join(say.comma)}`;
  const device = result.serial === null ? result.device : `${result.device}, ${result.serial}`;
  const name = tool === null ? device : `${terms.named('tools', tool)} (${device})`;
  const withWhat =
    result.device === BY_HAND
      ? [tool === null ? '' : terms.named('tools', tool), say.byHand].filter(Boolean).join(say.comma)
      : `${name}${say.comma}${calibration(terms, result.calibratedUntilMs)}`;
  const isWithin = limits === null || isInRange(result.value, result.unit as Unit, limits);
  if (verdict === 'counted') return { text: said(what, withWhat, limits ? say.inRange : say.inOrder), isGood: true };
  if (verdict === 'failed')
    return { text: said(what, withWhat, isWithin ? say.toolSaysNo : say.outOfRange), isGood: false };
  const isRefused = verdict === 'calibration_expired' || verdict === 'not_allowed';
  return { text: said(what, withWhat, say.notCounted[verdict]), isGood: isRefused ? false : null };
}

function measurementLine(terms: RecordTerms, row: AsBuilt['measurements'][number]): ToldLine {
  const { say } = terms;
  const { variable, value, unit, limits, isInRange: isGood, instrument } = row;
  const told = [quantity(value, unit ?? limits?.unit ?? null), limits && say.range(rangeText(limits))].filter(Boolean);
  const withWhat = instrument
    ? `${instrument.device}${say.comma}${calibration(terms, instrument.calibratedUntilMs)}`
    : '';
  const text = said(
    `${say.measured(variable)}: ${told.join(say.comma)}`,
    withWhat,
    isGood ? say.inRange : say.outOfRange,
  );
  return { text, isGood };
}

const calibration = ({ say }: RecordTerms, untilMs: number | null): string =>
  untilMs === null ? say.calibrationUnknown : say.calibrated(new Date(untilMs).toISOString().slice(0, 10));

const said = (...parts: readonly string[]): string => parts.filter(Boolean).join(' · ');

function toldDeviations(terms: RecordTerms, language: RecordLanguage): ToldDeviation[] {
  const { say, record } = terms;
  return record.deviations.map((one) => {
    const step = one.step ?? record.steps.find(({ n }) => n === one.visit)?.step ?? null;
    const number = step === null ? null : terms.number(step);
    const title =
      step === null ? '' : [number === null ? '' : say.steps(number), terms.title(step)].filter(Boolean).join(' ');
    const attempt = one.visit === null ? '' : attemptOf(terms, one.visit);
    const { decided, reworkedIn } = one;
    const what = decided && (one.kind === 'released' ? say.released : say.disposition[decided.disposition]);
    const again = reworkedIn === null ? '' : attemptOf(terms, reworkedIn);
    return {
      ...findingOf(one, terms),
      id: one.id,
      kind: DEVIATION_WORDS[language][`kind_${one.kind}`],
      count: one.count,
      where: [title, attempt].filter(Boolean).join(say.comma),
      atMs: one.atMs,
      by: one.by === null ? null : terms.person(one.by),
      // Of a release it is the reason.
      text: one.text === decided?.reason ? '' : one.text,
      decision: decided ? say.decidedBy(what!, terms.person(decided.by), decided.reason) : say.undecided,
      decidedAtMs: decided?.atMs ?? null,
      again: again && say.doneIn(again),
    };
  });
}
