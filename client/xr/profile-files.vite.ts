import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = 'xr/profiles';
/** The controllers that we ship a model of, and the generic ones for all others. */
const SHIPPED = [
  'oculus-touch-v3',
  'meta-quest-touch-plus',
  'meta-quest-touch-pro',
  'pico-4',
  'htc-vive-focus-3',
  'generic-trigger-squeeze',
  'generic-trigger-squeeze-thumbstick',
  'generic-hand',
];
/** Devices with the same layout and nearly the same shape. */
const ALIASES: Record<string, string> = {
  'oculus-touch': 'oculus-touch-v3',
  'oculus-touch-v2': 'oculus-touch-v3',
  'meta-quest-touch-plus-v2': 'meta-quest-touch-plus',
  'pico-4u': 'pico-4',
  'generic-hand-select': 'generic-hand',
};
const KEPT = /^(profile\.json|left\.glb|right\.glb)$/;

/** Serves and ships the controller profiles from our own origin: nothing comes from the internet at run time. */
export function controllerProfiles(): Plugin {
  const from = join(
    dirname(createRequire(import.meta.url).resolve('@webxr-input-profiles/assets/package.json')),
    'dist/profiles',
  );
  const list = JSON.stringify(
    Object.fromEntries(
      [...SHIPPED.map((id) => [id, id] as const), ...Object.entries(ALIASES)].map(([id, folder]) => [
        id,
        { path: `${folder}/profile.json` },
      ]),
    ),
  );
  return {
    name: 'workhall:controller-profiles',
    configureServer(server) {
      server.middlewares.use(`/${PREFIX}`, (request, response, next) => {
        const path = (request.url ?? '').split('?')[0]!.slice(1);
        const [folder, file] = path.split('/');
        if (path === 'profilesList.json') return void response.setHeader('content-type', 'application/json').end(list);
        if (!folder || !file || !SHIPPED.includes(folder) || !KEPT.test(file)) return next();
        createReadStream(join(from, folder, file))
          .on('error', next)
          .pipe(response);
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: `${PREFIX}/profilesList.json`, source: list });
      for (const folder of SHIPPED)
        for (const file of (await readdir(join(from, folder))).filter((name) => KEPT.test(name)))
          this.emitFile({
            type: 'asset',
            fileName: `${PREFIX}/${folder}/${file}`,
            source: await readFile(join(from, folder, file)),
          });
    },
  };
}
