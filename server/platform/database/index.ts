export { Database } from './database.ts';
export { DatabaseModule } from './database.module.ts';
export { migrate, type Migration } from './migrations.ts';
