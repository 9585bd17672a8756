/**
 * `npm run conformance:xapi [-- --suite FOLDER] [--json FILE]`: ADL's LRS conformance suite against the built hall, in
 * both versions. The suite is not ours and not part of this repository: where it is not given (`--suite`, or
 * `XAPI_SUITE`) and not in `node_modules/.cache`, it is cloned there and its packages are installed.
 */
import Table from 'cli-table3';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startHall, type Hall } from '../test/support/server.ts';
import { buildWhatIsStale } from './build.ts';
import { ROOT } from './steps.ts';

const SUITE = 'https://github.com/adlnet/lrs-conformance-test-suite';
const VERSIONS = ['1.0.3', '2.0.0'];

interface Outcome {
  version: string;
  total: number;
  passed: number;
  failed: number;
  seconds: number;
  failures: string[];
}
interface Logged {
  title?: string;
  status?: string;
  error?: string;
  tests?: Logged[];
}

const { values } = parseArgs({ options: { suite: { type: 'string' }, json: { type: 'string' } } });
const suite = findSuite(values.suite ?? process.env['XAPI_SUITE']);
if (!(await buildWhatIsStale({ parts: ['server'] }))) process.exit(1);
const hall = await startHall({ env: { VOICE: '0', LOG_LEVEL: 'error' } });
const outcomes: Outcome[] = [];
try {
  for (const version of VERSIONS) outcomes.push(await run(hall, version));
} finally {
  await hall.stop();
}

const table = new Table({ head: ['xAPI', 'tests', 'passed', 'failed', 'not run', 'seconds'] });
for (const { version, total, passed, failed, seconds } of outcomes)
  table.push([version, total, passed, failed, total - passed - failed, seconds]);
console.log(`\nADL LRS conformance suite ${commitOf(suite)}\n${table.toString()}`);
for (const { version, failures } of outcomes) for (const failure of failures) console.log(`  ${version}  ${failure}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ suite: commitOf(suite), outcomes }, null, 2)}\n`);
process.exit(outcomes.every(({ total, passed }) => total > 0 && passed === total) ? 0 : 1);

function findSuite(given: string | undefined): string {
  const folder = given ? resolve(given) : join(ROOT, 'node_modules', '.cache', 'lrs-conformance-test-suite');
  const runner = join(folder, 'bin', 'console_runner.js');
  try {
    if (!existsSync(runner)) {
      if (given) throw new Error(`${folder} holds no bin/console_runner.js`);
      mkdirSync(dirname(folder), { recursive: true });
      execFileSync('git', ['clone', '--depth', '1', SUITE, folder], { stdio: 'inherit' });
    }
    // No install scripts: it only speaks HTTP.
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
    if (!existsSync(join(folder, 'node_modules')))
      execFileSync('npm', install, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
    return folder;
  } catch (thrown) {
    console.error(
      `\nADL's suite is not there: ${(thrown as Error).message}\n\n` +
        `Get it where there is a network:\n  git clone ${SUITE} FOLDER && (cd FOLDER && npm install --ignore-scripts)\n` +
        'and name it:\n  npm run conformance:xapi -- --suite FOLDER\n',
    );
    process.exit(1);
  }
}

/** A key of its own for each version: it also says which dialect answers a request that names none. */
async function run({ url, dataDir }: Hall, version: string): Promise<Outcome> {
  const cli = join(ROOT, 'dist', 'server', 'cli', 'main.js');
  const made = execFileSync(
    process.execPath,
    [cli, 'xapi-key', 'make', `suite ${version}`, '--data', dataDir, '--xapi-version', version, '--json'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const { key, secret } = JSON.parse(made) as { key: string; secret: string };
  const args = ['-e', `${url}/xapi`, '-a', '-u', key, '-p', secret, '-x', version, '-z'];
  const logs = join(suite, 'logs');
  const before = existsSync(logs) ? new Set(readdirSync(logs)) : new Set<string>();
  console.log(`xAPI ${version} …`);
  const child = spawn(process.execPath, [join('bin', 'console_runner.js'), ...args], { cwd: suite, stdio: 'ignore' });
  await new Promise((done) => child.once('exit', done));
  const fresh = existsSync(logs) ? readdirSync(logs).filter((name) => !before.has(name)) : [];
  const newest = fresh.sort((a, b) => statSync(join(logs, b)).mtimeMs - statSync(join(logs, a)).mtimeMs)[0];
  if (!newest) throw new Error(`The suite ended without a log; run it by hand: node bin/console_runner.js ${args[1]}`);
  const log = JSON.parse(readFileSync(join(logs, newest), 'utf8')) as {
    summary: { total: number; passed: number; failed: number };
    duration: number;
    log: Logged | null;
  };
  return { version, ...log.summary, seconds: Math.round(log.duration / 1000), failures: failuresIn(log.log) };
}

function failuresIn(logged: Logged | null | undefined): string[] {
  if (!logged) return [];
  const inner = (logged.tests ?? []).flatMap(failuresIn);
  if (inner.length > 0 || logged.status !== 'failed') return inner;
  return [`${logged.title}: ${logged.error ?? 'failed'}`];
}

function commitOf(folder: string): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%h of %cs'], { cwd: folder, encoding: 'utf8' }).trim();
  } catch {
    return '(no git history)';
  }
}
