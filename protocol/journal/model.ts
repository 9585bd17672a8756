import type { Document, Change, Outcome } from '../document/document.ts';
import type { Footprint } from '../document/footprint.ts';
import type { Problem } from '../errors.ts';
import type { Action, Situation } from '../permissions/index.ts';
import type { Entry, Genesis, Op } from './entry.ts';

/** What a room kind brings: its ops, its reducer, its rights. The journal and the room host know nothing else of it. */
export interface RoomModel {
  readonly kind: Genesis['kind'];
  /** State before the first op; a fork starts from its parent's state at the fork point. */
  begin(genesis: Genesis, parent: Document | null): Document;
  /** Checks type and payload of an op from the wire. Returns the validated payload. */
  validate(type: string, payload: unknown): Outcome<{ payload: unknown }>;
  /** The right this op needs, and in which situation it finds the document. */
  demand(document: Document, op: Op, authorId: string): { action: Action; situation: Pick<Situation, 'own'> };
  apply(
    document: Document,
    entry: Pick<Entry, 'type' | 'payload' | 'author' | 'at' | 'madeAt' | 'id' | 'group'>,
  ): Outcome<{ document: Document; changes: readonly Change[] }>;
  /** What an op depends on and what it can change, beyond the changes it makes. `op.payload` is validated. */
  footprint(document: Document, op: Pick<Op, 'type' | 'payload'>, authorId: string): Footprint;
  /** True when the document takes this many more rows in any case: then ops do not compete for room. */
  hasRoom(document: Document, adds: number): boolean;
  /** True when the document itself is closed for changes at this time (deadline passed). */
  isClosed(document: Document, genesis: Genesis, at: number): boolean;
}

/** The kinds of rooms that somebody can read. Who shows rooms of one kind needs no other. */
export type RoomModels = Readonly<Partial<Record<Genesis['kind'], RoomModel>>>;

export type { Problem };
