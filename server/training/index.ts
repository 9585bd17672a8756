export { Courses } from './courses.service.ts';
export { Results } from './results.service.ts';
export { Secrets } from './secrets.store.ts';
export { TrainingRooms } from './training-rooms.service.ts';
export { TrainingModule } from './training.module.ts';
export { trainingMigrations } from './training.migrations.ts';
