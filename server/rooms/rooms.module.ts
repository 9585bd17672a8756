import { Module } from '@nestjs/common';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Fleet, type RedisFleet } from '../platform/fleet/index.ts';
import { ColyseusServer } from './colyseus-server.ts';
import type { FleetJournalHost } from './fleet/fleet-journal-host.ts';
import { JournalHost } from './journal-host.ts';
import { JournalOwners } from './journal/journal-owners.ts';
import { JournalStore } from './journal/journal.store.ts';
import { PostgresJournalStore } from './journal/postgres-journal.store.ts';
import { MatchmakeController } from './matchmake.controller.ts';
import { OpenRooms } from './open-rooms.ts';
import { RoomFeatures } from './room-features.ts';
import { RoomHost } from './room-host.ts';
import { Seats } from './seats.ts';

@Module({
  controllers: [MatchmakeController],
  providers: [
    ColyseusServer,
    RoomFeatures,
    Seats,
    {
      provide: JournalHost,
      inject: [JournalStore, Clock, Ids, Fleet, Database],
      useFactory: chooseJournalHost,
    },
    {
      provide: OpenRooms,
      inject: [Fleet, JournalHost],
      useFactory: chooseOpenRooms,
    },
    { provide: RoomHost, useExisting: JournalHost },
    { provide: JournalStore, useClass: PostgresJournalStore },
  ],
  exports: [RoomFeatures, RoomHost, JournalStore],
})
export class RoomsModule {}

/** A hall of one process loads nothing of what several need. */
async function chooseJournalHost(
  store: JournalStore,
  clock: Clock,
  ids: Ids,
  fleet: Fleet,
  database: Database,
): Promise<JournalHost> {
  if (!fleet.isShared) return new JournalHost(store, clock, ids);
  const { FleetJournalHost } = await import('./fleet/fleet-journal-host.ts');
  return new FleetJournalHost(store, clock, ids, fleet as RedisFleet, new JournalOwners(database, fleet.self));
}

async function chooseOpenRooms(fleet: Fleet, host: JournalHost): Promise<OpenRooms> {
  if (!fleet.isShared) return new OpenRooms();
  const { FleetOpenRooms } = await import('./fleet/fleet-open-rooms.ts');
  return new FleetOpenRooms(fleet as RedisFleet, host as FleetJournalHost);
}
