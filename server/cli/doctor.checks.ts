import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { APP_ROOT, fleetGaps, WEB_ROOT, type ConfigTree } from '../platform/config/index.ts';
import { Database, embeddedBinaries, externalServer } from '../platform/database/index.ts';
import { holderOf } from '../platform/processes/index.ts';
import { placeOf } from './place-of.ts';

export interface Finding {
  ok: boolean;
  detail: string;
  /** What the person does about it. */
  advice?: string;
}

export interface Check {
  readonly name: string;
  examine(tree: ConfigTree): Promise<Finding>;
}

const LEAST_FREE_GB = 2;
const TIMEOUT_MS = 4_000;

export const checks: readonly Check[] = [
  { name: 'node', examine: node },
  { name: 'build', examine: build },
  { name: 'data folder', examine: dataFolder },
  { name: 'disk', examine: disk },
  { name: 'port', examine: port },
  { name: 'database', examine: database },
  { name: 'ipfs', examine: ipfs },
  { name: 'chain', examine: chain },
  { name: 'processes', examine: processes },
  { name: 'secrets', examine: secrets },
  { name: 'lrs', examine: lrs },
  { name: 'hall', examine: hall },
];

async function node(): Promise<Finding> {
  const isOwn = /[\\/]node_modules[\\/]/.test(process.execPath);
  const whose = isOwn ? "Workhall's own, in node_modules" : `this machine's, ${process.execPath}`;
  return { ok: true, detail: `${process.version} on ${process.platform} ${process.arch} (${whose})` };
}

async function build(): Promise<Finding> {
  const isBuilt = existsSync(join(WEB_ROOT, 'index.html'));
  return { ok: true, detail: isBuilt ? 'server and page are built' : 'the page is not built yet; `npm start` does it' };
}

async function dataFolder({ dataDir }: ConfigTree): Promise<Finding> {
  if (!existsSync(dataDir)) return { ok: true, detail: `${dataDir} (made at the first start)` };
  try {
    accessSync(dataDir, constants.W_OK);
  } catch {
    return { ok: false, detail: `${dataDir} cannot be written`, advice: 'Give this user the right, or set DATA_DIR.' };
  }
  const holder = await holderOf(dataDir);
  return { ok: true, detail: `${dataDir}, ${holder ? `open by process ${holder.pid}` : 'not in use'}` };
}

async function disk({ dataDir }: ConfigTree): Promise<Finding> {
  let folder = dataDir;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const freeGb = (bavail * bsize) / 1e9;
  const ok = freeGb >= LEAST_FREE_GB;
  const advice = ok ? undefined : `Free some space: below ${LEAST_FREE_GB} GB imports and the database may stop.`;
  return { ok, detail: `${freeGb.toFixed(1)} GB free`, advice };
}

async function port(tree: ConfigTree): Promise<Finding> {
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(tree.port, tree.host, () => server.close(() => resolve(true)));
  });
  if (isFree) return { ok: true, detail: `${tree.port} on ${tree.host} is free` };
  if (runningPort(tree) === tree.port) return { ok: true, detail: `${tree.port} is open by this hall` };
  const advice = `Stop the program that uses it, or choose another: PORT=${tree.port + 1} npm start`;
  return { ok: false, detail: `${tree.port} on ${tree.host} is used by another program`, advice };
}

async function database({ databaseUrl }: ConfigTree): Promise<Finding> {
  if (databaseUrl) {
    const external = new Database(externalServer(databaseUrl));
    try {
      await external.connect();
      return await external.check();
    } catch (thrown) {
      return {
        ok: false,
        detail: `${placeOf(databaseUrl)}: ${(thrown as Error).message}`,
        advice: 'Start PostgreSQL, and check address, name and password in DATABASE_URL.',
      };
    } finally {
      await external.onApplicationShutdown();
    }
  }
  const { postgres } = await embeddedBinaries();
  return { ok: true, detail: `embedded ${execFileSync(postgres, ['--version']).toString().trim()}` };
}

async function ipfs({ ipfsApiUrl }: ConfigTree): Promise<Finding> {
  if (!ipfsApiUrl) return { ok: true, detail: 'embedded node, blocks in the data folder' };
  const answer = await fetch(new URL('/api/v0/version', ipfsApiUrl), {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (answer?.ok)
    return {
      ok: true,
      detail: `Kubo ${((await answer.json()) as { Version?: string }).Version} at ${placeOf(ipfsApiUrl)}`,
    };
  return {
    ok: false,
    detail: `${placeOf(ipfsApiUrl)} does not answer`,
    advice: 'Start the node, or unset IPFS_API_URL to use the embedded one.',
  };
}

async function chain({ chainRpcUrl }: ConfigTree): Promise<Finding> {
  if (!chainRpcUrl) return embeddedChain();
  const answer = await fetch(chainRpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  const id = answer?.ok ? ((await answer.json()) as { result?: string }).result : undefined;
  if (id) return { ok: true, detail: `chain ${Number(id)} at ${placeOf(chainRpcUrl)}` };
  return {
    ok: false,
    detail: `${placeOf(chainRpcUrl)} does not answer`,
    advice: 'Check the endpoint, or unset CHAIN_RPC_URL for the embedded chain.',
  };
}

/** anvil comes as one package per platform; elsewhere one on the PATH serves. */
function embeddedChain(): Finding {
  const platform = process.platform === 'win32' ? 'win32' : process.platform;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const packaged = join(APP_ROOT, 'node_modules', '@foundry-rs', `anvil-${platform}-${architecture}`);
  if (existsSync(packaged)) return { ok: true, detail: 'embedded development chain (anvil), state in the data folder' };
  try {
    return { ok: true, detail: `${execFileSync('anvil', ['--version']).toString().split('\n')[0]} from the PATH` };
  } catch {
    const advice = 'Install Foundry (anvil) so that it is on the PATH, or set CHAIN_RPC_URL.';
    return { ok: false, detail: `no anvil for ${platform}-${architecture}`, advice };
  }
}

/** Whether this can be one of several processes: what they share is set, and Redis answers. */
async function processes(tree: ConfigTree): Promise<Finding> {
  if (!tree.redisUrl) return { ok: true, detail: 'one process (REDIS_URL is not set)' };
  const gaps = fleetGaps(tree);
  if (gaps.length > 0) {
    const [detail, advice] = [
      `not set for several processes: ${gaps.map(({ setting }) => setting).join(', ')}`,
      gaps.map(({ setting, why }) => `${setting}: ${why}`).join('; '),
    ];
    return { ok: false, detail, advice: `${advice}. docs/scale.md` };
  }
  const { RedisLine } = await import('../platform/fleet/redis-line.ts');
  const line = await RedisLine.open(tree.redisUrl).catch((thrown: Error) => thrown);
  if (line instanceof Error)
    return {
      ok: false,
      detail: `${placeOf(tree.redisUrl)}: ${line.message}`,
      advice: 'Start Redis, and check REDIS_URL.',
    };
  try {
    return { ok: true, detail: `Redis ${line.place} answers in ${(await line.check()).toFixed(1)} ms` };
  } finally {
    line.close();
  }
}

/** The first account of every development chain, as the example of deploy/ has it. */
const KNOWN_DEPLOYER = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

/** Secrets that stand in the example files, and are known to everybody. */
async function secrets({ masterKey, chainDeployerKey, chainRpcUrl, databaseUrl }: ConfigTree): Promise<Finding> {
  const known = [
    ...(masterKey && /^0+$/.test(masterKey) ? ['MASTER_KEY'] : []),
    ...(chainRpcUrl && chainDeployerKey?.toLowerCase() === KNOWN_DEPLOYER ? ['CHAIN_DEPLOYER_KEY'] : []),
    ...(databaseUrl?.includes('CHANGE-ME') ? ['the password in DATABASE_URL'] : []),
  ];
  if (known.length === 0) return { ok: true, detail: 'none of the examples' };
  return {
    ok: false,
    detail: `still those of the example: ${known.join(', ')}`,
    advice: 'Put your own in, before people come: `openssl rand -hex 32` makes a MASTER_KEY. docs/scale.md',
  };
}

/** The LRS outside: whether it answers, and what waits for it. */
async function lrs(tree: ConfigTree): Promise<Finding> {
  if (!tree.lrs) return { ok: true, detail: 'the built-in one, at /xapi (XAPI_LRS_URL is not set)' };
  const { host } = new URL(tree.lrs.url);
  const { openRunningDatabase } = await import('../platform/database/index.ts');
  const { outboxState } = await import('../xapi/index.ts');
  const running = await openRunningDatabase(tree);
  const state = running && (await outboxState(running).finally(() => running.onApplicationShutdown()));
  const waiting = state ? `; ${state.waiting} statements wait, ${state.refused} were refused` : '';
  const about = await fetch(`${tree.lrs.url}/about`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  );
  await about?.body?.cancel();
  if (!about?.ok)
    return {
      ok: false,
      detail: `${host} ${about ? `answers ${about.status} to /about` : 'does not answer'}${waiting}`,
      advice: 'Nothing is lost: statements wait in the database. Check XAPI_LRS_URL and that LRS.',
    };
  const advice = state?.refused ? 'See why with `npx workhall xapi-outbox`, then `--retry`.' : undefined;
  return { ok: !state?.refused, detail: `${host} answers${waiting}`, advice };
}

/** Asks the running hall how it is, when there is one. */
async function hall(tree: ConfigTree): Promise<Finding> {
  const notice = readNotice(tree);
  if (!notice || !(await holderOf(tree.dataDir))) return { ok: true, detail: 'not running' };
  const report = await readHealth(`${notice.url}/api/health`);
  const sick = Object.entries(report.parts).filter(([, part]) => !part.ok);
  if (report.ok) return { ok: true, detail: `open at ${notice.url}: ${Object.keys(report.parts).join(', ')} ok` };
  return {
    ok: false,
    detail: sick.map(([name, part]) => `${name}: ${part.detail}`).join('; '),
    advice: `Read the logs in ${tree.dataDir}/logs`,
  };
}

function runningPort(tree: ConfigTree): number | undefined {
  return readNotice(tree)?.port;
}

function readNotice({ dataDir }: ConfigTree): { port: number; url: string } | undefined {
  const path = join(dataDir, 'run', 'server.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

interface Report {
  ok: boolean;
  parts: Record<string, Finding>;
}

/** `fetch` cannot be told to accept the certificate that this machine made for itself. */
function readHealth(url: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https') ? httpsRequest : httpRequest;
    const request = send(url, { rejectUnauthorized: false, timeout: TIMEOUT_MS } as object, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(JSON.parse(body) as Report));
    });
    request.once('error', reject).end();
  });
}
