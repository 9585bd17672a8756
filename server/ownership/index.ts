export { ownershipMigrations } from './ownership.migrations.ts';
export { OwnershipModule } from './ownership.module.ts';
export { OwnershipService } from './ownership.service.ts';
export type { Publication } from './publication.service.ts';
