import type { ReportRow } from './document.ts';
import type { OpenedSeal, SealedFact } from './ops.ts';

/**
 * `right`: named what was there. `found`: something was there, and nothing was named. `wrong`: another thing was.
 * `false_alarm`: nothing was there.
 */
export type ReportVerdict = 'right' | 'found' | 'wrong' | 'false_alarm';
export interface JudgedReport extends ReportRow {
  readonly verdict: ReportVerdict;
  /** The one that was there: the named one, else the oldest; null: there was none. */
  readonly fault: string | null;
}
type Secret = { readonly fault: string; readonly isCleared: boolean; readonly atMs: number };

/** What was done in secret, from the opened seals. */
export const secretsIn = (seals: readonly OpenedSeal[]): Secret[] =>
  seals.flatMap(({ facts }) =>
    facts.map(({ event, atMs }: SealedFact) => ({
      fault: event.fault,
      isCleared: event.type === 'faultCleared',
      atMs,
    })),
  );

/** Holds what people said is wrong against what was, each report at its own moment. `secrets`: oldest first. */
export function judgeReports(reports: readonly ReportRow[], secrets: readonly Secret[]): JudgedReport[] {
  return reports.map((report) => {
    const open = new Map<string, number>();
    for (const { fault, isCleared, atMs } of secrets) {
      if (atMs > report.atMs) continue;
      if (isCleared) open.delete(fault);
      else open.set(fault, atMs);
    }
    const isNamed = report.diagnosis !== null && open.has(report.diagnosis);
    const [oldest = null] = [...open].sort(([, one], [, other]) => one - other).map(([fault]) => fault);
    const verdict = open.size === 0 ? 'false_alarm' : isNamed ? 'right' : report.diagnosis === null ? 'found' : 'wrong';
    return { ...report, verdict, fault: isNamed ? report.diagnosis : oldest };
  });
}
