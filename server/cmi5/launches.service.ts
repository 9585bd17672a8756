import { Injectable, type OnModuleInit } from '@nestjs/common';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  activityIds,
  FRESH_SESSION,
  isRelative,
  LAUNCH_DATA,
  launchData,
  launchUrl,
  LEARNER_PREFERENCES,
  lmsStatements,
  readPreferences,
  ruleOnAll,
  type Launch,
  type LaunchMode,
  type SessionFacts,
  type SessionTerms,
} from '#protocol/cmi5/index';
import { identityOf, type Statement } from '#protocol/xapi/index';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import {
  CallerGuards,
  compartmentOf,
  DocumentStore,
  XapiKeys,
  type CallerGuard,
  type DocumentRequest,
  type Shelf,
} from '../xapi/index.ts';
import type { Cmi5Tables } from './cmi5.migrations.ts';
import { problems } from './problems.ts';
import { Cmi5Registrations, type Registration } from './registrations.service.ts';
import { RegistrationLocks } from './registration-locks.ts';

const GUARD = 'cmi5';
const TOKEN_BYTES = 32;
/** Who has not left after this long has gone. */
const SESSION_MS = 24 * 3_600_000;
/** A launch is followed at once, or not at all. */
const FETCH_MS = 10 * 60_000;

type Kept = Pick<SessionFacts, 'hasReadPreferences' | 'said' | 'lastAtMs'>;
interface SessionRow {
  readonly id: string;
  readonly registration: string;
  readonly unit: number;
  readonly mode: LaunchMode;
  readonly launchedAtMs: number;
  readonly kept: Kept;
  readonly isClosed: boolean;
}
/** 8.2.3. The numbers are text there, too. */
export type Fetched = { 'auth-token': string } | { 'error-code': '1' | '2' | '3'; 'error-text': string };

/** Sessions of assignable units: launching them, what their token opens, and how they end. */
@Injectable()
export class Cmi5Launches implements CallerGuard, OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly registrations: Cmi5Registrations,
    private readonly locks: RegistrationLocks,
    private readonly keys: XapiKeys,
    private readonly documents: DocumentStore,
    private readonly guards: CallerGuards,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.guards.register(GUARD, this);
  }

  /** `origin`: where the learner's browser finds this hall. An older session of the registration ends as abandoned (9.3.6). */
  async launch(
    registration: Registration,
    unit: number,
    mode: LaunchMode,
    { origin, returnPath }: { readonly origin: string; readonly returnPath: string | undefined },
  ): Promise<{ url: string; session: string }> {
    const what = this.registrations.unitOf(registration, unit);
    const { course, actor, id } = registration;
    const content = `${origin}/api/cmi5/content/${course.key}/`;
    const launch: Launch = {
      actor,
      registration: id,
      sessionId: randomUUID(),
      activityId: activityIds.unit(this.registrations.baseOf(course), unit),
      mode,
      unit: what,
      url: isRelative(what.url) ? new URL(what.url, content).href : what.url,
      returnUrl: returnPath === undefined ? null : `${origin}${returnPath}`,
    };
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.locks.run(id, async () => {
      for (const open of await this.openOf(id)) await this.close(registration, open, 'abandoned');
      // What a crash left unsaid is said before anything new.
      await this.registrations.settle(registration, launch.sessionId);
      const shelf: Shelf = {
        compartment: compartmentOf(course.project),
        kind: 'state',
        activity: launch.activityId,
        agent: identityOf(actor)!,
        registration: id,
      };
      const bytes = Buffer.from(JSON.stringify(launchData(launch)));
      await this.documents.change(shelf, LAUNCH_DATA, () => ({ contentType: 'application/json', bytes }));
      const nowMs = this.clock.nowMs();
      await this.registrations.say(registration, [lmsStatements.launched(launch, nowMs)]);
      const kept: Kept = { hasReadPreferences: false, said: {}, lastAtMs: null };
      await this.db
        .insertInto('cmi5_session')
        .values({
          id: launch.sessionId,
          registration: id,
          unit,
          mode,
          fetch_hash: hashOf(token),
          xapi_key: null,
          launched_at: new Date(nowMs),
          facts: JSON.stringify(kept),
          closed_at: null,
          ended: null,
        })
        .execute();
    });
    const url = launchUrl(launch, `${origin}/xapi`, `${origin}/api/cmi5/fetch/${token}`);
    return { url, session: launch.sessionId };
  }

  /** The token serves once; whoever comes second learns that, and nothing else. */
  async fetch(token: string): Promise<Fetched> {
    const row = await this.db
      .selectFrom('cmi5_session')
      .select(['id', 'registration', 'unit', 'xapi_key', 'launched_at', 'closed_at'])
      .where('fetch_hash', '=', hashOf(token))
      .executeTakeFirst();
    if (!row) return { 'error-code': '2', 'error-text': 'This is no fetch address of this LMS.' };
    const isLate = row.launched_at.getTime() + FETCH_MS < this.clock.nowMs();
    if (row.xapi_key !== null || row.closed_at !== null || isLate)
      return {
        'error-code': '1',
        'error-text': 'The authorization token was fetched already, or the session is over.',
      };
    const registration = await this.registrations.get(row.registration);
    const { key, secret } = await this.keys.make({
      compartment: compartmentOf(registration.course.project),
      title: `cmi5 session ${row.id}`,
      // An AU voids nothing and defines nothing of ours (6.3).
      scopes: ['statements/write', 'statements/read/mine', 'state', 'profile'],
      madeBy: 'hall',
      version: '1.0.3',
      guard: GUARD,
      expiresAtMs: row.launched_at.getTime() + SESSION_MS,
      // One for the whole registration, so that an AU finds what it said in earlier sessions.
      authority: {
        objectType: 'Agent',
        name: 'cmi5',
        account: { homePage: `${this.registrations.home}/cmi5/registrations`, name: row.registration },
      },
    });
    const taken = await this.db
      .updateTable('cmi5_session')
      .set({ xapi_key: key.id })
      .where('id', '=', row.id)
      .where('xapi_key', 'is', null)
      .executeTakeFirst();
    if (taken.numUpdatedRows === 1n) return { 'auth-token': Buffer.from(`${key.id}:${secret}`).toString('base64') };
    await this.keys.revoke(compartmentOf(registration.course.project), key.id);
    return { 'error-code': '1', 'error-text': 'The authorization token was fetched already.' };
  }

  /** By a person, or because the learner is gone. A session that is over stays as it ended. */
  async abandon(session: string): Promise<void> {
    const row = await this.find('id', session);
    if (!row) throw problems.noSuchSession(session);
    const registration = await this.registrations.get(row.registration);
    await this.locks.run(row.registration, async () => {
      const now = await this.find('id', session);
      if (now && !now.isClosed) await this.close(registration, now, 'abandoned');
    });
  }

  async registrationOf(session: string): Promise<Registration> {
    const row = await this.find('id', session);
    if (!row) throw problems.noSuchSession(session);
    return this.registrations.get(row.registration);
  }

  // ---- what the token opens

  async admit(key: string): Promise<void> {
    const row = await this.find('xapi_key', key);
    if (!row || row.isClosed) throw problems.sessionOver();
  }

  async statements(key: string, statements: readonly Statement[], store: () => Promise<string[]>): Promise<string[]> {
    const { registration: id } = await this.open(key);
    return this.locks.run(id, async () => {
      const row = await this.open(key);
      const registration = await this.registrations.get(id);
      const ruling = ruleOnAll(statements, this.termsOf(registration, row), await this.factsOf(row));
      if (!ruling.ok) throw problems.refused(ruling.clause, ruling.message);
      const ids = await store();
      await this.note(row, ruling.facts, statements);
      await this.registrations.settle(registration, row.id);
      if (ruling.facts.said.terminated) await this.end(row, 'terminated');
      return ids;
    });
  }

  async document(key: string, { method, shelf, id, content }: DocumentRequest): Promise<void> {
    const row = await this.open(key);
    const registration = await this.registrations.get(row.registration);
    const isRead = method === 'GET';
    if (shelf.kind !== 'activity' && shelf.agent !== identityOf(registration.actor))
      throw problems.refused('8.1.3', 'The agent is not the learner of the launch.');
    if (shelf.kind === 'state') {
      if (shelf.registration !== null && shelf.registration !== registration.id)
        throw problems.refused('8.1.4', 'The registration is not that of the launch.');
      if (!isRead && (id === undefined || id === LAUNCH_DATA))
        throw problems.refused('10.2.1', 'An AU leaves the launch data as it is.');
    }
    if (shelf.kind === 'activity' && !isRead) {
      const own = [this.termsOf(registration, row).activityId, this.registrations.unitOf(registration, row.unit).id];
      if (!own.includes(shelf.activity)) throw problems.refused('12.0', 'The activity is not the AU’s own.');
    }
    if (shelf.kind !== 'agent' || id !== LEARNER_PREFERENCES) return;
    if (isRead) return this.hasRead(row);
    if (content && !(/^application\/json\b/i.test(content.contentType) && readPreferences(parsed(content.bytes))))
      throw problems.refused('11.0', 'Learner preferences are languagePreference and audioPreference, in JSON.');
  }

  private async hasRead(row: SessionRow): Promise<void> {
    if (row.kept.hasReadPreferences) return;
    await this.locks.run(row.registration, async () => {
      const now = await this.find('id', row.id);
      if (now) await this.keep(now.id, { ...now.kept, hasReadPreferences: true });
    });
  }

  private termsOf(registration: Registration, { id, unit, mode }: SessionRow): SessionTerms {
    const what = this.registrations.unitOf(registration, unit);
    const { actor, course } = registration;
    const activityId = activityIds.unit(this.registrations.baseOf(course), unit);
    const launch = { actor, registration: registration.id, sessionId: id, activityId, mode };
    const { contextTemplate } = launchData({ ...launch, unit: what, url: '', returnUrl: null });
    return { ...launch, masteryScore: what.masteryScore, template: contextTemplate };
  }

  private async factsOf({ registration, unit, kept, isClosed }: SessionRow): Promise<SessionFacts> {
    const row = await this.registrations.unitRow(registration, unit);
    return {
      ...FRESH_SESSION,
      ...kept,
      isClosed,
      completedBy: row?.completed_by ?? null,
      passedBy: row?.passed_by ?? null,
    };
  }

  private async note(row: SessionRow, facts: SessionFacts, statements: readonly Statement[]): Promise<void> {
    const { hasReadPreferences, said, lastAtMs, completedBy, passedBy } = facts;
    await this.keep(row.id, { hasReadPreferences, said, lastAtMs });
    const judged = said.passed ?? said.failed;
    if (!completedBy && !judged) return;
    const score = statements.find(({ id }) => id?.toLowerCase() === judged?.id)?.result?.score?.scaled;
    const best = (await this.registrations.unitRow(row.registration, row.unit))?.score ?? null;
    await this.registrations.noteUnit(row.registration, row.unit, {
      completed_by: completedBy,
      passed_by: passedBy,
      ...(said.failed ? { is_failed: true } : {}),
      ...(score === undefined ? {} : { score: Math.max(score, best ?? 0) }),
    });
  }

  private async close(registration: Registration, row: SessionRow, how: 'abandoned'): Promise<void> {
    const unit = this.registrations.unitOf(registration, row.unit);
    const { actor, id, course } = registration;
    const activityId = activityIds.unit(this.registrations.baseOf(course), row.unit);
    const durationMs = Math.max(0, (row.kept.lastAtMs ?? row.launchedAtMs) - row.launchedAtMs);
    const about = { actor, registration: id, sessionId: row.id, activityId, unit };
    // First nothing more is taken, then it is said: in between a crash leaves a session that is over.
    await this.end(row, how);
    await this.registrations.say(registration, [lmsStatements.abandoned(about, this.clock.nowMs(), durationMs)]);
  }

  private async end(row: SessionRow, ended: 'terminated' | 'abandoned'): Promise<void> {
    await this.db
      .updateTable('cmi5_session')
      .set({ closed_at: new Date(this.clock.nowMs()), ended })
      .where('id', '=', row.id)
      .execute();
  }

  private async keep(session: string, kept: Kept): Promise<void> {
    await this.db
      .updateTable('cmi5_session')
      .set({ facts: JSON.stringify(kept) })
      .where('id', '=', session)
      .execute();
  }

  private async open(key: string): Promise<SessionRow> {
    const row = await this.find('xapi_key', key);
    if (!row || row.isClosed) throw problems.sessionOver();
    return row;
  }

  private async openOf(registration: string): Promise<SessionRow[]> {
    const rows = await this.db
      .selectFrom('cmi5_session')
      .selectAll()
      .where('registration', '=', registration)
      .where('closed_at', 'is', null)
      .execute();
    return rows.map(rowOf);
  }

  private async find(by: 'id' | 'xapi_key', value: string): Promise<SessionRow | null> {
    const row = await this.db.selectFrom('cmi5_session').selectAll().where(by, '=', value).executeTakeFirst();
    return row ? rowOf(row) : null;
  }

  private get db() {
    return this.database.of<Cmi5Tables>();
  }
}

function rowOf(row: {
  id: string;
  registration: string;
  unit: number;
  mode: string;
  launched_at: Date;
  facts: string;
  closed_at: Date | null;
}): SessionRow {
  return {
    id: row.id,
    registration: row.registration,
    unit: row.unit,
    mode: row.mode as LaunchMode,
    launchedAtMs: row.launched_at.getTime(),
    kept: JSON.parse(row.facts) as Kept,
    isClosed: row.closed_at !== null,
  };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null; // no JSON, which no reader of it takes
  }
}
