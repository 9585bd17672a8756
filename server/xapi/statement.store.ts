import type { ActivityDefinition, Statement, StoredStatement } from '#protocol/xapi/index';
import type { Compartment } from './compartment.ts';

/** Without a time of its own it gets that of storing; sent again, still without, it is the same statement. */
export type IncomingStatement = Statement & Pick<StoredStatement, 'id' | 'authority'>;

/** What a request brings, checked, complete but for the moment of storing. */
export interface Incoming {
  readonly statements: readonly IncomingStatement[];
  readonly attachments: readonly StoredAttachment[];
  /** Whether what it says of activities counts. */
  readonly mayDefine: boolean;
  /** Which statements it may void: found by this text, or null for any. */
  readonly mayVoid: string | null;
  /** Also for the LRS outside, in the same transaction. */
  readonly isForOutbox: boolean;
}
export interface StoredAttachment {
  readonly sha2: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Query {
  /** Texts of `foundBy`, all of which must hold. */
  readonly terms: readonly string[];
  /** One of each list must hold. */
  readonly anyOf: readonly (readonly string[])[];
  /** As `terms`, and references do not lead around it. */
  readonly only: string | null;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly isAscending: boolean;
  readonly limit: number;
  /** Place of the last statement of the page before. */
  readonly after?: string;
}
export interface Found {
  readonly seq: string;
  readonly id: string;
  readonly stored: Date;
  readonly version: string;
  /** JSON as it was stored. */
  readonly statement: string;
}

/**
 * Keeps statements. Of one request all are stored or none. What was answered is on disk; a statement once stored never
 * changes. Behaviour: test/integration/xapi.spec.ts.
 */
export abstract class StatementStore {
  /** Null, or the problem: `statement_differs`, `may_not_void`. The same statement again is no problem. */
  abstract append(compartment: Compartment, incoming: Incoming): Promise<void>;
  /** `isVoided`: whether to look among the voided ones. */
  abstract find(compartment: Compartment, id: string, isVoided: boolean, only: string | null): Promise<Found | null>;
  /** In order, not more than `limit` and not more than fits into an answer; `hasMore` when there are others. */
  abstract query(compartment: Compartment, query: Query): Promise<{ found: Found[]; hasMore: boolean }>;
  abstract attachment(compartment: Compartment, sha2: string): Promise<StoredAttachment | null>;
  abstract definitions(compartment: Compartment, ids: readonly string[]): Promise<Map<string, ActivityDefinition>>;
  abstract namesOf(compartment: Compartment, identity: string): Promise<string[]>;
  /** Everything stored up to this moment can be found. */
  abstract consistentThroughMs(): number;
}
