/**
 * `npm run dev`: the server restarts on every change of its sources, Vite serves the page with hot reload on port 5173,
 * the hall holds the demo project, and the page offers an emulated headset (IWER).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { buildWhatIsStale } from './build.ts';
import { ROOT } from './steps.ts';

if (!(await buildWhatIsStale({ parts: ['server'] }))) process.exit(1);

const children: ChildProcess[] = [];
function start(args: string[], env: Record<string, string> = {}): void {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  child.once('exit', (code) => stop(code ?? 0));
  children.push(child);
}

let isStopping = false;
function stop(code: number): void {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
}
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));

// TypeScript writes into dist on every save; Node restarts the server when dist changes.
start(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']);
start(['--watch', '--watch-preserve-output', 'dist/server/main.js'], { DEMO: '1' });
start(['node_modules/vite/bin/vite.js', '--config', 'client/vite.config.ts'], {
  VITE_EMULATE_HEADSET: '1',
});
