import { Logger, type DynamicModule, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { WorkhallError } from '#protocol/errors';
import { SystemClock } from './clock/index.ts';
import { requireFleetSettings, WEB_ROOT, type Config, type ConfigTree } from './config/index.ts';
import { Fleet, forwardOf } from './fleet/index.ts';
import { jsonBodies, securityHeaders, staticPage } from './http/index.ts';
import { createLogger } from './logging/index.ts';
import { Seeds } from './seeds/index.ts';
import { CERTIFICATE_HEADERS, localIdentity, onePort, type Identity } from './tls/index.ts';

/** A large CAD file over a slow network; Node would cut it off after five minutes. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
/** An orderly stop that takes longer is cut short; what was acknowledged is durable, so nothing is lost. */
const STOP_TIMEOUT_MS = 15_000;

export interface RunningServer {
  readonly app: NestExpressApplication;
  readonly port: number;
  /** Where a browser on this machine goes: `http://localhost:2567`. */
  readonly url: string;
  stop(): Promise<void>;
}

interface BuildOptions {
  readonly identity?: Identity | undefined;
  /** Default: a server's, where the log is all it says. */
  readonly logger?: LoggerService;
}

/** The application with its parts open and its routes known, not listening yet: what commands need. */
export async function build(
  { tree }: Config,
  rootModule: DynamicModule,
  { identity, logger = createLogger(tree) }: BuildOptions = {},
): Promise<NestExpressApplication> {
  requireFleetSettings(tree);
  return NestFactory.create<NestExpressApplication>(rootModule, {
    logger,
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
    httpsOptions: identity,
  });
}

/** Hosts that this machine reaches as localhost; any other is one address of it, and only that. */
const EVERYWHERE: ReadonlySet<string> = new Set(['127.0.0.1', '0.0.0.0', '::', 'localhost']);

/** Builds the application, opens everything and listens. `rootModule` is the table of contents, app.module.ts. */
export async function serve(config: Config, rootModule: DynamicModule): Promise<RunningServer> {
  const { tree } = config;
  const identity = tree.lan ? await identityIn(tree.dataDir) : undefined;
  const app = await build(config, rootModule, { identity });
  app.disable('x-powered-by').set('trust proxy', tree.trustProxy).use(securityHeaders);
  if (identity) {
    const sendAuthority = (_: Request, response: Response) =>
      response.set(CERTIFICATE_HEADERS).send(identity.authorityCert);
    app.use('/ca.crt', sendAuthority);
  }
  const forward = await forwardOf(app.get(Fleet));
  if (forward) app.use(forward.requests);
  app.use(...staticPage(WEB_ROOT)).useBodyParser('json', jsonBodies);

  const port = await listen(app, tree, identity);
  const url = `${identity ? 'https' : 'http'}://${EVERYWHERE.has(tree.host) ? 'localhost' : tree.host}:${port}`;
  const noticePath = join(tree.dataDir, 'run', 'server.json');
  writeFileSync(noticePath, JSON.stringify({ pid: process.pid, port, url }));
  new Logger('Server').log(`Open at ${url}, data in ${tree.dataDir}`);
  if (tree.demo) seedInBackground(app);
  const stop = async () => {
    rmSync(noticePath, { force: true });
    await app.close();
  };
  return { app, port, url, stop };
}

/** The hall is usable before its demo project is there; a seed that fails leaves a usable hall without it. */
function seedInBackground(app: NestExpressApplication): void {
  app
    .get(Fleet)
    .exclusively('seeds', () => app.get(Seeds).run())
    .catch((thrown: unknown) => new Logger('Seeds').error('The demo project could not be made', thrown));
}

async function identityIn(dataDir: string): Promise<Identity> {
  const folder = join(dataDir, 'tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return localIdentity(folder, new SystemClock());
}

async function listen(app: NestExpressApplication, tree: ConfigTree, identity?: Identity): Promise<number> {
  await app.init();
  const http = app.getHttpServer() as HttpsServer;
  http.requestTimeout = REQUEST_TIMEOUT_MS;
  const server: Server = identity ? onePort(http, identity.authorityCert) : http;
  if (identity) http.once('close', () => server.close());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(tree, cause)));
    server.listen({ port: tree.port, host: tree.host }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function cannotListen({ port, host }: ConfigTree, cause: NodeJS.ErrnoException): WorkhallError {
  const reason = cause.code === 'EADDRINUSE' ? 'another program uses it' : cause.message;
  return new WorkhallError('server', 'cannot_listen', `Port ${port} on ${host} cannot be opened: ${reason}.`, {
    facts: { port, host },
    next: `Stop that program, or choose another port: PORT=${port + 1} npm start`,
    status: 500,
    cause,
  });
}

/**
 * Serves until a signal. Ctrl-C and SIGTERM stop in order; a second one, or a stop that hangs, ends the process at
 * once. While it still starts there is nothing to save: it leaves, and takes its children with it.
 */
export async function serveUntilSignal(config: Config, rootModule: DynamicModule): Promise<RunningServer> {
  const leave = () => process.exit(1);
  process.on('SIGINT', leave).on('SIGTERM', leave);
  const server = await serve(config, rootModule);
  process.off('SIGINT', leave).off('SIGTERM', leave);

  const logger = new Logger('Server');
  let isStopping = false;
  const stop = (reason: string, exitCode: number) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.log(`Stopping (${reason})`);
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    server.stop().then(
      () => process.exit(exitCode),
      (thrown: unknown) => {
        logger.error('The stop failed', thrown);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('uncaughtException', (thrown) => {
    logger.error('A fault that nothing caught', thrown);
    stop('fault', 1);
  });
  return server;
}
