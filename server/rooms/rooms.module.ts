import { Module } from '@nestjs/common';
import { ColyseusServer } from './colyseus-server.ts';
import { JournalHost } from './journal-host.ts';
import { JournalStore } from './journal/journal.store.ts';
import { PostgresJournalStore } from './journal/postgres-journal.store.ts';
import { MatchmakeController } from './matchmake.controller.ts';
import { RoomHost } from './room-host.ts';
import { Seats } from './seats.ts';

@Module({
  controllers: [MatchmakeController],
  providers: [
    ColyseusServer,
    JournalHost,
    Seats,
    { provide: RoomHost, useExisting: JournalHost },
    { provide: JournalStore, useClass: PostgresJournalStore },
  ],
  exports: [RoomHost, JournalStore],
})
export class RoomsModule {}
