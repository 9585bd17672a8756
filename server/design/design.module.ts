import { Global, Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { RoomGate, RoomsModule } from '../rooms/index.ts';
import { Acceptance } from './acceptance.service.ts';
import { BriefsController } from './briefs.controller.ts';
import { Briefs } from './briefs.service.ts';
import { DemoSeed } from './demo.seed.ts';
import { ExampleBriefSeed } from './example-brief.seed.ts';
import { Invitations } from './invitations.service.ts';
import { Memberships } from './memberships.service.ts';
import { Pictures } from './pictures.service.ts';
import { ProjectRoomGate } from './project-room.gate.ts';
import { ProjectViews } from './project-views.ts';
import { ProjectsController } from './projects.controller.ts';
import { Projects } from './projects.service.ts';
import { RevisionShelf } from './revision-shelf.ts';
import { RoleChanges } from './role-changes.ts';
import { RoomAccess } from './room-access.ts';
import { RoomGuests } from './room-guests.ts';
import { RoomPlaces } from './room-place.store.ts';
import { RoomsController } from './rooms.controller.ts';
import { Tickets } from './tickets.service.ts';

/** Global, because the rooms ask for their gate without knowing who keeps it. */
@Global()
@Module({
  imports: [AssetsModule, IdentityModule, RoomsModule],
  controllers: [ProjectsController, RoomsController, BriefsController],
  providers: [
    Acceptance,
    Briefs,
    DemoSeed,
    ExampleBriefSeed,
    Invitations,
    Memberships,
    Pictures,
    ProjectViews,
    Projects,
    RevisionShelf,
    RoleChanges,
    RoomAccess,
    RoomGuests,
    RoomPlaces,
    Tickets,
    { provide: RoomGate, useClass: ProjectRoomGate },
  ],
  exports: [
    DemoSeed,
    ExampleBriefSeed,
    Memberships,
    Projects,
    RevisionShelf,
    RoomAccess,
    RoomGate,
    RoomGuests,
    RoomPlaces,
  ],
})
export class DesignModule {}
