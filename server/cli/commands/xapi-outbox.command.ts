import { WorkhallError } from '#protocol/errors';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

interface Options {
  data?: string;
  retry?: boolean;
  json?: boolean;
}

export const xapiOutboxCommand: HallCommand = {
  register: (program) => {
    program
      .command('xapi-outbox')
      .description('what waits for the LRS outside, and what it refused (the hall must run)')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .option('--retry', 'let what was refused try again')
      .option('--json', 'as JSON')
      .action(show);
  },
};

async function show({ data, retry, json }: Options): Promise<void> {
  const { tree } = readConfig({ DATA_DIR: data });
  const [{ openRunningDatabase }, { outboxState, retryRefused }] = await Promise.all([
    import('../../platform/database/index.ts'),
    import('../../xapi/index.ts'),
  ]);
  const database = await openRunningDatabase(tree);
  if (!database)
    throw new WorkhallError('xapi', 'no_hall', `No hall runs on ${tree.dataDir}.`, {
      next: 'Start it; what waits is sent when it runs.',
      status: 404,
    });
  try {
    if (retry) console.log(`${await retryRefused(database)} try again within half a minute.`);
    const state = await outboxState(database);
    if (json) return console.log(JSON.stringify(state));
    console.log(`  waiting  ${state.waiting}${state.lastError === null ? '' : `  (last try: ${state.lastError})`}`);
    console.log(`  refused  ${state.refused}${state.refusal === null ? '' : `  (such as: ${state.refusal})`}`);
  } finally {
    await database.onApplicationShutdown();
  }
}
