import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import {
  activitiesIn,
  actorsIn,
  foundBy,
  identityOf,
  isSameStatement,
  isStatementRef,
  isVoiding,
  mergeDefinitions,
  type ActivityDefinition,
  type StoredStatement,
} from '#protocol/xapi/index';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Fleet } from '../platform/fleet/index.ts';
import { digest, type Compartment } from './compartment.ts';
import { Known } from './known.ts';
import { problems } from './problems.ts';
import { findPage } from './statement-search.ts';
import { StatementStore, type Found, type Incoming, type Query, type StoredAttachment } from './statement.store.ts';
import type { XapiTables } from './xapi.migrations.ts';

/** Requests that wait are stored together, as many as this; one commit costs the same for all of them. */
const MAX_TOGETHER = 500;
/** How far a statement may lead over references of references. */
const MAX_REACH = 1000;
/** In a hall of several processes another one may be storing: what it began may be older than our clock by this much. */
const OTHERS_MS = 10_000;

interface Waiting {
  readonly incoming: Incoming;
  resolve(): void;
  reject(thrown: unknown): void;
}
type Db = Transaction<XapiTables>;

/**
 * Statements in PostgreSQL. One writer at a time per compartment (an advisory lock), so the order of `seq` is the order
 * in which they can be seen, and `stored` never runs backwards.
 */
@Injectable()
export class PostgresStatementStore extends StatementStore {
  private readonly queues = new Map<Compartment, Waiting[]>();
  /** `stored` of what is being written now, by compartment. */
  private readonly writing = new Map<Compartment, number>();
  private readonly known = new Known();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly fleet: Fleet,
  ) {
    super();
  }

  append(compartment: Compartment, incoming: Incoming): Promise<void> {
    if (incoming.statements.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(compartment);
      const waiting = { incoming, resolve, reject };
      if (queue) return void queue.push(waiting);
      this.queues.set(compartment, [waiting]);
      void this.drain(compartment);
    });
  }

  private async drain(compartment: Compartment): Promise<void> {
    const queue = this.queues.get(compartment)!;
    while (queue.length > 0) {
      let count = 0;
      let statements = 0;
      while (count < queue.length && (count === 0 || statements < MAX_TOGETHER))
        statements += queue[count++]!.incoming.statements.length;
      await this.storeTogether(compartment, queue.splice(0, count));
    }
    this.queues.delete(compartment);
  }

  /** A problem of one request is its own; when the transaction itself fails, each is tried alone. */
  private async storeTogether(compartment: Compartment, group: Waiting[]): Promise<void> {
    const refused = new Map<Waiting, unknown>();
    this.writing.set(compartment, this.clock.nowMs());
    try {
      await this.database.transaction<void, XapiTables>(async (db) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${`xapi ${compartment}`}, 0))`.execute(db);
        await new Batch(db, compartment, this.clock.nowMs(), this.known).store(group, refused);
      });
      for (const one of group) {
        if (refused.has(one)) one.reject(refused.get(one));
        else one.resolve();
      }
    } catch (thrown) {
      this.known.forget();
      if (group.length === 1) group[0]!.reject(thrown);
      else for (const one of group) await this.storeTogether(compartment, [one]);
    } finally {
      this.writing.delete(compartment);
    }
  }

  async find(compartment: Compartment, id: string, isVoided: boolean, only: string | null): Promise<Found | null> {
    const row = await this.db
      .selectFrom('xapi_statement')
      .select(['seq', 'id', 'stored', 'version', 'statement', 'terms'])
      .where('compartment', '=', compartment)
      .where('id', '=', id)
      .where('is_voided', '=', isVoided)
      .executeTakeFirst();
    if (!row || (only !== null && !uuidsIn(row.terms).includes(digest(compartment, only)))) return null;
    return row;
  }

  query(compartment: Compartment, query: Query): Promise<{ found: Found[]; hasMore: boolean }> {
    return findPage(this.db, compartment, query);
  }

  async attachment(compartment: Compartment, sha2: string): Promise<StoredAttachment | null> {
    const row = await this.db
      .selectFrom('xapi_attachment')
      .select(['sha2', 'content_type', 'bytes'])
      .where('compartment', '=', compartment)
      .where('sha2', '=', sha2.toLowerCase())
      .executeTakeFirst();
    return row ? { sha2: row.sha2, contentType: row.content_type, bytes: row.bytes } : null;
  }

  async definitions(compartment: Compartment, ids: readonly string[]): Promise<Map<string, ActivityDefinition>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db
      .selectFrom('xapi_activity')
      .select(['id', 'definition'])
      .where(
        'key',
        'in',
        [...new Set(ids)].map((id) => digest(compartment, 'activity', id)),
      )
      .execute();
    return new Map(rows.map((row) => [row.id, JSON.parse(row.definition) as ActivityDefinition]));
  }

  async namesOf(compartment: Compartment, identity: string): Promise<string[]> {
    const key = digest(compartment, 'name', identity);
    const rows = await this.db.selectFrom('xapi_name').select('name').where('key', '=', key).limit(100).execute();
    return rows.map((row) => row.name);
  }

  consistentThroughMs(): number {
    const nowMs = this.clock.nowMs();
    return Math.min(nowMs - (this.fleet.isShared ? OTHERS_MS : 0), ...[...this.writing.values()].map((ms) => ms - 1));
  }

  private get db() {
    return this.database.of<XapiTables>();
  }
}

/** What one transaction stores. */
class Batch {
  private readonly fresh = new Map<string, { row: Row; statement: StoredStatement }>();

  constructor(
    private readonly db: Db,
    private readonly compartment: Compartment,
    private readonly nowMs: number,
    private readonly known: Known,
  ) {}

  async store(group: readonly Waiting[], refused: Map<Waiting, unknown>): Promise<void> {
    const ids = group.flatMap(({ incoming }) => incoming.statements.map(({ id }) => id));
    const targets = group.flatMap(({ incoming }) => incoming.statements.flatMap(refsOf));
    const stored = await this.storedAs([...ids, ...targets]);
    const taken: Incoming[] = [];
    for (const one of group) {
      try {
        this.take(one.incoming, stored);
        taken.push(one.incoming);
      } catch (thrown) {
        refused.set(one, thrown);
      }
    }
    if (this.fresh.size === 0) return;
    await this.void(stored);
    await this.insert();
    await this.link();
    await this.learn(taken);
    await this.keepAttachments(taken.flatMap(({ attachments }) => attachments));
    await this.queueForOutbox(taken.filter(({ isForOutbox }) => isForOutbox));
  }

  private async storedAs(ids: readonly string[]): Promise<Map<string, StoredRow>> {
    const rows = await this.db
      .selectFrom('xapi_statement')
      .select(['id', 'statement', 'is_voiding', 'terms'])
      .where('compartment', '=', this.compartment)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .execute();
    return new Map(rows.map((row) => [row.id, { ...row, terms: uuidsIn(row.terms) }]));
  }

  /** All of a request or, with a problem, nothing of it. */
  private take(incoming: Incoming, stored: ReadonlyMap<string, StoredRow>): void {
    const own = new Map<string, { row: Row; statement: StoredStatement }>();
    for (const said of incoming.statements) {
      const before = stored.get(said.id);
      const known = this.fresh.get(said.id)?.statement ?? (before && (JSON.parse(before.statement) as StoredStatement));
      if (known) {
        if (!isSameStatement(known, said)) throw problems.conflict(said.id);
        continue;
      }
      if (isVoiding(said) && incoming.mayVoid !== null) {
        const target = refsOf(said)[0]!;
        const terms = stored.get(target)?.terms ?? this.fresh.get(target)?.row.terms;
        if (terms && !terms.includes(digest(this.compartment, incoming.mayVoid))) throw problems.mayNotVoid(target);
      }
      const now = new Date(this.nowMs).toISOString();
      const statement: StoredStatement = { ...said, timestamp: said.timestamp ?? now, stored: now };
      own.set(said.id, { row: this.rowOf(statement), statement });
    }
    for (const [id, one] of own) this.fresh.set(id, one);
  }

  private rowOf(statement: StoredStatement): Row {
    const text = JSON.stringify(statement);
    return {
      id: statement.id,
      version: statement.version ?? '1.0.0',
      is_voiding: isVoiding(statement),
      is_voided: false,
      bytes: Buffer.byteLength(text),
      terms: foundBy(statement).map((term) => digest(this.compartment, term)),
      statement: text,
    };
  }

  /** In whichever order they come; what voids cannot be voided (1.0.3 Data 2.3.2). */
  private async void(stored: ReadonlyMap<string, StoredRow>): Promise<void> {
    const voided: string[] = [];
    for (const { statement } of this.fresh.values()) {
      if (!isVoiding(statement)) continue;
      const target = refsOf(statement)[0]!;
      const fresh = this.fresh.get(target);
      if (fresh && !fresh.row.is_voiding) fresh.row.is_voided = true;
      if (stored.get(target)?.is_voiding === false) voided.push(target);
    }
    if (voided.length > 0)
      await sql`update xapi_statement set is_voided = true
                where compartment = ${this.compartment} and id = any(${voided}::uuid[])`.execute(this.db);
    const early = await sql<{ target: string }>`
      select distinct r.target from xapi_reference r
      join xapi_statement s on s.compartment = r.compartment and s.id = r.source and s.is_voiding
      where r.compartment = ${this.compartment} and r.target = any(${[...this.fresh.keys()]}::uuid[])
        and s.statement::json -> 'object' ->> 'id' = r.target::text`.execute(this.db);
    for (const { target } of early.rows) {
      const row = this.fresh.get(target)!.row;
      if (!row.is_voiding) row.is_voided = true;
    }
  }

  private async insert(): Promise<void> {
    const rows = [...this.fresh.values()].map(({ row }) => row);
    const column = <K extends keyof Row>(name: K) => rows.map((row) => row[name]);
    await sql`
      insert into xapi_statement (compartment, stored, id, version, is_voiding, is_voided, bytes, terms, statement)
      select ${this.compartment}::text, ${new Date(this.nowMs)}::timestamptz, id, version, is_voiding, is_voided, bytes, terms::uuid[], statement
      from unnest(${column('id')}::uuid[], ${column('version')}::text[], ${column('is_voiding')}::boolean[],
                  ${column('is_voided')}::boolean[], ${column('bytes')}::integer[],
                  ${rows.map(({ terms }) => `{${terms.join()}}`)}::text[], ${column('statement')}::text[])
           as t (id, version, is_voiding, is_voided, bytes, terms, statement)`.execute(this.db);
  }

  /** Who refers to whom, closed over: a filter that finds a statement also finds all that lead to it. */
  private async link(): Promise<void> {
    for (const { statement } of this.fresh.values()) {
      for (const target of refsOf(statement)) {
        await sql`
          with reached as (
            select ${target}::uuid as target
            union select target from xapi_reference where compartment = ${this.compartment} and source = ${target}::uuid
            limit ${MAX_REACH}
          ), sources as (
            select ${statement.id}::uuid as source
            union select source from xapi_reference where compartment = ${this.compartment} and target = ${statement.id}::uuid
            limit ${MAX_REACH}
          )
          insert into xapi_reference (compartment, source, target)
          select ${this.compartment}::text, source, target from sources, reached where source <> target
          on conflict do nothing`.execute(this.db);
      }
    }
  }

  /** Definitions of activities and names of people, as far as they are news. */
  private async learn(taken: readonly Incoming[]): Promise<void> {
    const said = new Map<string, ActivityDefinition>();
    const names = new Map<string, { key: string; name: string }>();
    for (const { statements, mayDefine } of taken) {
      for (const { id } of statements) {
        const statement = this.fresh.get(id)?.statement;
        if (!statement) continue;
        for (const activity of mayDefine ? activitiesIn(statement) : []) {
          if (!activity.definition || this.known.hasActivity(this.compartment, activity.id, activity.definition))
            continue;
          said.set(activity.id, mergeDefinitions(said.get(activity.id) ?? {}, activity.definition));
        }
        for (const who of actorsIn(statement)) {
          const identity = identityOf(who);
          if (identity === null || who.name === undefined) continue;
          const key = digest(this.compartment, 'name', identity);
          if (!this.known.hasName(key, who.name)) names.set(`${key} ${who.name}`, { key, name: who.name });
        }
      }
    }
    // In one order everywhere, so that two hall processes never wait for each other.
    const fresh = [...names.values()].sort((a, b) => (a.key + a.name < b.key + b.name ? -1 : 1));
    if (fresh.length > 0)
      await this.db
        .insertInto('xapi_name')
        .values(fresh)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    for (const id of [...said.keys()].sort()) {
      const key = digest(this.compartment, 'activity', id);
      const row = await this.db
        .selectFrom('xapi_activity')
        .select('definition')
        .where('key', '=', key)
        .executeTakeFirst();
      const before = row ? (JSON.parse(row.definition) as ActivityDefinition) : {};
      const definition = JSON.stringify(mergeDefinitions(before, said.get(id)!));
      await this.db
        .insertInto('xapi_activity')
        .values({ key, compartment: this.compartment, id, definition })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ definition }))
        .execute();
    }
  }

  private async keepAttachments(attachments: readonly StoredAttachment[]): Promise<void> {
    for (const { sha2, contentType, bytes } of attachments)
      await this.db
        .insertInto('xapi_attachment')
        .values({ compartment: this.compartment, sha2: sha2.toLowerCase(), content_type: contentType, bytes })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  }

  private async queueForOutbox(taken: readonly Incoming[]): Promise<void> {
    const fresh = taken.flatMap(({ statements }) =>
      statements.flatMap(({ id }) => this.fresh.get(id)?.statement ?? []),
    );
    if (fresh.length === 0) return;
    const now = new Date(this.nowMs);
    const rows = fresh.map(({ stored: _stored, authority: _authority, version: _version, ...said }) => ({
      id: said.id,
      statement: JSON.stringify(said), // who vouches for it there, and since when, is for the other LRS to say
      due_at: now,
      queued_at: now,
      refusal: null,
      last_error: null,
    }));
    await this.db
      .insertInto('xapi_outbox')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

interface Row {
  id: string;
  version: string;
  is_voiding: boolean;
  is_voided: boolean;
  bytes: number;
  terms: string[];
  statement: string;
}
interface StoredRow {
  statement: string;
  is_voiding: boolean;
  terms: readonly string[];
}

/** The statement that it is about, where it is about one. */
function refsOf({ object }: Pick<StoredStatement, 'object'>): string[] {
  return isStatementRef(object) ? [object.id.toLowerCase()] : [];
}

/** The driver leaves arrays of uuid as PostgreSQL writes them: `{a,b}`. */
function uuidsIn(terms: string | readonly string[]): readonly string[] {
  return typeof terms === 'string' ? terms.slice(1, -1).split(',') : terms;
}
