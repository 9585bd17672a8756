export { DemoSeed } from './demo.seed.ts';
export { designMigrations } from './design.migrations.ts';
export { DesignModule } from './design.module.ts';
export { ExampleBriefSeed } from './example-brief.seed.ts';
export { Memberships } from './memberships.service.ts';
export { Projects, type ProjectRow } from './projects.service.ts';
export { RevisionShelf, type RevisionSource } from './revision-shelf.ts';
export { RoomAccess, type Access } from './room-access.ts';
export { RoomPlaces, type RoomPlace } from './room-place.store.ts';
