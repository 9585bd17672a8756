import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, Ids, SystemClock, SystemIds } from './clock/index.ts';
import { Config } from './config/index.ts';
import { ThisProcess } from './fleet/index.ts';
import { HealthController } from './health/health.controller.ts';
import { Health } from './health/index.ts';
import { HttpModule } from './http/index.ts';
import { Jobs } from './jobs/index.ts';
import { ChildProcesses, DataFolder } from './processes/index.ts';
import { Seeds } from './seeds/index.ts';

/**
 * Everything domains need that knows no domain. Global, so it starts before all of them and stops after all of them:
 * the last thing a server does is to end its children and to release its data folder.
 */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly children: ChildProcesses,
    private readonly folder: DataFolder,
  ) {}

  static register(config: Config): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [HttpModule],
      controllers: [HealthController],
      providers: [
        Health,
        Jobs,
        Seeds,
        { provide: Config, useValue: config },
        { provide: Clock, useClass: SystemClock },
        { provide: Ids, useClass: SystemIds },
        {
          provide: ThisProcess,
          inject: [Ids],
          useFactory: (ids: Ids) => {
            const id = ids.next();
            const { processName = `p-${id.slice(0, 8)}`, redisUrl } = config.tree;
            return new ThisProcess(id, processName, redisUrl !== undefined);
          },
        },
        { provide: DataFolder, useFactory: () => DataFolder.open(config.tree.dataDir) },
        {
          provide: ChildProcesses,
          inject: [DataFolder],
          useFactory: async (folder: DataFolder) => {
            const children = new ChildProcesses(folder);
            await children.endOrphans();
            return children;
          },
        },
      ],
      exports: [Health, Jobs, Seeds, Config, Clock, Ids, ThisProcess, DataFolder, ChildProcesses],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.children.stopAll();
    this.folder.release();
  }
}
