/**
 * `npm run conformance:cmi5 [-- --suite FOLDER] [--json FILE]`: the LMS test suite of ADL's CATAPULT against the built
 * hall, with a browser. The suite is not ours and not part of this repository: where it is not given (`--suite`, or
 * `CMI5_SUITE`: its folder `lts`) and not in `node_modules/.cache`, it is cloned there; its packages are installed and its
 * test courses built, all by its own instructions.
 */
import Table from 'cli-table3';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CHROMIUM_ARGS, findChromium } from '../test/support/chromium.ts';
import { startHall, type Hall } from '../test/support/server.ts';
import { buildWhatIsStale } from './build.ts';
import { ROOT } from './steps.ts';

const SUITE = 'https://github.com/adlnet/CATAPULT';
/** Its webpack is older than OpenSSL 3. */
const OLD_WEBPACK = { NODE_OPTIONS: '--openssl-legacy-provider' };

interface Outcome {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly tests: readonly { readonly title: string; readonly status: string; readonly message?: string }[];
}
interface JestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const { values } = parseArgs({ options: { suite: { type: 'string' }, json: { type: 'string' } } });
const chromium = findChromium();
if (!chromium) {
  console.error('The suite opens its courses in a browser: install Chromium, or name one with CHROMIUM_PATH.');
  process.exit(1);
}
const suite = findSuite(values.suite ?? process.env['CMI5_SUITE']);
if (!(await buildWhatIsStale({ parts: ['server'] }))) process.exit(1);
const hall = await startHall({ env: { VOICE: '0', LOG_LEVEL: 'error' } });
let outcome: Outcome;
try {
  outcome = await run(hall, chromium);
} finally {
  await hall.stop();
}
const table = new Table({ head: ['tests', 'passed', 'failed', 'skipped'] });
table.push([outcome.total, outcome.passed, outcome.failed, outcome.skipped]);
console.log(`\nCATAPULT LMS test suite ${commitOf(suite)}\n${table.toString()}`);
for (const { title, status, message } of outcome.tests)
  if (status !== 'passed') console.log(`  ${status}  ${title}${message ? `\n    ${message.split('\n')[0]}` : ''}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ suite: commitOf(suite), ...outcome }, null, 2)}\n`);
process.exit(outcome.total > 0 && outcome.passed === outcome.total ? 0 : 1);

function findSuite(given: string | undefined): string {
  const folder = given ? resolve(given) : join(ROOT, 'node_modules', '.cache', 'CATAPULT', 'lts');
  const isThere = (path: string) => existsSync(join(folder, path));
  const npm = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' } as const;
  try {
    if (!isThere('__tests__/runtime.js')) {
      if (given) throw new Error(`${folder} holds no __tests__/runtime.js`);
      mkdirSync(dirname(dirname(folder)), { recursive: true });
      execFileSync('git', ['clone', '--depth', '1', SUITE, dirname(folder)], { stdio: 'inherit' });
    }
    // No install scripts: the browser is the one that is here.
    if (!isThere('node_modules')) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], npm);
    if (!isThere('pkg/dist'))
      execFileSync(process.execPath, [join(folder, 'node_modules', 'webpack', 'bin', 'webpack.js')], {
        cwd: join(folder, 'pkg'),
        stdio: 'inherit',
        env: { ...process.env, ...OLD_WEBPACK },
      });
    return folder;
  } catch (thrown) {
    console.error(
      `\nCATAPULT's LMS test suite is not there: ${(thrown as Error).message}\n\n` +
        `Get it where there is a network:\n  git clone ${SUITE} FOLDER\n  (cd FOLDER/lts && npm ci --ignore-scripts)\n` +
        'and name it:\n  npm run conformance:cmi5 -- --suite FOLDER/lts\n',
    );
    process.exit(1);
  }
}

/** An owner of a project, and a key that reads its statements, as the suite's checks afterwards need one. */
async function run({ url }: Hall, executablePath: string): Promise<Outcome> {
  const ask = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const token = String((await ask('/session/guest', { name: 'CATAPULT' }))['token']);
  const { id } = await ask('/projects', { title: 'CATAPULT', description: '' }, token);
  const project = String(id);
  const made = await ask(`/projects/${project}/xapi-keys`, { title: 'suite', scopes: ['all/read'] }, token);
  const { key, secret } = made as unknown as { key: { id: string }; secret: string };

  const folder = mkdtempSync(join(tmpdir(), 'workhall-cmi5-'));
  const browser = join(folder, 'browser.cjs');
  const options = { launch: { headless: true, executablePath, args: CHROMIUM_ARGS } };
  writeFileSync(browser, `module.exports = ${JSON.stringify(options)};\n`);
  const report = join(folder, 'report.json');
  try {
    const child = spawn(
      process.execPath,
      [join('node_modules', 'jest', 'bin', 'jest.js'), '--runInBand', '--json', '--outputFile', report],
      {
        cwd: suite,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: process.env['HOME'] ?? '',
          CATAPULT_LMS: join(ROOT, 'scripts', 'conformance-cmi5.lms.cjs'),
          JEST_PUPPETEER_CONFIG: browser,
          HALL_URL: url,
          HALL_TOKEN: token,
          HALL_PROJECT: project,
          HALL_LRS_AUTH: `Basic ${Buffer.from(`${key.id}:${secret}`).toString('base64')}`,
        },
      },
    );
    await new Promise((done) => child.once('exit', done));
    return outcomeOf(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outcomeOf({ testResults }: JestReport): Outcome {
  const tests = testResults.flatMap(({ assertionResults, message }) => {
    // A file that could not even be read has no tests, and is no pass.
    if (assertionResults.length === 0) return [{ title: 'the suite itself', status: 'failed', message }];
    return assertionResults.map(({ fullName, status, failureMessages }) => ({
      title: fullName,
      status,
      ...(failureMessages[0] ? { message: failureMessages[0] } : {}),
    }));
  });
  const count = (status: string) => tests.filter((one) => one.status === status).length;
  const [passed, failed] = [count('passed'), count('failed')];
  return { total: tests.length, passed, failed, skipped: tests.length - passed - failed, tests };
}

function commitOf(folder: string): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%h of %cs'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '(no git history)';
  }
}
