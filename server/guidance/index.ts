export { GuidanceModule } from './guidance.module.ts';
import { callMigrations } from './calls/calls.migrations.ts';
import { guidanceMigrations as jobMigrations } from './guidance.migrations.ts';

export const guidanceMigrations = [...jobMigrations, ...callMigrations];
export { Jobs } from './jobs.service.ts';
