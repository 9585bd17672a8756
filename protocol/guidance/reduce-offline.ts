import { ed25519 } from '@noble/curves/ed25519.js';
import * as dagCbor from '@ipld/dag-cbor';
import { didOfKey, keyOfDid } from '../credentials/multikey.ts';
import { table, type Document } from '../document/document.ts';
import type { Problem } from '../errors.ts';
import type { Entry } from '../journal/entry.ts';
import { isInRange } from '../procedures/measure.ts';
import { jobOf, type AwayDevice, type JobRow } from './document.ts';
import type { GuidancePayload } from './ops.ts';
import { release } from './reduce-deviations.ts';
import { tighten, waitingFor } from './reduce-evidence.ts';
import { say, type Work } from './work.ts';

/** Nobody is believed to have been away for longer, ms: a shift, and a long weekend before it is sent. */
const MOST_AWAY_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * When a fact was so, ms since 1970. Of an op that was made without the server this is what its device says, within
 * reason: not later than the entry, not before the job was opened. The entry keeps both times.
 */
export function actTimeMs(document: Document, { at, madeAt }: Pick<Entry, 'at' | 'madeAt'>): number {
  if (madeAt === undefined) return at;
  return Math.min(at, Math.max(madeAt, at - MOST_AWAY_MS, jobOf(document)?.openedAtMs ?? 0));
}

/** What a tool showed, typed in, because its line to the hall was down. Only where the plan lets it. */
export function typed(work: Work, { tool, value, unit }: GuidancePayload<'tool.typed'>): Problem | null {
  const binding = work.job.plan.tools.find((one) => one.tool === tool);
  if (!binding) return say('not_asked', 'No step waits for this tool now.', { tool }, 'Do what the step asks for.');
  if (work.entry.madeAt === undefined)
    return say('tool_speaks', 'This tool reports its results by itself.', { tool }, 'Use the tool.');
  if (!binding.typedOffline)
    return say(
      'tool_must_speak',
      'This result has to come from the tool itself.',
      { tool, device: binding.device },
      'The step waits until the connection is back; go on with another job meanwhile.',
    );
  const waiting = waitingFor(work, tool);
  if (!waiting) return say('not_asked', 'No step waits for this tool now.', { tool }, 'Do what the step asks for.');
  const missing = work.skillMissing(waiting.step, work.by);
  if (missing) return missing;
  work.job.atWork = work.by;
  return tighten(work, {
    key: `typed:${work.entry.id}`,
    device: binding.device,
    value,
    unit,
    angleRad: null,
    isOk: !waiting.range || isInRange(value, unit, waiting.range),
    atMs: work.entry.at,
    serial: null,
    calibratedUntilMs: null,
    programme: null,
  });
}

type AwayOp = 'job.takeAlong' | 'job.letGo' | 'job.inSync' | 'job.away';
type OfAway = { [K in AwayOp]: { readonly type: K; readonly payload: GuidancePayload<K> } }[AwayOp];

/** Which devices have the job along, and when each was last heard to have sent everything. */
export function away({ job, by, entry }: Work, { type, payload }: OfAway): Problem | null {
  const known = job.away ?? [];
  const { device } = payload;
  if (type === 'job.takeAlong') {
    const { person, name, untilMs } = payload;
    const row = { device, person, name, atMs: entry.at, untilMs, session: null };
    job.away = [...known.filter((one) => one.device !== device), row];
    return null;
  }
  const row = known.find((one) => one.device === device);
  if (!row || (type === 'job.inSync' && row.person !== by))
    return say('not_along', 'This device has not taken the job along.', { device });
  const session = type === 'job.inSync' ? payload.session : null;
  job.away =
    type === 'job.letGo'
      ? known.filter((one) => one !== row)
      : known.map((one) => (one === row ? { ...row, session } : one));
  return null;
}

/**
 * Devices that work on the job where nobody hears them. `here`: windows that are in the room now: one by which a device
 * has said that all is sent is back.
 */
export const awayFrom = (
  { away: known = [] }: Pick<JobRow, 'away'>,
  here: ReadonlySet<string>,
  nowMs: number,
): readonly AwayDevice[] =>
  known.filter(({ untilMs, session }) => untilMs > nowMs && (session === null || !here.has(session)));

/** A supervisor's key on a device at this station, as the hall made it known: what it signs is their word. */
export const releaseKeyOf = (document: Document, person: string): string | null =>
  (table(document, 'releaseKeys').get(person) as { did: string } | undefined)?.did ?? null;

export type ReleaseSlip = GuidancePayload<'step.releaseBy'>['slip'];

const CONTEXT = new TextEncoder().encode('workhall step release 1\0');

/** The bytes that a slip's signature is over: it holds for one visit of one step of one product. */
function slipBytes({ order, serial }: { order: string; serial: string }, slip: ReleaseSlip): Uint8Array {
  const bytes = dagCbor.encode({ order, serial, ...slip });
  const whole = new Uint8Array(CONTEXT.length + bytes.length);
  whole.set(CONTEXT);
  whole.set(bytes, CONTEXT.length);
  return whole;
}

export const signSlip = (
  job: { order: string; serial: string },
  slip: ReleaseSlip,
  privateKey: Uint8Array,
): Uint8Array<ArrayBuffer> => Uint8Array.from(ed25519.sign(slipBytes(job, slip), privateKey));

export const releaseDidOf = (privateKey: Uint8Array): string => didOfKey(ed25519.getPublicKey(privateKey));

/** A release by a supervisor who stood beside the engineer, without a network: checked like any other, by everybody. */
export function releaseBy(work: Work, { slip, signature }: GuidancePayload<'step.releaseBy'>): Problem | null {
  const did = releaseKeyOf(work.document, slip.by);
  const key = did === null ? null : keyOfDid(did);
  if (!key)
    return say(
      'no_release_key',
      'This supervisor has no key on a device of this job.',
      { by: slip.by },
      'The step waits until a supervisor can be reached.',
    );
  if (!isSigned(signature, slipBytes(work.job, slip), key))
    return say('bad_release', 'This release was not signed by the supervisor.', { by: slip.by });
  const visit = work.visitOf(slip.step);
  if (visit?.n !== slip.visit)
    return say('step_not_running', 'This step is not running.', { step: slip.step, visit: slip.visit });
  return release(work, slip, slip.by);
}

function isSigned(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key);
  } catch {
    return false; // of a wrong length, or no point of the curve
  }
}
