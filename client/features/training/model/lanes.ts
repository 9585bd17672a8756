import type { FaultStory, RunStory, Stay } from './story.ts';

/** Something on the time line. Run time, ms; `toMs` null: a moment. */
export interface LaneEvent {
  readonly key: string;
  readonly lane: 'steps' | 'findings' | 'faults';
  /** Events of a lane that go on at the same time stand in rows below each other. */
  readonly row: number;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly about:
    | { readonly kind: 'stay'; readonly stay: Stay }
    | { readonly kind: 'finding'; readonly finding: RunStory['findings'][number] }
    | { readonly kind: 'fault'; readonly fault: FaultStory };
}

/** All that a time line shows, in order of time. */
export function laneEvents({ stays, findings, faults, durationMs }: RunStory): LaneEvent[] {
  const events: LaneEvent[] = [
    ...inRows(stays, ({ fromMs, toMs }) => [fromMs, toMs ?? durationMs]).map(({ item, row }): LaneEvent => ({
      ...{ key: `stay ${item.thread} ${item.step} ${item.fromMs}`, lane: 'steps', row, fromMs: item.fromMs },
      ...{ toMs: item.toMs ?? durationMs, about: { kind: 'stay', stay: item } },
    })),
    ...findings.map((finding, at): LaneEvent => ({
      ...{ key: `finding ${at}`, lane: 'findings', row: 0, fromMs: finding.atMs, toMs: null },
      about: { kind: 'finding', finding },
    })),
    ...inRows(faults, (fault) => [fault.injectedMs, endOf(fault, durationMs)]).map(({ item, row }): LaneEvent => ({
      ...{ key: `fault ${item.fault}`, lane: 'faults', row, fromMs: item.injectedMs },
      ...{ toMs: endOf(item, durationMs), about: { kind: 'fault', fault: item } },
    })),
  ];
  return events.sort((a, b) => a.fromMs - b.fromMs || (a.toMs ?? a.fromMs) - (b.toMs ?? b.fromMs));
}

const endOf = ({ clearedMs }: FaultStory, durationMs: number): number => clearedMs ?? durationMs;

/** Puts what overlaps into rows: each into the first where nothing goes on any more. */
function inRows<T>(items: readonly T[], span: (item: T) => readonly [number, number]): { item: T; row: number }[] {
  const ends: number[] = [];
  return [...items]
    .sort((a, b) => span(a)[0] - span(b)[0])
    .map((item) => {
      const [from, to] = span(item);
      const free = ends.findIndex((end) => end <= from);
      const row = free < 0 ? ends.length : free;
      ends[row] = to;
      return { item, row };
    });
}
