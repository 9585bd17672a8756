import type { NestExpressApplication } from '@nestjs/platform-express';
import { existsSync } from 'node:fs';
import { WorkhallError } from '#protocol/errors';
import type { Config } from '../platform/config/index.ts';

/**
 * The parts of a hall that does not run, for a command to work with; close it afterwards. What they log goes to stderr:
 * what the command prints is its result, and may be read by a program.
 */
export async function openParts(config: Config): Promise<NestExpressApplication> {
  const [{ build }, { AppModule }, { createLogger }] = await Promise.all([
    import('../platform/serve.ts'),
    import('../app.module.ts'),
    import('../platform/logging/index.ts'),
  ]);
  return build(config, AppModule.register(config), { logger: createLogger(config.tree, 'stderr') });
}

/**
 * The same for a command that only reads: where there is no hall none is made. `elsewhere` is what to do while it
 * runs, as a sentence.
 */
export async function openToRead(config: Config, elsewhere: string): Promise<NestExpressApplication> {
  const { dataDir } = config.tree;
  if (!existsSync(dataDir))
    throw new WorkhallError('data_folder', 'no_hall', `There is no hall in ${dataDir}.`, {
      facts: { path: dataDir },
      next: 'Say where its data are: --data FOLDER, or DATA_DIR=FOLDER before the command.',
      status: 404,
    });
  const whileItRuns = (thrown: unknown): never => {
    if (!(thrown instanceof WorkhallError) || thrown.problem.key !== 'in_use') throw thrown;
    throw new WorkhallError('data_folder', 'hall_runs', `The hall in ${dataDir} is running.`, {
      facts: thrown.problem.facts as Record<string, string | number>,
      next: `${elsewhere} Or stop the hall first (process ${thrown.problem.facts['pid']}), or give another folder with --data.`,
      cause: thrown,
    });
  };
  const app = await openParts(config).catch(whileItRuns);
  await app.init().catch(async (thrown: unknown) => {
    await app.close();
    whileItRuns(thrown);
  });
  return app;
}
