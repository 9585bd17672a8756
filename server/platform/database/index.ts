export { Database, externalServer } from './database.ts';
export { DatabaseModule } from './database.module.ts';
export { embeddedBinaries } from './embedded-postgres.setup.ts';
export { migrate, type Migration } from './migrations.ts';
export { openRunningDatabase } from './running-database.ts';
