import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

export const restoreCommand: HallCommand = {
  register: (program) => {
    program
      .command('restore <file>')
      .description('put a backup in place; what is there now is kept under another name')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .action(restoreInto);
  },
};

async function restoreInto(file: string, options: { data?: string }): Promise<void> {
  const { tree } = readConfig({ DATA_DIR: options.data });
  const { restore } = await import('../../platform/backup/index.ts');
  const { label, keptAs } = await restore(file, tree.dataDir);
  console.log(`Restored the hall of ${label.madeAt} into ${tree.dataDir}.`);
  if (keptAs) console.log(`What was there before is kept in ${keptAs}.`);
  if (label.isDatabaseExternal)
    console.log('Its database was external: restore it with pg_restore, then start with DATABASE_URL.');
}
