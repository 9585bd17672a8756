/** `npm run verify`: what a person runs before a commit, in well under a minute. */
import { format, lint, lockfile, run, types, unit } from './steps.ts';

let isWell = true;
for (const step of [lockfile, types, lint, format, unit]) isWell = (await run(step)) && isWell;
console.log(isWell ? '\nVerified.' : '\nNot yet; see the lines marked NOT.');
process.exit(isWell ? 0 : 1);
