import { HeliaAssetStore } from '../../server/assets/helia.store.ipfs.ts';
import { pseudoRandomBytes } from './assets-bytes.ts';

/** Run as a program: stores one file after another and prints each address once the store has acknowledged it. */
const [folder = '', seedText = '1'] = process.argv.slice(2);
const store = new HeliaAssetStore(folder);
await store.open();
process.stdout.write('open\n');
for (let seed = Number(seedText); ; seed++) {
  // Two uploads of the same content at once: the case in which a shared temporary file would be torn.
  const content = pseudoRandomBytes(3_000_000, seed);
  const [file] = await Promise.all([store.putFile(content), store.putFile(content)]);
  process.stdout.write(`${file.cid}\n`);
}
