/**
 * Finds or installs what the tests need beside npm's packages, and says what it does: a Chromium for the browser tests,
 * and programs without which single tests skip. On a Debian machine where we are root they come by apt-get; elsewhere a
 * person installs any Chromium or Chrome and, if it lies at an unusual place, names it in CHROMIUM_PATH.
 */
import { spawnSync } from 'node:child_process';
import { findChromium } from '../test/support/chromium.ts';
import { findProgram } from '../test/support/programs.ts';

/** Programs that some tests run, and what is not tested without them. */
const PROGRAMS: readonly { command: string; debian: string; tests: string }[] = [
  { command: 'turnserver', debian: 'coturn', tests: 'voice through a TURN server' },
  { command: 'redis-server', debian: 'redis-server', tests: 'a hall of several processes' },
  { command: 'pdftoppm', debian: 'poppler-utils', tests: 'the printed sheet of markers' },
  { command: 'nginx', debian: 'nginx-light', tests: 'a hall of several processes' },
];

export function setUp(): boolean {
  for (const one of PROGRAMS) findOrInstall(one);
  const found = findChromium() ?? installChromium();
  if (found) {
    console.log(`Browser: ${found}`);
    return true;
  }
  console.error(
    'No Chromium was found, and it cannot be installed from here.\n' +
      'Install Chromium or Chrome (Debian and Ubuntu: `sudo apt-get install chromium`; macOS: `brew install --cask chromium`),\n' +
      'or name one: CHROMIUM_PATH=/path/to/chrome npm test',
  );
  return false;
}

function findOrInstall({ command, debian, tests }: (typeof PROGRAMS)[number]): void {
  const isThere = () => findProgram(command) !== undefined;
  if (!isThere() && canInstall()) install(tests, debian);
  console.log(isThere() ? `Program: ${command}` : `No ${command} (Debian: ${debian}): ${tests} is not tested here.`);
}

function installChromium(): string | undefined {
  if (!canInstall()) return undefined;
  // Its sandbox helper and the fonts with Chinese glyphs: without them screenshots show boxes.
  install('the browser tests', 'chromium', 'fonts-noto-cjk');
  return findChromium();
}

const canInstall = (): boolean => process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;

function install(what: string, ...packages: string[]): void {
  console.log(`Installing ${packages[0]} for ${what} (apt-get, once) …`);
  // RUNLEVEL 1: services that come with a package are not started; the tests run their own.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const aptGet = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  aptGet('update');
  aptGet('install', '--no-install-recommends', ...packages);
}

if (import.meta.main) process.exit(setUp() ? 0 : 1);
