import type { Document } from '../document/document.ts';
import type { UserId } from '../ids.ts';
import type { Vec3 } from '../spatial/pose.ts';
import { jobOf, rowsOf } from './document.ts';
import type { Anchor, HelpPayload, MarkBody } from './help-ops.ts';

/** How one person was rung: `waiting` for their turn, `taken` by somebody else before they answered. */
export type RingState =
  'waiting' | 'ringing' | 'accepted' | 'declined' | 'missed' | 'busy' | 'away' | 'unknown' | 'taken' | 'cancelled';

export interface Ring {
  readonly person: UserId;
  readonly name: string;
  readonly state: RingState;
  /** Since when it rings, or has rung; null before. */
  readonly sinceMs: number | null;
  readonly escalateAfterS: number;
  /** All of a batch ring at once, or the next when one does not answer. */
  readonly batch: number;
}

export interface CallPerson {
  readonly id: UserId;
  readonly name: string;
  readonly as: 'crew' | 'expert';
  readonly sinceMs: number;
  readonly untilMs: number | null;
}

/** What a call came to; made when it ends. */
export interface HelpSummary {
  readonly people: readonly {
    readonly id: UserId;
    readonly name: string;
    readonly as: string;
    readonly forMs: number;
  }[];
  readonly forMs: number;
  readonly marks: Readonly<Record<string, number>>;
  readonly measurements: readonly { readonly distanceM: number; readonly by: UserId }[];
  readonly stills: readonly string[];
  readonly documents: readonly { readonly title: string; readonly cid: string; readonly page: number | null }[];
  readonly lines: number;
  readonly recordings: number;
  /** Gates that were unlocked by somebody who helped. */
  readonly releases: readonly { readonly step: string | null; readonly reason: string; readonly by: UserId }[];
  readonly outcome: string;
}

interface Numbered {
  readonly n: number;
  readonly by: UserId;
  readonly atMs: number;
}
export interface CallRow extends Numbered {
  readonly id: string;
  /** Of who rang. */
  readonly name: string;
  readonly text: string;
  readonly step: string | null;
  readonly status: 'ringing' | 'going' | 'over';
  readonly rings: readonly Ring[];
  readonly people: readonly CallPerson[];
  readonly consents: readonly UserId[];
  readonly beganAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly how: 'answered' | 'unanswered' | 'cancelled' | null;
  readonly summary: HelpSummary | null;
}
export interface MarkRow extends Numbered {
  readonly id: string;
  readonly call: string;
  readonly body: MarkBody;
  readonly removedAtMs: number | null;
}
export interface StillRow extends Numbered {
  readonly id: string;
  readonly call: string;
  readonly cid: string;
  readonly widthPx: number;
  readonly heightPx: number;
}
export interface HandedRow extends Numbered {
  readonly id: string;
  readonly call: string;
  readonly title: string;
  readonly cid: string;
  readonly kind: HelpPayload<'help.hand'>['kind'];
  readonly page: number | null;
}
export interface LineRow extends Numbered {
  readonly id: string;
  readonly call: string;
  readonly name: string;
  readonly text: string;
  readonly language: string;
  readonly source: 'typed' | 'spoken';
  readonly picture: string | null;
  readonly translations: Readonly<Record<string, { readonly text: string; readonly by: UserId }>>;
}
export interface RecordingRow extends Numbered {
  readonly id: string;
  readonly call: string;
  readonly what: 'sound' | 'soundAndPicture';
  readonly consents: readonly UserId[];
  readonly stoppedAtMs: number | null;
  readonly file: { readonly cid: string; readonly bytes: number; readonly type: string } | null;
  readonly erased: { readonly by: UserId; readonly reason: string; readonly atMs: number } | null;
}

export interface HelpTables {
  calls: CallRow;
  marks: MarkRow;
  stills: StillRow;
  handed: HandedRow;
  lines: LineRow;
  recordings: RecordingRow;
}

/** The call that rings or goes on; a job has one at a time. */
export const openCall = (document: Document): CallRow | null =>
  rowsOf(document, 'calls').findLast(({ status }) => status !== 'over') ?? null;

/** Whether somebody helps in this job now. */
export const isHelping = (document: Document, person: string): boolean =>
  expertsIn(openCall(document)).some(({ id }) => id === person);

/** Experts who are in a call now. */
export const expertsIn = (call: CallRow | null): readonly CallPerson[] =>
  call?.status === 'going' ? call.people.filter((one) => one.as === 'expert' && one.untilMs === null) : [];

/** Those who hear it ring now, each with when they are passed over. */
export const ringingIn = (call: CallRow): readonly (Ring & { readonly untilMs: number })[] =>
  call.status === 'over'
    ? []
    : call.rings
        .filter(({ state }) => state === 'ringing')
        .map((ring) => ({ ...ring, untilMs: ring.sinceMs! + ring.escalateAfterS * 1000 }));

/** Marks that are shown: those of the last call, until somebody wipes them or rings again. */
export function marksIn(document: Document): MarkRow[] {
  const call = rowsOf(document, 'calls').findLast(({ people }) => people.some((one) => one.as === 'expert'));
  return call ? rowsOf(document, 'marks').filter((mark) => mark.call === call.id && mark.removedAtMs === null) : [];
}

/** A recording that runs. */
export const runningRecording = (document: Document): RecordingRow | null =>
  rowsOf(document, 'recordings').findLast(({ stoppedAtMs }) => stoppedAtMs === null) ?? null;

/** Everybody whose word a recording needs, as far as the journal knows them: who is in the call. */
export const missingConsents = (call: CallRow): readonly CallPerson[] =>
  call.people.filter(({ id, untilMs }) => untilMs === null && !call.consents.includes(id));

export const distanceBetween = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Ends of a measurement in one frame say how far apart they are by themselves. */
export const isSameFrame = (a: Anchor, b: Anchor): boolean => a.in === b.in;

export function summaryOfCall(document: Document, call: CallRow, endMs: number, outcome: string): HelpSummary {
  const ofCall = <T extends { readonly call: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.call === call.id);
  const marks = ofCall(rowsOf(document, 'marks'));
  const counts: Record<string, number> = {};
  for (const { body } of marks) counts[body.kind] = (counts[body.kind] ?? 0) + 1;
  const experts = new Set<string>(call.people.filter(({ as }) => as === 'expert').map(({ id }) => id));
  const sinceMs = call.beganAtMs ?? call.atMs;
  return {
    people: call.people.map(({ id, name, as, sinceMs: cameMs, untilMs }) => ({
      ...{ id, name, as },
      forMs: (untilMs ?? endMs) - cameMs,
    })),
    forMs: call.beganAtMs === null ? 0 : endMs - call.beganAtMs,
    marks: counts,
    measurements: marks.flatMap(({ body, by }) => (body.kind === 'measure' ? [{ distanceM: body.distanceM, by }] : [])),
    stills: ofCall(rowsOf(document, 'stills')).map(({ cid }) => cid),
    documents: ofCall(rowsOf(document, 'handed')).map(({ title, cid, page }) => ({ title, cid, page })),
    lines: ofCall(rowsOf(document, 'lines')).length,
    recordings: ofCall(rowsOf(document, 'recordings')).length,
    releases: rowsOf(document, 'deviations').flatMap(({ kind, step, decided, atMs }) =>
      kind === 'released' && decided && atMs >= sinceMs && experts.has(decided.by)
        ? [{ step, reason: decided.reason, by: decided.by }]
        : [],
    ),
    outcome,
  };
}

/** Help that somebody had while the job was made, for the record. */
export const helpOf = (document: Document) =>
  jobOf(document)
    ? rowsOf(document, 'calls').map(({ id, by, name, step, atMs, endedAtMs, how, summary }) => {
        const recordings = recordingsOf(document, id);
        return {
          ...{ id, by, name, step, atMs, endedAtMs, how, summary },
          ...(recordings.length > 0 ? { recordings } : {}),
        };
      })
    : [];

/** Who had it recorded, where the file lies, and whether it was erased since. */
const recordingsOf = (document: Document, ofCall: string) =>
  rowsOf(document, 'recordings').flatMap(({ call, id, what, by, atMs, stoppedAtMs, file, erased }) =>
    call === ofCall ? [{ id, what, by, atMs, stoppedAtMs, file, erased }] : [],
  );
