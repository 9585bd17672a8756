import { sha256 } from '@noble/hashes/sha2.js';
import * as dagCbor from '@ipld/dag-cbor';
import { toHex } from '../ownership/manifest.ts';
import type { OpenedSeal } from './ops.ts';

/**
 * A fault that the instructor injects must be in the journal, or anybody could invent it afterwards, and must not be
 * readable there before the debrief, or trainees would find it with the browser's console. So the hall keeps the fact,
 * puts its hash into the journal, and reveals fact and salt when the run is over. A seal comes every SEAL_EVERY_MS
 * however little happened: neither its being there nor its size says anything.
 *
 * Left aside: encrypting the fact in the journal (the key must be kept and revealed all the same, and size and time
 * would tell), and sending each person another journal (then there is no one hash to agree on).
 */
export const SEAL_EVERY_MS = 15_000;
/** A fact may reach the hall's memory a little after the seal that its time belongs to. */
export const SEAL_LAG_MS = 5_000;

export const commitmentOf = (run: string, slot: number, { salt, facts }: OpenedSeal): string =>
  toHex(sha256(dagCbor.encode(['workhall.seal.1', run, slot, salt, facts])));
