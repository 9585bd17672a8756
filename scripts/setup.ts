/**
 * Finds or installs what the tests need beside npm's packages, and says what it does: today a Chromium for the browser
 * tests. On a Debian machine where we are root it comes by apt-get; elsewhere a person installs any Chromium or Chrome
 * and, if it lies at an unusual place, names it in CHROMIUM_PATH.
 */
import { spawnSync } from 'node:child_process';
import { findChromium } from '../test/support/chromium.ts';

export function setUp(): boolean {
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

function installChromium(): string | undefined {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  console.log('Installing Chromium for the browser tests (apt-get, once) …');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  aptGet('update');
  // Its sandbox helper and the fonts with Chinese glyphs: without them screenshots show boxes.
  aptGet('install', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
  return findChromium();
}

if (import.meta.main) process.exit(setUp() ? 0 : 1);
