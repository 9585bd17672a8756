/**
 * Adds the optional platform packages that package-lock.json lacks. `npm install` leaves out those that the registry
 * at hand does not offer, and `npm ci` then refuses the whole lockfile, on every machine. An entry with its version and
 * platform is enough: npm skips it where it does not fit, and fetches it where it does.
 *
 *   node scripts/complete-lockfile.ts          after every `npm install <package>`
 *   node scripts/complete-lockfile.ts --check  exits with 1 when something is missing
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './steps.ts';

interface Entry {
  version: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['darwin', 'win32', 'linux', 'freebsd', 'openbsd', 'netbsd', 'android', 'openharmony', 'sunos', 'aix'];
const PROCESSORS = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];
/** What some packages call them. */
const OTHER_WORDS: Record<string, string> = { windows: 'win32', win: 'win32', amd64: 'x64', x86: 'ia32', armhf: 'arm' };

const path = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> };
const missing = new Map<string, Entry>();
for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[`${owner}/${key}`] || lock.packages[key]) continue;
    const version = range.match(/\d+\.\d+\.\d+[\w.-]*/)?.[0];
    if (version)
      missing.set(key, { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platformOf(name) });
  }
}

if (missing.size > 0 && !process.argv.includes('--check')) {
  const [root, ...rest] = Object.entries(lock.packages);
  const sorted = [...rest, ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries([root!, ...sorted]);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(
  `package-lock.json: ${missing.size} platform packages ${process.argv.includes('--check') ? 'missing' : 'added'}`,
);
process.exit(missing.size > 0 && process.argv.includes('--check') ? 1 : 0);

function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/_]/).map((word) => OTHER_WORDS[word] ?? word);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  const known = Object.entries({ os, cpu, libc }).filter(([, values]) => values.length > 0);
  return Object.fromEntries(known);
}
