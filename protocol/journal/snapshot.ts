import { List, Map as ImmutableMap } from 'immutable';
import { z } from 'zod';
import { rebuildDocument, type Change, type Document, type Entity, type Step } from '../document/document.ts';
import { CID, decodeBlock, encodeBlock } from './block.ts';
import { Genesis } from './entry.ts';
import type { JournalState } from './replay.ts';

/** Bumped when the meaning of a stored document changes; older snapshots are then rebuilt from the journal. */
const SNAPSHOT_VERSION = 1;

const StepRow = z.object({
  target: z.string(),
  type: z.string(),
  changes: z.array(z.custom<Change>((value) => typeof value === 'object')),
});
const Snapshot = z.object({
  v: z.literal(SNAPSHOT_VERSION),
  genesis: Genesis,
  length: z.number().int().positive(),
  head: z.custom<CID>((value) => CID.asCID(value) !== null),
  lastAt: z.number().int(),
  tables: z.record(
    z.string(),
    z.record(
      z.string(),
      z.custom<Entity>((value) => typeof value === 'object'),
    ),
  ),
  history: z.record(z.string(), z.object({ undo: z.array(StepRow), redo: z.array(StepRow) })),
});

/** A journal's state as bytes (dag-cbor). Joining and restarting read it instead of the whole journal. */
export function encodeSnapshot({ genesis, document, length, head, lastAt }: JournalState): Uint8Array {
  const tables = Object.fromEntries([...document.tables].map(([name, rows]) => [name, Object.fromEntries(rows)]));
  const history = Object.fromEntries(
    [...document.history].map(([author, { undo, redo }]) => [author, { undo: undo.toArray(), redo: redo.toArray() }]),
  );
  return encodeBlock({ v: SNAPSHOT_VERSION, genesis, length, head, lastAt, tables, history }).bytes;
}

/** Throws a ZodError on bytes of another version; the caller falls back to the journal. */
export function decodeSnapshot(bytes: Uint8Array): JournalState {
  const { genesis, length, head, lastAt, tables, history } = Snapshot.parse(decodeBlock(bytes));
  const document: Document = {
    ...rebuildDocument(tables),
    history: ImmutableMap(
      Object.entries(history).map(([author, { undo, redo }]) => [
        author,
        { undo: List<Step>(undo), redo: List<Step>(redo) },
      ]),
    ),
  };
  return { genesis, document, length, head, lastAt };
}
