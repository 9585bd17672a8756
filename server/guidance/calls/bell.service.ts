import { Injectable } from '@nestjs/common';
import { concatMap, distinctUntilChanged, filter, interval, map, merge, of, Subject, type Observable } from 'rxjs';
import { RungView, type MyHelp } from '#protocol/api/help';
import type { UserId } from '#protocol/ids';
import { Database } from '../../platform/database/index.ts';
import { Fleet } from '../../platform/fleet/index.ts';
import type { CallTables } from './calls.migrations.ts';
import { Experts, SEEN_EVERY_MS } from './experts.service.ts';

/** In a hall of several processes a page may listen to another one than the job runs in: there it is looked so often, ms. */
const LOOK_MS = 1_000;
const MOST_MISSED = 30;

/** What rings for whom: told to every page that a person has open. */
@Injectable()
export class HelpBell {
  private readonly rung = new Subject<UserId>();

  constructor(
    private readonly database: Database,
    private readonly experts: Experts,
    private readonly fleet: Fleet,
  ) {}

  /** Something has changed for these people. */
  tell(people: Iterable<UserId>): void {
    for (const person of people) this.rung.next(person);
  }

  async now(person: UserId): Promise<MyHelp> {
    const standing = await this.experts.standingOf(person);
    const rows = await this.db
      .selectFrom('help_ring')
      .select(['about', 'state', 'is_seen'])
      .where('person', '=', person)
      .where((where) =>
        where.or([
          where('state', '=', 'ringing'),
          where.and([where('is_seen', '=', false), where('state', 'in', MISSED)]),
        ]),
      )
      .orderBy('rung_at', 'desc')
      .limit(MOST_MISSED)
      .execute();
    const views = rows.map(({ about, state }) => RungView.parse({ ...(JSON.parse(about) as object), state }));
    const isRinging = ({ state }: RungView) => state === 'ringing';
    return { ...standing, ringing: views.filter(isRinging), missed: views.filter((one) => !isRinging(one)) };
  }

  async seen(person: UserId): Promise<void> {
    await this.db
      .updateTable('help_ring')
      .set({ is_seen: true })
      .where('person', '=', person)
      .where('state', 'in', MISSED)
      .execute();
    this.tell([person]);
  }

  /** As it is now, and whenever it changes. While it is listened to, the person counts as reachable. */
  watch(person: UserId): Observable<MyHelp> {
    const looks = merge(
      of(null),
      this.rung.pipe(filter((one) => one === person)),
      interval(this.fleet.isShared ? LOOK_MS : SEEN_EVERY_MS),
    );
    const heartbeats = merge(of(0), interval(SEEN_EVERY_MS)).pipe(
      concatMap(() => this.experts.seen(person)),
      filter(() => false),
      map(() => null as never),
    );
    const news = looks.pipe(
      concatMap(() => this.now(person)),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    );
    return merge(news, heartbeats);
  }

  private get db() {
    return this.database.of<CallTables>();
  }
}

/** It rang, or would have, and they did not answer. */
const MISSED = ['missed', 'cancelled', 'taken', 'busy', 'away'];
