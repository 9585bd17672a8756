import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';

export const doctorCommand: HallCommand = {
  register: (program) => {
    program
      .command('doctor')
      .description('check this machine and this hall, and say what to do')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .option('-p, --port <number>', 'TCP port (PORT, default 2567)')
      .action(examine);
  },
};

async function examine(options: { data?: string; port?: string }): Promise<void> {
  const { tree } = readConfig({ DATA_DIR: options.data, PORT: options.port });
  const { checks } = await import('../doctor.checks.ts');
  let isWell = true;
  for (const { name, examine } of checks) {
    const finding = await examine(tree).catch((thrown: Error) => ({
      ok: false,
      detail: thrown.message,
      advice: undefined,
    }));
    isWell &&= finding.ok;
    console.log(`  ${finding.ok ? 'ok  ' : 'NOT '} ${name.padEnd(13)} ${finding.detail}`);
    if (finding.advice) console.log(`       ${''.padEnd(13)} -> ${finding.advice}`);
  }
  console.log(isWell ? '\nThis hall is well.' : '\nSomething needs your hand; see the lines marked NOT.');
  process.exitCode = isWell ? 0 : 1;
}
