import { Dice } from '../support/design-arbitraries.ts';
import { FileDevice } from '../support/file-device.ts';
import { doSomething, enterJob } from '../support/offline-shift.ts';
import type { Person } from '../support/people.ts';

/** Run as a program: works in a job, and prints each act that its device has kept. Ends when it is killed. */
const [hallUrl = '', token = '', id = '', room = '', path = '', seed = '1'] = process.argv.slice(2);
const device = new FileDevice(path);
const person = { hallUrl, token, id } as Person;
const session = await enterJob(hallUrl, person, room, device);
const dice = new Dice(Number(seed) + 1);
for (;;) {
  const act = doSomething(session, dice);
  while (device.ledger.at(-1) !== act) await new Promise((resolve) => setImmediate(resolve));
  process.stdout.write(`${act}\n`);
}
