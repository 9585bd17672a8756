export { GuidanceModule } from './guidance.module.ts';
export { guidanceMigrations } from './guidance.migrations.ts';
export { Jobs } from './jobs.service.ts';
