import type { ScoreSheet } from '#protocol/procedures/index';
import type { TrainingWords } from '../strings.ts';
import type { Comparison } from './comparison.ts';
import { csvOf } from './figures-csv.ts';
import type { RunWords } from './words.ts';

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 100) / 10);

/** What was taken, line by line, and below it each step beside others: times in seconds, for a spreadsheet. */
export function debriefCsv(sheet: ScoreSheet, { steps }: Comparison, words: RunWords, t: TrainingWords): string {
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
  return csvOf([
    [inSeconds(t('timeTaken')), t('step'), t('findings'), t('points')],
    [null, null, t('fullPoints'), sheet.full],
    ...lines,
    [seconds(sheet.durationMs), null, t('sumPoints'), sheet.points],
    [],
    [
      ...[t('step'), inSeconds(t('timeTaken')), t('errors'), t('attempts')],
      ...[inSeconds(t('before')), inSeconds(t('ofClass')), inSeconds(t('ofBest')), inSeconds(t('ofExpert'))],
    ],
    ...figures,
  ]);
}
