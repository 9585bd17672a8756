export { ProceduresModule } from './procedures.module.ts';
export { procedureMigrations } from './procedures.migrations.ts';
export { Procedures } from './procedures.service.ts';
export { Releases, type NewRelease, type Released } from './releases.service.ts';
