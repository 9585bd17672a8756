import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

export const seedCommand: HallCommand = {
  register: (program) => {
    program
      .command('seed')
      .description('put the demo project into the hall (the hall must be stopped)')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .action(seed);
  },
};

async function seed(options: { data?: string }): Promise<void> {
  const config = readConfig({ DATA_DIR: options.data });
  const [{ build }, { AppModule }, { Seeds }] = await Promise.all([
    import('../../platform/serve.ts'),
    import('../../app.module.ts'),
    import('../../platform/seeds/index.ts'),
  ]);
  const app = await build(config, AppModule.register(config));
  try {
    await app.init();
    await app.get(Seeds).run();
  } finally {
    await app.close();
  }
}
