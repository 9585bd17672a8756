import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';
import { openParts } from '../stopped-hall.ts';
import { newTable } from '../table.ts';

interface Place {
  data?: string;
}
type Key = InstanceType<(typeof import('../../credentials/index.ts'))['IssuerKey']>;

export const issuerKeyCommand: HallCommand = {
  register: (program) => {
    const keys = program
      .command('issuer-key')
      .description('the key that signs certificates (the hall may run meanwhile)');
    at(keys.command('list').description('all keys, those of earlier days too')).action(list);
    at(
      keys
        .command('rotate')
        .description('let a new key sign from now on; what the former ones signed stays valid and can be taken back'),
    ).action(rotate);
  },
};

const at = (command: Command): Command =>
  command.option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)');

async function list(place: Place): Promise<void> {
  await withKey(place, async (key) => {
    const table = newTable({ head: ['key', 'made', ''] });
    for (const { did, createdAtMs, isActive } of await key.list())
      table.push([did, new Date(createdAtMs).toISOString().slice(0, 16), isActive ? 'signs' : '']);
    console.log(table.toString());
  });
}

async function rotate(place: Place): Promise<void> {
  await withKey(place, async (key) => {
    const { did } = await key.rotate();
    console.log(
      `\n  ${did}\n\n  signs from now on. Verifiers that trust named keys have to be told of it (--issuer).\n`,
    );
  });
}

/** On the database of the running hall; with nothing running the hall's parts are opened for the moment. */
async function withKey({ data }: Place, work: (key: Key) => Promise<void>): Promise<void> {
  const config = readConfig({ DATA_DIR: data });
  const [{ IssuerKey }, { openRunningDatabase }, { SystemClock }] = await Promise.all([
    import('../../credentials/index.ts'),
    import('../../platform/database/index.ts'),
    import('../../platform/clock/index.ts'),
  ]);
  const running = await openRunningDatabase(config.tree);
  if (running) {
    try {
      const folder = { folder: (name: string) => join(config.tree.dataDir, name) };
      const key = new IssuerKey(running, folder, config, new SystemClock());
      key.onModuleInit();
      return await work(key);
    } finally {
      await running.onApplicationShutdown();
    }
  }
  const app = await openParts(config);
  try {
    await work(app.get(IssuerKey, { strict: false }));
  } finally {
    await app.close();
  }
}
