/**
 * `npm test`: everything CI runs, set-up included. Each check counts as one test beside the tests of vitest; the last
 * line is the sum, also kept in test-output/summary.txt.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildWhatIsStale } from './build.ts';
import { setUp } from './setup.ts';
import { format, lint, lockfile, ROOT, run, types, unused } from './steps.ts';

const OUTPUT = join(ROOT, 'test-output');
mkdirSync(OUTPUT, { recursive: true });
const outcomes: boolean[] = [setUp(), await buildWhatIsStale()];
for (const step of [lockfile, types, lint, format, unused]) outcomes.push(await run(step));

/** As much of a failure as tells it: the assertion and the first frames of its stack. */
const FAILURE_CHARS = 2000;
const failures: string[] = [];
let passed = outcomes.filter(Boolean).length;
let failed = outcomes.length - passed;
// One project after the other: on two cores the browser stories and the servers would starve each other.
for (const project of ['unit', 'integration', 'e2e']) {
  const file = join(OUTPUT, `${project}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', file];
  const command = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--passWithNoTests',
    ...reporters,
  ] as const;
  const isWell = await run({ name: project, command, isLive: true });
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
  passed += report?.numPassedTests ?? 0;
  const failedHere = report?.numFailedTests ?? 0;
  // A file that does not even load fails no test, and must fail the run.
  failed += Math.max(failedHere, isWell ? 0 : 1);
  failures.push(...(report?.testResults ?? []).flatMap(failuresOf));
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: FileResult[];
}

interface FileResult {
  name: string;
  status: string;
  /** Why the file itself failed: an import, a `beforeAll`. */
  message: string;
  assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
}

function failuresOf(file: FileResult): string[] {
  const where = relative(ROOT, file.name);
  const tests = file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${where} > ${fullName}\n${failureMessages.join('\n')}`);
  if (tests.length > 0 || file.status !== 'failed') return tests;
  return [`${where}\n${file.message}`];
}

// Once more at the end, where whoever reads a long log looks first.
for (const failure of failures) console.log(`\nfailed: ${failure.slice(0, FAILURE_CHARS)}`);
const summary = `Tests: ${passed} passed, ${failed} failed`;
writeFileSync(join(OUTPUT, 'summary.txt'), `${summary}\n`);
console.log(summary);
process.exit(failed === 0 ? 0 : 1);
