import { sql, type Kysely, type RawBuilder } from 'kysely';
import { digest, type Compartment } from './compartment.ts';
import type { Found, Query } from './statement.store.ts';
import type { XapiTables } from './xapi.migrations.ts';

/** Statements of one answer together; more of them go to the next page. At least one always comes. */
const MAX_ANSWER_BYTES = 8 * 2 ** 20;

/**
 * One page: what the filters find, and what leads to it over StatementRefs (1.0.3 Communication 2.1.3). Time and order
 * are those of the statement that is returned; a voided one is not returned, but what leads to it is.
 */
export async function findPage(
  db: Kysely<XapiTables>,
  compartment: Compartment,
  query: Query,
): Promise<{ found: Found[]; hasMore: boolean }> {
  const { isAscending, limit, after, sinceMs, untilMs, only } = query;
  const order = isAscending ? sql`asc` : sql`desc`;
  const filters = [...query.terms.map((term) => [term]), ...query.anyOf].map((terms) =>
    uuids(terms.map((term) => digest(compartment, term))),
  );
  const holds = (table: string): RawBuilder<unknown> =>
    sql.join([sql`true`, ...filters.map((terms) => sql`${sql.ref(`${table}.terms`)} && ${terms}`)], sql` and `);
  const bounds = sql.join(
    [
      sql`s.compartment = ${compartment} and not s.is_voided`,
      ...(only === null ? [] : [sql`s.terms && ${uuids([digest(compartment, only)])}`]),
      ...(sinceMs === undefined ? [] : [sql`s.stored > ${new Date(sinceMs)}`]),
      ...(untilMs === undefined ? [] : [sql`s.stored <= ${new Date(untilMs)}`]),
      ...(after === undefined ? [] : [isAscending ? sql`s.seq > ${after}::bigint` : sql`s.seq < ${after}::bigint`]),
    ],
    sql` and `,
  );
  const direct = sql`(select s.seq from xapi_statement s where ${bounds} and ${holds('s')} order by s.seq ${order} limit ${limit + 1})`;
  const leading = sql`(
    select s.seq from xapi_reference r
    join xapi_statement t on t.compartment = r.compartment and t.id = r.target
    join xapi_statement s on s.compartment = r.compartment and s.id = r.source
    where r.compartment = ${compartment} and ${bounds} and ${holds('t')}
    order by s.seq ${order} limit ${limit + 1})`;
  const hits = filters.length === 0 ? direct : sql`${direct} union ${leading}`;
  const { rows } = await sql<Found>`
    select seq, id, stored, version, statement from (
      select s.seq, s.id, s.stored, s.version, s.statement, s.bytes,
             sum(s.bytes) over (order by s.seq ${order} rows unbounded preceding) as until_here
      from xapi_statement s
      join (select seq from (${hits}) hit order by seq ${order} limit ${limit + 1}) page on page.seq = s.seq
      where s.compartment = ${compartment}
    ) counted
    where until_here - bytes < ${MAX_ANSWER_BYTES}
    order by seq ${order}`.execute(db);
  // Cut by its size, a page may be short and still not be the last one.
  const isCut = rows.length > 0 && rows.length <= limit && sizeOf(rows) >= MAX_ANSWER_BYTES;
  return { found: rows.slice(0, limit), hasMore: rows.length > limit || isCut };
}

const uuids = (list: readonly string[]): RawBuilder<unknown> => sql`${`{${list.join()}}`}::uuid[]`;

function sizeOf(rows: readonly Found[]): number {
  return rows.reduce((sum, { statement }) => sum + Buffer.byteLength(statement), 0);
}
