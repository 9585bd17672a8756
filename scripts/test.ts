/**
 * `npm test`: everything CI runs, set-up included. Each check counts as one test beside the tests of vitest; the last
 * line is the sum, also kept in test-output/summary.txt.
 *
 * Files of integration and e2e that failed run once more, alone, because servers and browsers on a busy machine meet time
 * limits that are not theirs. What holds then counts, and is named at the end as unsteady: it wants mending all the same.
 * Unit tests have no such excuse.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildWhatIsStale } from './build.ts';
import { setUp } from './setup.ts';
import { format, lint, lockfile, ROOT, run, types, unused, type Step } from './steps.ts';

const OUTPUT = join(ROOT, 'test-output');
/** As much of a failure as tells it: the assertion and the first frames of its stack. */
const FAILURE_CHARS = 2000;
/** More files than this do not fail by chance. */
const MOST_UNSTEADY_FILES = 6;
/** Named at the end, so that whoever adds a test sees what the others cost. */
const SLOWEST_FILES = 5;
/**
 * Files at once. Servers mostly wait: for disks, timers and each other. Browsers draw in software with both cores: two at
 * once take as long together as one after the other, and meet time limits besides. Unit tests compute, and get what
 * vitest.config.ts says.
 */
const AT_ONCE: Readonly<Record<string, number>> = { integration: 2, e2e: 1 };

interface Report {
  numPassedTests: number;
  numPendingTests: number;
  testResults: FileResult[];
}

interface FileResult {
  name: string;
  status: string;
  /** Epoch, ms. */
  startTime: number;
  endTime: number;
  /** Why the file itself failed: an import, a `beforeAll`. */
  message: string;
  assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
}

interface Outcome {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
  readonly unsteady: readonly string[];
  readonly files: readonly FileResult[];
}

mkdirSync(OUTPUT, { recursive: true });
// Hundreds of programs start below, most of them the same.
process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'dist', '.compile-cache');
const checks: boolean[] = [setUp(), await buildWhatIsStale()];
// The longest beside the others: it reads every file with one core.
checks.push(...(await Promise.all([run(format), inTurn([lockfile, types, lint, unused])])).flat());

const outcomes: Outcome[] = [];
// One project after the other: on two cores browsers and crowds of bots would starve each other.
for (const project of ['unit', 'integration', 'e2e']) outcomes.push(await testProject(project));

const slowest = outcomes.flatMap(({ files }) => files).toSorted((a, b) => secondsOf(b) - secondsOf(a));
for (const file of slowest.slice(0, SLOWEST_FILES))
  console.log(`slowest: ${secondsOf(file).toFixed(0).padStart(4)} s  ${relative(ROOT, file.name)}`);
// Once more at the end, where whoever reads a long log looks first.
for (const words of outcomes.flatMap(({ unsteady }) => unsteady)) console.log(`\nunsteady: ${words}`);
for (const words of outcomes.flatMap(({ failures }) => failures)) console.log(`\nfailed: ${words}`);
const skipped = outcomes.reduce((sum, outcome) => sum + outcome.skipped, 0);
if (skipped > 0) console.log(`\nskipped: ${skipped}, of which WORKHALL_FULL_TESTS=1 runs all that this machine can`);
const passed = checks.filter(Boolean).length + outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = checks.filter((isWell) => !isWell).length + outcomes.flatMap(({ failures }) => failures).length;
const summary = `Tests: ${passed} passed, ${failed} failed`;
writeFileSync(join(OUTPUT, 'summary.txt'), `${summary}\n`);
console.log(summary);
process.exit(failed === 0 ? 0 : 1);

async function inTurn(steps: readonly Step[]): Promise<boolean[]> {
  const held: boolean[] = [];
  for (const step of steps) held.push(await run(step));
  return held;
}

async function testProject(project: string): Promise<Outcome> {
  const first = await vitest(project);
  const failedFiles = first.files.filter(({ status }) => status === 'failed');
  if (first.isWell) return { ...first, failures: [], unsteady: [] };
  const failures = failedFiles.flatMap(failuresOf);
  // A file that does not even load fails no test, and must fail the run.
  const lost = {
    ...first,
    failures: failures.length > 0 ? failures : [`${project} did not end well`],
  };
  if (project === 'unit' || failedFiles.length === 0 || failedFiles.length > MOST_UNSTEADY_FILES)
    return { ...lost, unsteady: [] };
  const again = await vitest(
    project,
    failedFiles.map(({ name }) => relative(ROOT, name)),
  );
  // What passed in these files the first time is told by the second run as well.
  const before = first.passed - failedFiles.reduce((sum, file) => sum + passedIn(file), 0);
  const stillFailing = again.files.flatMap(failuresOf);
  return {
    ...first,
    passed: before + again.passed,
    failures: again.isWell ? [] : stillFailing.length > 0 ? stillFailing : lost.failures,
    unsteady: failures,
  };
}

async function vitest(
  project: string,
  files: readonly string[] = [],
): Promise<{ isWell: boolean; passed: number; skipped: number; files: FileResult[] }> {
  const name = files.length > 0 ? `${project}-again` : project;
  const report = join(OUTPUT, `${name}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report];
  // What failed runs again alone.
  const atOnce = files.length > 0 ? 1 : AT_ONCE[project];
  const workers = atOnce === undefined ? [] : ['--maxWorkers', String(atOnce)];
  const vitestArgs = ['run', '--project', project, ...workers, ...reporters, ...files];
  const command = ['node_modules/vitest/vitest.mjs', ...vitestArgs] as const;
  const isWell = await run({ name, command, isLive: true });
  if (!existsSync(report)) return { isWell: false, passed: 0, skipped: 0, files: [] };
  const { numPassedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return { isWell, passed: numPassedTests, skipped: numPendingTests, files: testResults };
}

function secondsOf({ startTime, endTime }: FileResult): number {
  return (endTime - startTime) / 1000;
}

function passedIn({ assertionResults }: FileResult): number {
  return assertionResults.filter(({ status }) => status === 'passed').length;
}

function failuresOf(file: FileResult): string[] {
  const where = relative(ROOT, file.name);
  const tests = file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${where} > ${fullName}\n${failureMessages.join('\n')}`);
  const told = tests.length > 0 || file.status !== 'failed' ? tests : [`${where}\n${file.message}`];
  return told.map((words) => words.slice(0, FAILURE_CHARS));
}
