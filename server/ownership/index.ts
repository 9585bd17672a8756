export { ownershipMigrations } from './ownership.migrations.ts';
export { OwnershipModule } from './ownership.module.ts';
export { OwnershipService } from './ownership.service.ts';
export { askHall, verifyFromFolder, verifyOverNetwork, type Endpoints } from './verification.ts';
