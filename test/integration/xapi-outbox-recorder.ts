import { join } from 'node:path';

/**
 * Run as a program with the settings of a hall: opens its parts, records one statement after the other, and prints the
 * id of each once it is acknowledged. A number as argument: so many, and then it lives on for the outbox alone.
 */
const dist = join(import.meta.dirname, '..', '..', 'dist', 'server');
const load = <M>(path: string): Promise<M> => import(join(dist, path)) as Promise<M>;
await import('reflect-metadata');
const { AppModule } = await load<typeof import('../../server/app.module.ts')>('app.module.js');
const { readConfig } = await load<typeof import('../../server/platform/config/index.ts')>('platform/config/index.js');
const { build } = await load<typeof import('../../server/platform/serve.ts')>('platform/serve.js');
const { Recorder } = await load<typeof import('../../server/xapi/index.ts')>('xapi/index.js');

const config = readConfig();
const app = await build(config, AppModule.register(config));
await app.init();
const recorder = app.get(Recorder, { strict: false });
process.stdout.write('open\n');
const count = Number(process.argv[2]);
for (let at = 0; at < count; at++) {
  const id = crypto.randomUUID();
  await recorder.record('hall', [
    {
      id,
      actor: { objectType: 'Agent', account: { homePage: 'http://localhost', name: `p${at % 7}` } },
      verb: { id: 'http://adlnet.gov/expapi/verbs/attempted' },
      object: { objectType: 'Activity', id: `http://localhost/procedures/p/steps/${at % 11}` },
    },
  ]);
  process.stdout.write(`${id}\n`);
}
