import { Module, type DynamicModule } from '@nestjs/common';
import { Config } from '../config/index.ts';
import { Health } from '../health/index.ts';
import { ChildProcesses, DataFolder } from '../processes/index.ts';
import { Database, externalServer } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate, type Migration } from './migrations.ts';

@Module({})
export class DatabaseModule {
  /** Called once, in app.module.ts, with the migrations of all domains. */
  static register(migrations: readonly Migration[]): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          inject: [Config, DataFolder, ChildProcesses, Health],
          useFactory: async (config: Config, folder: DataFolder, children: ChildProcesses, health: Health) => {
            const url = config.tree.databaseUrl;
            const database = new Database(url ? externalServer(url) : await startEmbeddedPostgres(folder, children));
            await database.connect();
            await migrate(database.of(), migrations);
            health.register('database', () => database.check());
            return database;
          },
        },
      ],
      exports: [Database],
    };
  }
}
