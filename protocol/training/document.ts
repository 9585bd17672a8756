import { table, type Document } from '../document/document.ts';
import type { Problem } from '../errors.ts';
import type { UserId } from '../ids.ts';
import type { Mode } from '../procedures/behaviour.ts';
import type { Finding, RunState } from '../procedures/run-state.ts';
import type { OpenedSeal, RunParticipant } from './ops.ts';

/**
 * Tables of a training room: `procedures` (and `parts` while one is being loaded), `runs`, `world` and `placements`
 * (what a run knows of its workplace, in rows small enough that an act changes few), `findings`, `reports`, `seals`, `truths`,
 * `machines`, `consents`, `settings`.
 */
export interface RunRow {
  readonly id: string;
  readonly procedure: string;
  readonly mode: Mode;
  readonly seed: number;
  readonly participants: readonly RunParticipant[];
  readonly startedBy: UserId;
  readonly startedAtMs: number;
  /** The engine's state but for its world. */
  readonly state: Omit<RunState, 'world'>;
  /** Facts so far, and a hash over all of them: two rows with one digest have one past. */
  readonly events: number;
  readonly digest: string;
  readonly findings: number;
  /** Faults that people say there are; whether they are right is told at the debrief. */
  readonly reports: number;
  readonly seals: number;
  /** Null while it goes on. */
  readonly outcome: 'completed' | 'failed' | 'abandoned' | null;
  /** Milliseconds since 1970. */
  readonly endedAtMs: number | null;
  readonly isRevealed: boolean;
  /** Stands still because the room does. */
  readonly isFrozen: boolean;
  /** The last act that was not let happen, and why. */
  readonly refused: { readonly op: string; readonly problem: Problem } | null;
  /** The last jump that was ordered, and by whom; none in runs from before it was kept. */
  readonly jumped?: {
    readonly op: string;
    readonly by: { readonly id: UserId; readonly name: string };
    readonly to: string;
  };
}

/** Somebody said that something is wrong. */
export interface ReportRow {
  readonly run: string;
  readonly by: UserId;
  /** The fault that they named, or null. */
  readonly diagnosis: string | null;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The same on the run's own clock, which stands still in pauses, ms. */
  readonly runMs: number;
}

export interface FindingRow extends Finding {
  readonly run: string;
  /** Number of the fact that led to it. */
  readonly event: number;
}
export interface SealRow {
  readonly run: string;
  readonly slot: number;
  readonly commitment: string;
  readonly atMs: number;
}
export interface Consent {
  readonly motion: boolean;
  readonly atMs: number;
}

export const runsOf = (document: Document): readonly RunRow[] =>
  [...table(document, 'runs').values()].map((row) => row as unknown as RunRow);
export const runOf = (document: Document, run: string): RunRow | undefined =>
  table(document, 'runs').get(run) as unknown as RunRow | undefined;
export const findingsOf = (document: Document, { id, findings }: RunRow): FindingRow[] =>
  Array.from({ length: findings }, (_, n) => table(document, 'findings').get(`${id}.${n}`)).filter(
    (row) => row !== undefined,
  ) as unknown as FindingRow[];
/** Oldest first. */
export const reportsIn = (document: Document, { id, reports }: RunRow): ReportRow[] =>
  Array.from({ length: reports }, (_, n) => table(document, 'reports').get(`${id}.${n}`)).filter(
    (row) => row !== undefined,
  ) as unknown as ReportRow[];
export const sealOf = (document: Document, run: string, slot: number): SealRow | undefined =>
  table(document, 'seals').get(`${run}.${slot}`) as unknown as SealRow | undefined;
export const truthsOf = (document: Document, run: string): readonly OpenedSeal[] | null =>
  (table(document, 'truths').get(run)?.['seals'] as readonly OpenedSeal[] | undefined) ?? null;
export const consentOf = (document: Document, user: string): Consent | undefined =>
  table(document, 'consents').get(user) as unknown as Consent | undefined;
export const isFrozen = (document: Document): boolean => table(document, 'settings').get('room')?.['isFrozen'] === true;

/** Row of `settings`: which moment of which run everybody in the room is shown. */
export const REWOUND = 'rewound';
export interface Rewound {
  readonly run: string;
  /** After so many of the run's facts. */
  readonly event: number;
  /** Who shows it. */
  readonly by: { readonly id: UserId; readonly name: string };
}
export const rewoundIn = (document: Document): Rewound | null =>
  (table(document, 'settings').get(REWOUND) as unknown as Rewound | undefined) ?? null;

/** Row of `settings`: the training in this room is over. */
export const CLOSED = 'closed';
export interface Closed {
  readonly by: { readonly id: UserId; readonly name: string };
  /** Milliseconds since 1970. */
  readonly atMs: number;
}
/** Null: runs may start. */
export const closedIn = (document: Document): Closed | null =>
  (table(document, 'settings').get(CLOSED) as unknown as Closed | undefined) ?? null;

export interface MachineRow {
  /** Of the equipment, and its version. */
  readonly equipment: string;
  readonly version: number;
  readonly inputs: number;
  /** Tick of the newest mark. */
  readonly tick: number;
}
export const machineOf = (document: Document, run: string): MachineRow | undefined =>
  table(document, 'machines').get(run) as unknown as MachineRow | undefined;

export { procedureIn, proceduresIn } from '../procedures/loaded.ts';
