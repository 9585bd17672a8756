import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';
import { openParts } from '../stopped-hall.ts';

export const seedCommand: HallCommand = {
  register: (program) => {
    program
      .command('seed')
      .description('put the demo project and an example brief into the hall (the hall must be stopped)')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
      .option('--prepare', 'import the demo file again and write its archive in assets/demo; nothing else')
      .action(seed);
  },
};

async function seed(options: { data?: string; prepare?: boolean }): Promise<void> {
  const config = readConfig({ DATA_DIR: options.data });
  const { DemoSeed, ExampleBriefSeed } = await import('../../design/index.ts');
  const app = await openParts(config);
  try {
    await app.init();
    if (options.prepare) return console.log(`written: ${await app.get(DemoSeed).prepare()}`);
    console.log(`demo project: ${await app.get(DemoSeed).run({ evenIfUsed: true })}`);
    const example = app.get(ExampleBriefSeed);
    console.log(`example brief: ${await example.run()}`);
    const path = await example.ownerInvitation();
    if (path) console.log(`\nOpen ${path} in the hall to become an owner of the demo, and accept a submission.`);
  } finally {
    await app.close();
  }
}
