import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the system that only the tests of several processes need. */
const SCALE_PROGRAMS = ['redis-server', 'nginx'] as const;

/** Path of a program, also where ordinary users have no PATH to (`/usr/sbin`), or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** What to install before the tests of several processes can run; null when all is there. */
export function missingForScale(): string | null {
  const missing = SCALE_PROGRAMS.filter((name) => !findProgram(name));
  if (missing.length === 0) return null;
  return `needs ${missing.join(' and ')} (Debian: apt-get install redis-server nginx-light; macOS: brew install redis nginx)`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
