import { sql, type Kysely, type RawBuilder } from 'kysely';
import { digest, type Compartment } from './compartment.ts';
import type { Found, Query } from './statement.store.ts';
import type { XapiTables } from './xapi.migrations.ts';

/** Statements of one answer together; more of them go to the next page. At least one always comes. */
const MAX_ANSWER_BYTES = 8 * 2 ** 20;
/**
 * So many are looked through in their order before the index of terms is asked, and so many more as a page will
 * probably need. The index knows no order: it brings all that was ever found by these terms, each from its place on
 * disk, to sort them and keep a page. Of 86 000 statements, half of which are found, that took 141 ms; in order 4 ms.
 */
const NEAR = 1_000;
const FAR = 10_000;

/**
 * One page: what the filters find, and what leads to it over StatementRefs (1.0.3 Communication 2.1.3). Time and order
 * are those of the statement that is returned; a voided one is not returned, but what leads to it is.
 */
export async function findPage(
  db: Kysely<XapiTables>,
  compartment: Compartment,
  query: Query,
): Promise<{ found: Found[]; hasMore: boolean }> {
  const { limit } = query;
  const order = orderOf(query);
  const places = await new Search(db, compartment, query).places(limit + 1);
  const { rows } = await sql<Found>`
    select seq, id, stored, version, statement from (
      select s.*, sum(s.bytes) over (order by s.seq ${order} rows unbounded preceding) as until_here
      from unnest(${places}::bigint[]) as page (seq) cross join lateral (
        select s.seq, s.id, s.stored, s.version, s.statement, s.bytes from xapi_statement s
        where s.compartment = ${compartment} and s.seq = page.seq offset 0) s
    ) counted
    where until_here - bytes < ${MAX_ANSWER_BYTES}
    order by seq ${order}`.execute(db);
  // Cut by its size, a page may be short and still not be the last one.
  const isCut = rows.length > 0 && rows.length <= limit && sizeOf(rows) >= MAX_ANSWER_BYTES;
  return { found: rows.slice(0, limit), hasMore: rows.length > limit || isCut };
}

/** Which statements a page has, by their `seq`. */
class Search {
  private readonly filters: readonly RawBuilder<unknown>[];
  private readonly order: RawBuilder<unknown>;
  /** What must hold of the statement itself, whatever it leads to. */
  private readonly own: RawBuilder<unknown>;

  constructor(
    private readonly db: Kysely<XapiTables>,
    private readonly compartment: Compartment,
    private readonly query: Query,
  ) {
    const { only, sinceMs, untilMs } = query;
    this.order = orderOf(query);
    this.filters = [...query.terms.map((term) => [term]), ...query.anyOf].map((terms) => this.anyOf(terms));
    this.own = and([
      sql`not s.is_voided`,
      ...(only === null ? [] : [sql`s.terms && ${this.anyOf([only])}`]),
      ...(sinceMs === undefined ? [] : [sql`s.stored > ${new Date(sinceMs)}`]),
      ...(untilMs === undefined ? [] : [sql`s.stored <= ${new Date(untilMs)}`]),
    ]);
  }

  async places(count: number): Promise<string[]> {
    if (this.filters.length === 0) return this.inOrder(count);
    const found: string[] = [];
    let edge = this.query.after;
    let looked = 0;
    for (let reach = NEAR; ;) {
      const near = await this.near(edge, reach, count - found.length);
      found.push(...near.places);
      if (found.length >= count || near.looked < reach) return found;
      looked += near.looked;
      edge = near.edge;
      // As thick as they were until here; one half more, so that it is rarely asked a third time.
      const wanted = Math.ceil((1.5 * looked * (count - found.length)) / found.length);
      if (wanted > FAR) break;
      reach = Math.max(NEAR, wanted);
    }
    return [...found, ...(await this.byIndex(edge, count - found.length))];
  }

  /** Without filters every statement counts. */
  private async inOrder(count: number): Promise<string[]> {
    const { rows } = await sql<{ seq: string }>`
      select s.seq from xapi_statement s
      where s.compartment = ${this.compartment} and ${this.beyond(this.query.after)} and ${this.own}
      order by s.seq ${this.order} limit ${count}`.execute(this.db);
    return rows.map(({ seq }) => seq);
  }

  /** The next `reach` statements in their order, whatever they are: those of them that count. */
  private async near(
    after: string | undefined,
    reach: number,
    count: number,
  ): Promise<{ looked: number; edge: string; places: string[] }> {
    const last = this.query.isAscending ? sql`max(seq)` : sql`min(seq)`;
    const near = sql<{ looked: string; edge: string; places: string[] }>`
      with near as materialized (
        select s.seq, s.id, s.stored, s.is_voided, s.terms from xapi_statement s
        where s.compartment = ${this.compartment} and ${this.beyond(after)}
        order by s.seq ${this.order} limit ${reach}
      )
      select (select count(*) from near) as looked, (select ${last} from near) as edge, array(
        select s.seq from near s
        where ${this.own} and (${this.holds('s')} or exists (
          select from xapi_reference r ${this.leading}
          where r.compartment = ${this.compartment} and r.source = s.id))
        order by s.seq ${this.order} limit ${count}
      ) as places`;
    const { rows } = await this.db.transaction().execute(async (db) => {
      // Before it has counted the table, the planner takes a compartment for small, and would sort all of it.
      await sql`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
        db,
      );
      return near.execute(db);
    });
    const { looked, edge, places } = rows[0]!;
    return { looked: Number(looked), edge, places };
  }

  /** All that follow. The compartment is in every term, and must not tempt the planner to read another index. */
  private async byIndex(after: string | undefined, count: number): Promise<string[]> {
    const { order } = this;
    const { rows } = await sql<{ seq: string }>`
      select seq from (
        (select s.seq from xapi_statement s
         where ${this.beyond(after)} and ${this.own} and ${this.holds('s')}
         order by s.seq ${order} limit ${count})
        union
        (select s.seq from xapi_reference r ${this.leading} cross join lateral (
           select s.seq from xapi_statement s
           where s.compartment = r.compartment and s.id = r.source and ${this.beyond(after)} and ${this.own} offset 0) s
         where r.compartment = ${this.compartment}
         order by s.seq ${order} limit ${count})
      ) hit order by seq ${order} limit ${count}`.execute(this.db);
    return rows.map(({ seq }) => seq);
  }

  /**
   * From a reference to what it leads to, if the filters find that. `offset 0` here and elsewhere: one by one, by their
   * key. Left to itself the planner joins by what it believes of a compartment that it has not counted yet: with 76
   * references 28 s.
   */
  private get leading(): RawBuilder<unknown> {
    return sql`cross join lateral (
      select from xapi_statement t
      where t.compartment = r.compartment and t.id = r.target and ${this.holds('t')} offset 0) t`;
  }

  private beyond(after: string | undefined): RawBuilder<unknown> {
    if (after === undefined) return sql`true`;
    return this.query.isAscending ? sql`s.seq > ${after}::bigint` : sql`s.seq < ${after}::bigint`;
  }

  private holds(table: 's' | 't'): RawBuilder<unknown> {
    return and(this.filters.map((terms) => sql`${sql.ref(`${table}.terms`)} && ${terms}`));
  }

  private anyOf(terms: readonly string[]): RawBuilder<unknown> {
    return sql`${`{${terms.map((term) => digest(this.compartment, term)).join()}}`}::uuid[]`;
  }
}

const orderOf = ({ isAscending }: Query): RawBuilder<unknown> => (isAscending ? sql`asc` : sql`desc`);
const and = (all: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join([...all], sql` and `);

function sizeOf(rows: readonly Found[]): number {
  return rows.reduce((sum, { statement }) => sum + Buffer.byteLength(statement), 0);
}
