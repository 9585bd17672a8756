export { AuthoringModule } from './authoring.module.ts';
export { authoringMigrations } from './authoring.migrations.ts';
