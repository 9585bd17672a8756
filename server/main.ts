import 'reflect-metadata';
import { AppModule } from './app.module.ts';
import { readConfig } from './platform/config/index.ts';
import { explain } from './platform/explain.ts';
import { serveUntilSignal } from './platform/serve.ts';

/** The server alone, configured by its environment: what a container or a service unit runs. */
try {
  const config = readConfig();
  await serveUntilSignal(config, AppModule.register(config));
} catch (thrown) {
  console.error(`\nWorkhall did not start.\n${explain(thrown)}\n`);
  process.exit(1);
}
