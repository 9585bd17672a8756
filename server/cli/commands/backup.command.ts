import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

export const backupCommand: HallCommand = {
  register: (program) => {
    program
      .command('backup <file>')
      .description('write the whole data folder into one .tar.gz (the hall must be stopped)')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .action(backup);
  },
};

async function backup(file: string, options: { data?: string }): Promise<void> {
  const { tree } = readConfig({ DATA_DIR: options.data });
  const { backUp, inspectBackup } = await import('../../platform/backup/index.ts');
  const isDatabaseExternal = tree.databaseUrl !== undefined;
  const { entries } = await backUp(tree.dataDir, file, { madeAt: new Date().toISOString(), isDatabaseExternal });
  await inspectBackup(file);
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  console.log(`${resolve(file)}: ${entries} files, ${megabytes} MB, read back whole.`);
  console.log('It holds the keys of this hall: keep it where only you can read it.');
  if (isDatabaseExternal)
    console.log('DATABASE_URL is set: the database is NOT in it; back it up with pg_dump at the same time.');
}
