import { InvalidArgumentError, type Command } from 'commander';
import { ProjectId } from '#protocol/ids';
import { XAPI_VERSIONS, type XapiVersion } from '#protocol/xapi/index';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';
import { openParts } from '../stopped-hall.ts';
import { newTable } from '../table.ts';

interface Place {
  data?: string;
  project?: ProjectId;
}
interface MakeOptions extends Place {
  scopes: string;
  xapiVersion?: XapiVersion;
  days?: number;
  json?: boolean;
}
const DAY_MS = 24 * 3_600_000;

export const xapiKeyCommand: HallCommand = {
  register: (program) => {
    const keys = program.command('xapi-key').description('keys of xAPI clients (the hall may run meanwhile)');
    at(keys.command('make <title>').description('make a key; its secret is shown once'))
      .option('-s, --scopes <list>', 'what it may do, separated by commas', 'all')
      .option('-x, --xapi-version <version>', 'what answers speak when a request names no version', version)
      .option('--days <number>', 'until it ends by itself', count)
      .option('--json', 'as JSON')
      .action(make);
    at(keys.command('list').description('all keys, revoked ones too')).action(list);
    at(keys.command('revoke <key>').description('make a key worthless at once')).action(revoke);
  },
};

function at(command: Command): Command {
  return command
    .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data)')
    .option('--project <id>', 'a project instead of the hall', project);
}

async function make(title: string, options: MakeOptions): Promise<void> {
  await withKeys(options, async (keys, { compartmentOf, SCOPES }) => {
    const wanted = options.scopes.split(',').map((scope) => scope.trim());
    const scopes = SCOPES.filter((scope) => wanted.includes(scope));
    if (scopes.length !== wanted.length) throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}.`);
    const { key, secret } = await keys.make({
      compartment: compartmentOf(options.project ?? null),
      title,
      scopes,
      madeBy: 'hall',
      ...(options.xapiVersion ? { version: options.xapiVersion } : {}),
      ...(options.days ? { expiresAtMs: Date.now() + options.days * DAY_MS } : {}),
    });
    if (options.json) return console.log(JSON.stringify({ key: key.id, secret, compartment: key.compartment }));
    console.log(`\n  Endpoint:  <address of the hall>/xapi\n  Key:       ${key.id}\n  Secret:    ${secret}`);
    console.log('\n  The secret is not kept here and not shown again.\n');
  });
}

async function list(options: Place): Promise<void> {
  await withKeys(options, async (keys, { compartmentOf }) => {
    const table = newTable({ head: ['key', 'title', 'scopes', 'made', 'last used', ''] });
    const day = (ms: number | null) => (ms === null ? 'never' : new Date(ms).toISOString().slice(0, 16));
    for (const key of await keys.list(compartmentOf(options.project ?? null))) {
      const state = key.isRevoked ? 'revoked' : (key.expiresAtMs ?? Infinity) <= Date.now() ? 'expired' : '';
      table.push([key.id, key.title, key.scopes.join(', '), day(key.createdAtMs), day(key.lastUsedAtMs), state]);
    }
    console.log(table.toString());
  });
}

async function revoke(id: string, options: Place): Promise<void> {
  await withKeys(options, async (keys, { compartmentOf }) => {
    await keys.revoke(compartmentOf(options.project ?? null), id);
    console.log(`${id} is worthless from now on; what it stored stays.`);
  });
}

type Xapi = typeof import('../../xapi/index.ts');

/** On the database of the running hall; with nothing running the hall's parts are opened for the moment. */
async function withKeys(
  { data }: Place,
  work: (keys: InstanceType<Xapi['XapiKeys']>, xapi: Xapi) => Promise<void>,
): Promise<void> {
  const config = readConfig({ DATA_DIR: data });
  const [xapi, { openRunningDatabase }, { SystemClock, SystemIds }] = await Promise.all([
    import('../../xapi/index.ts'),
    import('../../platform/database/index.ts'),
    import('../../platform/clock/index.ts'),
  ]);
  const running = await openRunningDatabase(config.tree);
  if (running) {
    try {
      return await work(new xapi.XapiKeys(running, new SystemClock(), new SystemIds(), config), xapi);
    } finally {
      await running.onApplicationShutdown();
    }
  }
  const app = await openParts(config);
  try {
    await work(app.get(xapi.XapiKeys, { strict: false }), xapi);
  } finally {
    await app.close();
  }
}

function version(text: string): XapiVersion {
  const found = XAPI_VERSIONS.find((one) => one === text);
  if (!found) throw new InvalidArgumentError(`Versions are ${XAPI_VERSIONS.join(' and ')}.`);
  return found;
}

function project(text: string): ProjectId {
  const parsed = ProjectId.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('That is not the id of a project.');
  return parsed.data;
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a number of days, 1 or more.');
}
