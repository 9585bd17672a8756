import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder: the nearest package.json above this file, whether it runs from source or from dist. */
function findAppRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('Workhall runs outside its package: no package.json above it');
    folder = parent;
  }
  return folder;
}

export const APP_ROOT = findAppRoot();
/** Where `vite build` leaves the page. */
export const WEB_ROOT = join(APP_ROOT, 'dist', 'web');
