import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RungView } from '#protocol/api/help';
import type { Document } from '#protocol/document/index';
import { toProblem } from '#protocol/errors';
import { expertsIn, jobOf, openCall, ringingIn, rowsOf, type CallRow } from '#protocol/guidance/index';
import { ProjectId, RoomId, UserId } from '#protocol/ids';
import { procedureIn, stepsOf, textIn } from '#protocol/procedures/index';
import { People } from '../../identity/index.ts';
import { Clock } from '../../platform/clock/index.ts';
import { Database } from '../../platform/database/index.ts';
import { RoomHost } from '../../rooms/index.ts';
import { Jobs } from '../jobs.service.ts';
import { HelpBell } from './bell.service.ts';
import type { CallTables } from './calls.migrations.ts';
import { Experts } from './experts.service.ts';
import { Recordings } from './recordings.service.ts';

/** What a process that died left behind is found after at most this, ms. */
const SWEEP_MS = 15_000;
/** An expert who is out of the room for so long has left the call, ms. */
const ABSENT_MS = 90_000;
/** Rings of the last calls of a room are copied; older ones do not change. */
const LAST_CALLS = 2;

/**
 * The hall's part in calls. Journals say who is rung; from them it copies whom it rings for, passes over who cannot or does
 * not answer, and rings the bell. Everything is asked of the journal again, so doing it twice, in two processes, does nothing.
 */
@Injectable()
export class HelpCalls implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Calls');
  private readonly timers = new Map<RoomId, NodeJS.Timeout>();
  /** What was copied last of each room that has a call. */
  private readonly copied = new Map<RoomId, string>();
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly host: RoomHost,
    private readonly jobs: Jobs,
    private readonly experts: Experts,
    private readonly bell: HelpBell,
    private readonly recordings: Recordings,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.kept.add((room, project, document) => this.follow(room, project, document));
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_MS).unref();
    void this.sweep();
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweeping);
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** Brings the copy of a room's calls up to what its journal says. */
  private async follow(room: RoomId, project: ProjectId, document: Document): Promise<void> {
    const calls = rowsOf(document, 'calls').slice(-LAST_CALLS);
    if (calls.length === 0) return;
    await this.recordings.follow(room, document);
    const rows = calls.flatMap((call) => this.rowsOf(room, project, document, call));
    const text = JSON.stringify(rows);
    if (this.copied.get(room) !== text) {
      const rung = await this.copy(rows);
      this.copied.set(room, text);
      this.bell.tell(new Set(rung));
    }
    const call = openCall(document);
    if (!call) this.copied.delete(room);
    else await this.passOver(room, project, call);
  }

  /** Who cannot be rung is passed over at once, who does not answer when their time is up. */
  private async passOver(room: RoomId, project: ProjectId, call: CallRow): Promise<void> {
    const nowMs = this.clock.nowMs();
    let dueMs = Infinity;
    for (const { person, untilMs } of ringingIn(call)) {
      const why = untilMs <= nowMs ? 'missed' : await this.experts.whyNot(project, person, room);
      if (why) await this.settle(room, call.id, person, why);
      else dueMs = Math.min(dueMs, untilMs);
    }
    clearTimeout(this.timers.get(room));
    this.timers.delete(room);
    if (dueMs === Infinity) return;
    const timer = setTimeout(() => void this.jobs.keep(room), Math.max(0, dueMs - nowMs) + 5);
    this.timers.set(room, timer.unref());
  }

  private async settle(
    room: RoomId,
    call: string,
    person: UserId,
    as: 'missed' | 'busy' | 'away' | 'unknown',
  ): Promise<void> {
    try {
      await this.jobs.say(room, 'help.settle', { call, person, as });
    } catch (thrown) {
      // Answered at this very moment, or passed over by another process.
      if (toProblem(thrown).scope !== 'guidance') throw thrown;
    }
    void this.jobs.keep(room);
  }

  private rowsOf(room: RoomId, project: ProjectId, document: Document, call: CallRow) {
    const job = jobOf(document)!;
    const procedure = procedureIn(document, job.procedure);
    const [language = 'en'] = procedure?.languages ?? [];
    const title = procedure && [...stepsOf(procedure)].find(({ step }) => step.id === call.step)?.step.title;
    const present = new Set(expertsIn(call).map(({ id }) => id));
    return call.rings.map(({ person, state, sinceMs, escalateAfterS }) => {
      const rungAt = sinceMs ?? call.atMs;
      const untilAt = rungAt + escalateAfterS * 1000;
      const about: Omit<RungView, 'state'> = {
        ...{ room, project, call: call.id, by: call.name, text: call.text, rungAt, untilAt },
        ...{ product: job.plan.title, serial: job.serial, order: job.order, station: job.station },
        step: title ? textIn(title, language, language) || call.step : call.step,
      };
      const now =
        state === 'accepted' && !present.has(person)
          ? 'over'
          : call.status === 'over' && state === 'accepted'
            ? 'over'
            : state;
      return { room, call: call.id, person, project, state: now, rungAt, untilAt, about: JSON.stringify(about) };
    });
  }

  /** Returns whose rings are others than before. */
  private async copy(rows: ReturnType<HelpCalls['rowsOf']>): Promise<UserId[]> {
    const changed: UserId[] = [];
    for (const { rungAt, untilAt, ...row } of rows) {
      const values = { ...row, rung_at: new Date(rungAt), due_at: new Date(untilAt) };
      const { state, rung_at, due_at, about } = values;
      const done = await this.db
        .insertInto('help_ring')
        .values({ ...values, is_seen: false, absent_since: null })
        .onConflict((conflict) =>
          conflict
            .columns(['room', 'call', 'person'])
            .doUpdateSet({ state, rung_at, due_at, about, absent_since: null })
            .where('help_ring.state', '!=', state),
        )
        .executeTakeFirst();
      if ((done.numInsertedOrUpdatedRows ?? 0n) > 0n) changed.push(row.person);
    }
    return changed;
  }

  /** What nobody's timer looks after: rings of a process that is gone, and experts whose page is. */
  private async sweep(): Promise<void> {
    try {
      const ringing = await this.db
        .selectFrom('help_ring')
        .select('room')
        .distinct()
        .where('state', '=', 'ringing')
        .execute();
      for (const { room } of ringing) await this.jobs.keep(RoomId.parse(room));
      const accepted = await this.db
        .selectFrom('help_ring')
        .select(['room', 'call', 'person', 'absent_since', 'rung_at'])
        .where('state', '=', 'accepted')
        .execute();
      for (const one of accepted) await this.lookFor(one, new Date(this.clock.nowMs()));
      await this.recordings.finishForgotten();
    } catch (thrown) {
      this.logger.warn(`Calls could not be looked after: ${toProblem(thrown).message}`);
    }
  }

  private async lookFor(
    {
      room,
      call,
      person,
      absent_since: absentSince,
    }: Pick<CallTables['help_ring'], 'room' | 'call' | 'person' | 'absent_since'>,
    now: Date,
  ): Promise<void> {
    const id = RoomId.parse(room);
    const isHere = (await this.host.participants(id)).some(({ user }) => user === person);
    const isGone = !isHere && absentSince !== null && now.getTime() - absentSince.getTime() > ABSENT_MS;
    if (isGone) {
      const name = (await this.people.namesOf([UserId.parse(person)])).get(person) ?? '?';
      await this.jobs
        .say(id, 'help.leave', { call }, { id: UserId.parse(person), name, walletAddress: null })
        .catch((thrown: unknown) => {
          if (toProblem(thrown).scope !== 'guidance') throw thrown; // the call ended meanwhile
        });
      this.copied.delete(id);
      await this.jobs.keep(id);
    } else if (isHere !== (absentSince === null)) {
      await this.db
        .updateTable('help_ring')
        .set({ absent_since: isHere ? null : now })
        .where('room', '=', room)
        .where('call', '=', call)
        .where('person', '=', person)
        .execute();
    }
  }

  private get db() {
    return this.database.of<CallTables>();
  }
}
