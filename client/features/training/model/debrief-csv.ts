import type { TrainingWords } from '../strings.ts';
import type { Comparison } from './comparison.ts';
import type { Examined } from './examine.ts';
import { faultRows } from './fault-rows.ts';
import { csvOf } from './figures-csv.ts';
import type { RunWords } from './words.ts';

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 100) / 10);

/** Whose run, of what, when, and what it came to: without it a file is nobody's once it has left the page. */
function headOf({ run, procedure, sheet }: Examined, words: RunWords, t: TrainingWords) {
  return [
    [t('person'), run.participants.map(({ name }) => name).join(', ')],
    [t('procedure'), words.text(procedure.title)],
    [t('mode'), t(`mode_${run.mode}`)],
    [t('begun'), new Date(run.startedAtMs).toISOString()],
    [t('result'), t(sheet.isPassed ? 'passed' : 'notPassed')],
    [],
  ];
}

/** `Tom Ford – Start up and shut down – 2026-11-22.csv`; the day is that of the person who saves it. */
export function debriefFile({ run, procedure }: Examined, words: RunWords): string {
  const names = run.participants.map(({ name }) => name).join(', ');
  const day = new Date(run.startedAtMs).toLocaleDateString('sv-SE');
  // What a file system may not take.
  return `${names} – ${words.text(procedure.title)} – ${day}.csv`.replaceAll(/[\\/:*?"<>|]/g, ' ');
}

/**
 * Whose run it was, what was taken line by line, the faults, and each step beside others: times in seconds, for a
 * spreadsheet.
 */
export function debriefCsv(examined: Examined, { steps }: Comparison, words: RunWords, t: TrainingWords): string {
  const { sheet, story } = examined;
  const lines = sheet.lines.map(({ atMs, step, reason, facts, points }) => [
    seconds(atMs),
    words.step(step),
    words.finding(reason, facts),
    points,
  ]);
  const figures = steps.map(({ step, ms, errors, attempts, beforeMs, classMs, bestMs, expertMs }) => [
    ...[words.step(step), seconds(ms), errors, attempts],
    ...[seconds(beforeMs), seconds(classMs), seconds(bestMs), seconds(expertMs)],
  ]);
  const inSeconds = (what: string) => `${what} (s)`;
  const faults = faultRows(story).map(({ fault, injectedMs, foundAfterMs, namedAfterMs }) => [
    ...[words.fault(fault), seconds(injectedMs), seconds(foundAfterMs), seconds(namedAfterMs)],
  ]);
  const faultHead = [t('fault'), ...[t('injected'), t('foundLater'), t('namedLater')].map(inSeconds)];
  return csvOf([
    ...headOf(examined, words, t),
    [inSeconds(t('timeTaken')), t('step'), t('findings'), t('points')],
    [null, null, t('fullPoints'), sheet.full],
    ...lines,
    [seconds(sheet.durationMs), null, t('sumPoints'), sheet.points],
    [],
    ...(faults.length > 0 ? [faultHead, ...faults, []] : []),
    [
      ...[t('step'), inSeconds(t('timeTaken')), t('errors'), t('attempts')],
      ...[inSeconds(t('before')), inSeconds(t('ofClass')), inSeconds(t('ofBest')), inSeconds(t('ofExpert'))],
    ],
    ...figures,
  ]);
}
