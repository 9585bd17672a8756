import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Global, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Config, type ConfigTree } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Health } from '../health/index.ts';
import { Fleet, ThisProcess } from './fleet.ts';
import type { RedisFleet } from './redis-fleet.ts';
import { SoleProcess } from './sole-process.ts';

@Global()
@Module({
  providers: [
    {
      provide: Fleet,
      inject: [Config, Database, ThisProcess, Health],
      useFactory: ({ tree }: Config, database: Database, self: ThisProcess, health: Health): Promise<Fleet> | Fleet =>
        tree.redisUrl ? joinFleet(tree, tree.redisUrl, self, database, health) : new SoleProcess(self),
    },
  ],
  exports: [Fleet],
})
export class FleetModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly fleet: Fleet,
    private readonly config: Config,
    private readonly http: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.fleet.isShared) return;
    const fleet = this.fleet as RedisFleet;
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => {
      const url = this.config.tree.processUrl ?? urlOf(this.config.tree, (server.address() as AddressInfo).port);
      fleet.registry
        .announce(url)
        .catch((thrown: unknown) =>
          new Logger('Fleet').error('The others cannot be told where this process is', thrown),
        );
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.fleet.isShared) await (this.fleet as RedisFleet).leave();
  }
}

/** Loaded only when it is asked for: a hall of one process starts without any of it. */
async function joinFleet(
  tree: ConfigTree,
  redisUrl: string,
  self: ThisProcess,
  database: Database,
  health: Health,
): Promise<Fleet> {
  const [{ RedisFleet }, { RedisLine }, { ProcessRegistry }] = await Promise.all([
    import('./redis-fleet.ts'),
    import('./redis-line.ts'),
    import('./process-registry.ts'),
  ]);
  const line = await RedisLine.open(redisUrl);
  try {
    const registry = new ProcessRegistry(database, self, tree.dataDir);
    const fingerprint = createHash('sha256').update(`workhall.master ${tree.masterKey}`).digest('hex');
    await registry.agree('MASTER_KEY', fingerprint);
    await registry.join();
    const fleet = new RedisFleet(registry, line, database);
    await fleet.open();
    health.register('fleet', () => fleet.check());
    return fleet;
  } catch (thrown) {
    line.close();
    throw thrown;
  }
}

/** What is open on all interfaces is reached by the first address that is not this machine's own. */
function urlOf({ host }: ConfigTree, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const first = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const reached = isEverywhere ? (first ?? '127.0.0.1') : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
