import * as dagCbor from '@ipld/dag-cbor';
import { table, type Change, type Document, type Entity, type Outcome } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import { cidOf, decodeBlock } from '../journal/block.ts';
import { Procedure } from './procedure.ts';

/**
 * Procedures in a room's document: tables `procedures`, and `parts` while one is being loaded. They are in the journal
 * whole, so that no replica has to ask anybody what a run was about.
 */

/** A part of a released procedure's dag-cbor block. */
export interface ProcedurePart {
  readonly procedure: string;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
/** Bytes of a procedure that one op carries. */
export const PART_BYTES = 128 * 1024;
/** A procedure has at most this many parts: 4 MiB. */
export const MAX_PARTS = 32;

const DAG_CBOR = 0x71;

/** The last part opens the procedure, if it is what the CID names. `scope`: of the problems. */
export function loadPart(
  document: Document,
  { procedure, part, parts, bytes }: ProcedurePart,
  scope: string,
): Outcome<{ changes: readonly Change[] }> {
  const no = (key: string, message: string, facts: Problem['facts']) =>
    ({ ok: false, problem: problem(scope, key, message, { facts, next: 'Nothing was changed.' }) }) as const;
  if (table(document, 'procedures').has(procedure))
    return no('loaded_already', 'This procedure is here already.', { procedure });
  const id = (n: number) => `${procedure}.${n}`;
  const stored = table(document, 'parts');
  const others = Array.from({ length: parts }, (_, n) => (n === part ? bytes : stored.get(id(n))?.['bytes']));
  if (part >= parts) return no('malformed_op', 'There is no such part.', { part, parts });
  const put = (name: string, key: string, after: Entity): Change => {
    const before = table(document, name).get(key);
    return { table: name, id: key, ...(before ? { before } : {}), after };
  };
  if (others.some((one) => one === undefined)) return { ok: true, changes: [put('parts', id(part), { bytes })] };
  const whole = joined(others as Uint8Array[]);
  if (cidOf(whole, DAG_CBOR).toString() !== procedure)
    return no('wrong_bytes', 'These bytes are not what their address names.', { procedure });
  const read = Procedure.safeParse(dagCbor.decode(whole));
  if (!read.success) return no('unreadable', 'These bytes are no procedure.', { procedure });
  const gone = others.flatMap((_, n): Change[] => {
    const before = stored.get(id(n));
    return before ? [{ table: 'parts', id: id(n), before }] : [];
  });
  return { ok: true, changes: [...gone, put('procedures', procedure, { bytes: whole })] };
}

/** The procedure that parts of a journal make up, if they are what its address names; in any order, whole or with more besides. */
export function procedureOf(cid: string, all: readonly ProcedurePart[]): Procedure | null {
  const parts = all.filter(({ procedure }) => procedure === cid).toSorted((a, b) => a.part - b.part);
  const whole = joined(parts.map(({ bytes }) => bytes));
  if (cidOf(whole, DAG_CBOR).toString() !== cid) return null;
  return Procedure.safeParse(dagCbor.decode(whole)).data ?? null;
}

/** The ops' payloads that bring a procedure into a room. The bytes are copied: they may be a view into a store's memory. */
export function partsOf(procedure: string, bytes: Uint8Array): ProcedurePart[] {
  const parts = Math.ceil(bytes.length / PART_BYTES);
  return Array.from({ length: parts }, (_, part) => ({
    procedure,
    part,
    parts,
    bytes: Uint8Array.from(bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)),
  }));
}

/** Read once: the engine keeps an index by the identity of the procedure. */
const byRow = new WeakMap<Entity, Procedure>();
/** The same for all rooms that run it: content has one name. The oldest go when there are many. */
const byCid = new Map<string, Procedure>();
const MOST_KEPT = 50;

export function procedureIn(document: Document, cid: string): Procedure | null {
  const row = table(document, 'procedures').get(cid);
  if (!row) return null;
  const known = byRow.get(row);
  if (known) return known;
  const bytes = row['bytes'] as Uint8Array;
  // A snapshot is somebody's word: what is shared between rooms is what its name says.
  const isItself = cidOf(bytes, DAG_CBOR).toString() === cid;
  const shared = isItself ? byCid.get(cid) : undefined;
  const procedure = shared ?? Procedure.parse(decodeBlock(bytes));
  byRow.set(row, procedure);
  if (isItself && !shared) {
    byCid.set(cid, procedure);
    for (const oldest of byCid.keys()) if (byCid.size > MOST_KEPT) byCid.delete(oldest);
  }
  return procedure;
}
export const proceduresIn = (document: Document): string[] => [...table(document, 'procedures').keys()];

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
