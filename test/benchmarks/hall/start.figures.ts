import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildWhatIsStale } from '../../../scripts/build.ts';
import type { Figure, Part } from '../figures.ts';

const WARM_STARTS = 5;

/** As a person does it, by `npm start`'s own program: until the page is served and every part is usable. */
async function startAndStop(dataDir: string): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['bin/workhall.mjs', 'start', '--port', '0', '--data', dataDir], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const notice = join(dataDir, 'run', 'server.json');
  while (!existsSync(notice)) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    await sleep(10);
  }
  await sleep(5);
  const { url } = JSON.parse(readFileSync(notice, 'utf8')) as { url: string };
  while (!(await fetch(`${url}/api/health`)).ok) await sleep(10);
  const page = await fetch(url);
  if (!page.ok || !(await page.text()).includes('<script')) throw new Error(`${url} does not serve the page`);
  const tookS = (performance.now() - startMs) / 1000;
  child.kill('SIGTERM');
  await ended;
  return tookS;
}

export const start: Part = {
  name: 'start',
  async measure(): Promise<Figure[]> {
    const dataDir = mkdtempSync(join(tmpdir(), 'workhall-bench-start-'));
    try {
      const buildMs = performance.now();
      await buildWhatIsStale({ force: true, say: () => {} });
      const builtS = (performance.now() - buildMs) / 1000;
      const firstS = await startAndStop(dataDir);
      const laterS: number[] = [];
      for (let i = 0; i < WARM_STARTS; i++) laterS.push(await startAndStop(dataDir));
      return [
        {
          name: 'first start, everything built',
          measured: builtS + firstS,
          unit: 's',
          target: 60,
          note: `build ${builtS.toFixed(1)} s`,
        },
        { name: 'later start, slowest of 5', measured: Math.max(...laterS), unit: 's', target: 4 },
      ];
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};
