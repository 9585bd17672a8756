import { List, Map as ImmutableMap } from 'immutable';
import { z } from 'zod';
import { decodeBlock, encodeBlock } from '../journal/block.ts';
import { applyChanges, EMPTY_DOCUMENT, type Change, type Document, type Entity, type Step } from './document.ts';

/** Bumped when the meaning of a stored document changes; older snapshots are then rebuilt from the journal. */
const SNAPSHOT_VERSION = 1;

const Rows = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
const Snapshot = z.object({
  v: z.literal(SNAPSHOT_VERSION),
  /** Number of journal entries this state contains. */
  length: z.number().int().positive(),
  tables: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
  history: z.record(z.string(), z.object({ undo: z.array(z.unknown()), redo: z.array(z.unknown()) })),
});

/** Rebuilds a document from rows that carry their own `id`. */
export function rebuildDocument(tables: z.infer<typeof Rows>): Document {
  const changes = Object.entries(tables).flatMap(([table, rows]) =>
    rows.map((after): Change => ({ table, id: String(after['id']), after })),
  );
  return applyChanges(EMPTY_DOCUMENT, changes);
}

/** A document with its undo stacks, as bytes (dag-cbor). Joining and restarting read it instead of the whole journal. */
export function encodeSnapshot(document: Document, length: number): Uint8Array {
  const tables = Object.fromEntries([...document.tables].map(([name, rows]) => [name, Object.fromEntries(rows)]));
  const history = Object.fromEntries(
    [...document.history].map(([author, { undo, redo }]) => [author, { undo: undo.toArray(), redo: redo.toArray() }]),
  );
  return encodeBlock({ v: SNAPSHOT_VERSION, length, tables, history }).bytes;
}

/** Throws on bytes of another version; the caller falls back to the journal. */
export function decodeSnapshot(bytes: Uint8Array): { document: Document; length: number } {
  const snapshot = Snapshot.parse(decodeBlock(bytes));
  const changes = Object.entries(snapshot.tables).flatMap(([table, rows]) =>
    Object.entries(rows).map(([id, after]): Change => ({ table, id, after: after as Entity })),
  );
  const history = ImmutableMap(
    Object.entries(snapshot.history).map(([author, { undo, redo }]) => [
      author,
      { undo: List(undo as Step[]), redo: List(redo as Step[]) },
    ]),
  );
  return { length: snapshot.length, document: { ...applyChanges(EMPTY_DOCUMENT, changes), history } };
}
