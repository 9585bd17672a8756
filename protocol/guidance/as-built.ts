import { ed25519 } from '@noble/curves/ed25519.js';
import * as dagCbor from '@ipld/dag-cbor';
import { didOfKey, keyOfDid } from '../credentials/multikey.ts';
import type { Document } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import { CID, encodeBlock, type Block } from '../journal/block.ts';
import { openEntry } from '../journal/entry.ts';
import { advance, openJournal, type ReplayOutcome } from '../journal/replay.ts';
import { procedureIn } from '../procedures/loaded.ts';
import type { Range } from '../procedures/measure.ts';
import { stepsOf } from '../procedures/procedure.ts';
import { textIn } from '../procedures/text.ts';
import { jobOf, rowsOf, type JobTables, type Revising } from './document.ts';
import { helpOf } from './help.ts';
import { torqueLimits, valueLimits } from './limits.ts';
import { GUIDANCE_ROOMS } from './model.ts';

export interface JournalRef {
  readonly room: string;
  /** CID of the last entry: with it anybody can read all before it. */
  readonly head: string;
  readonly length: number;
}

/** What was made, of what, by whom, with which tool, under which instruction: as the job's journal tells it. */
export interface AsBuilt {
  readonly format: 'workhall.as-built';
  readonly version: 1;
  readonly product: { readonly type: string; readonly serial: string; readonly order: string; readonly title: string };
  readonly station: string;
  readonly status: string;
  readonly openedAtMs: number;
  readonly begunAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly pausedForMs: number;
  readonly instruction: { readonly document: string; readonly release: string; readonly revision: number };
  readonly migrations: readonly { readonly from: string; readonly to: string; readonly atMs: number }[];
  /** What supervisors decided about newer instructions. */
  readonly revising: readonly Revising[];
  readonly design: { readonly revision: string; readonly token: string | null } | null;
  readonly people: readonly { readonly id: string; readonly name: string; readonly roles: readonly string[] }[];
  readonly steps: readonly (JobTables['visits'] & { readonly title: string })[];
  readonly parts: readonly JobTables['scans'][];
  readonly tightenings: readonly (JobTables['results'] & { readonly limits: Range | null })[];
  readonly measurements: readonly (JobTables['measures'] & { readonly limits: Range | null })[];
  readonly pictures: readonly JobTables['photos'][];
  readonly checks: readonly JobTables['checks'][];
  readonly alignments: readonly JobTables['alignments'][];
  readonly deviations: readonly JobTables['deviations'][];
  readonly pauses: readonly JobTables['pauses'][];
  /** Calls for help, and what each came to. */
  readonly help: ReturnType<typeof helpOf>;
  readonly signature: { readonly by: string; readonly statement: string; readonly atMs: number } | null;
  readonly journal: JournalRef;
}

/** Null: there is no job in this room. */
export function asBuiltOf(document: Document, journal: JournalRef): AsBuilt | null {
  const job = jobOf(document);
  if (!job) return null;
  const procedure = procedureIn(document, job.procedure);
  const [language = 'en'] = procedure?.languages ?? [];
  const titles = new Map(procedure ? [...stepsOf(procedure)].map(({ step }) => [step.id as string, step.title]) : []);
  return {
    format: 'workhall.as-built',
    version: 1,
    product: { type: job.plan.productType, serial: job.serial, order: job.order, title: job.plan.title },
    station: job.station,
    status: job.status,
    openedAtMs: job.openedAtMs,
    begunAtMs: job.begunAtMs,
    endedAtMs: job.endedAtMs,
    pausedForMs: job.pausedForMs,
    instruction: { document: job.procedure, release: job.release, revision: job.revision },
    migrations: job.migrations,
    revising: job.revising,
    design: job.plan.design,
    people: job.crew.map(({ id, name, roles }) => ({ id, name, roles })),
    steps: rowsOf(document, 'visits').map((visit) => ({
      ...visit,
      title: textIn(titles.get(visit.step) ?? {}, language, language) || visit.step,
    })),
    parts: rowsOf(document, 'scans'),
    tightenings: rowsOf(document, 'results').map((row) => ({ ...row, limits: torqueLimits(procedure, row) })),
    measurements: rowsOf(document, 'measures').map((row) => ({ ...row, limits: valueLimits(procedure, row) })),
    pictures: rowsOf(document, 'photos'),
    checks: rowsOf(document, 'checks'),
    alignments: rowsOf(document, 'alignments'),
    deviations: rowsOf(document, 'deviations'),
    pauses: rowsOf(document, 'pauses'),
    help: helpOf(document),
    signature: job.signature,
    journal,
  };
}

/** How a record names somebody: of the crew, or who helped in a call. */
export function nameIn({ people, help }: Pick<AsBuilt, 'people' | 'help'>, id: string): string {
  const helpers = help.flatMap(({ by, name, summary }) => [{ id: by as string, name }, ...(summary?.people ?? [])]);
  return [...people, ...helpers].find((one) => one.id === id)?.name ?? id;
}

/** The record with the hall's signature over its dag-cbor bytes (Ed25519). */
export interface SignedRecord {
  readonly record: AsBuilt;
  readonly proof: { readonly did: string; readonly signature: string };
}

const CONTEXT = new TextEncoder().encode('workhall as-built record 1\0');
const signedBytes = (record: AsBuilt): Uint8Array => {
  const bytes = dagCbor.encode(record);
  const whole = new Uint8Array(CONTEXT.length + bytes.length);
  whole.set(CONTEXT);
  whole.set(bytes, CONTEXT.length);
  return whole;
};

export function signRecord(record: AsBuilt, privateKey: Uint8Array): SignedRecord {
  const signature = toHex(ed25519.sign(signedBytes(record), privateKey));
  return { record, proof: { did: didOfKey(ed25519.getPublicKey(privateKey)), signature } };
}

/**
 * The block that is pinned: by the links to the journal, the instruction and the pictures all evidence is kept with it.
 * `isHere`: pictures whose bytes have come; others are named in the record and not linked, so that somebody can see it.
 */
export function blockOfRecord(signed: SignedRecord, isHere: (cid: string) => boolean = () => true): Block {
  const { journal, instruction, pictures } = signed.record;
  const links = [journal.head, instruction.release, ...new Set(pictures.map(({ cid }) => cid).filter(isHere))];
  return encodeBlock({ ...signed, evidence: links.map((cid) => CID.parse(cid)) });
}

const no = (key: string, message: string, facts: Problem['facts'] = {}): Problem =>
  problem('guidance', key, message, { facts, next: 'Do not rely on this record.' });

/** Replays a job's journal from its first block, judging every op again, and makes the record of it. */
export function recordFromJournal(blocks: Iterable<Uint8Array>): AsBuilt | Problem {
  let outcome: ReplayOutcome | null = null;
  let room = '';
  for (const bytes of blocks) {
    const stored = openEntry(bytes);
    room = stored.entry.room;
    outcome = outcome ? advance(outcome.state, stored, GUIDANCE_ROOMS) : openJournal(stored, null, GUIDANCE_ROOMS);
    if (!outcome.ok) return outcome.problem;
  }
  if (!outcome?.ok) return no('no_job', 'The journal is empty.');
  const { document, head, length } = outcome.state;
  return asBuiltOf(document, { room, head: `${head}`, length }) ?? no('no_job', 'This journal has no job.');
}

/**
 * Null: the signature is that of the hall which the record names, and the journal, replayed here, says the same. `dids`: the
 * halls that are trusted; empty: any.
 */
export function verifyRecord(
  { record, proof }: SignedRecord,
  blocks: readonly Uint8Array[] | null,
  dids: readonly string[] = [],
): Problem | null {
  const key = keyOfDid(proof.did);
  const isSigned = key !== null && isSignature(proof.signature, signedBytes(record), key);
  if (!isSigned) return no('bad_signature', 'This is not what the hall signed.', { did: proof.did });
  if (dids.length > 0 && !dids.includes(proof.did))
    return no('other_hall', 'Another hall signed this.', { did: proof.did });
  if (!blocks) return null;
  const told = recordFromJournal(blocks.slice(0, record.journal.length));
  if ('scope' in told) return told;
  const isSame = toHex(dagCbor.encode(told)) === toHex(dagCbor.encode(record));
  return isSame
    ? null
    : no('other_journal', 'The journal tells another story than the record.', { head: told.journal.head });
}

function isSignature(hex: string, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(
      Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      message,
      key,
    );
  } catch {
    return false; // of a wrong length, or no point of the curve
  }
}
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
