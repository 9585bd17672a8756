import * as dagPb from '@ipld/dag-pb';
import type { CID } from '../journal/block.ts';
import { BlockProblem, checkedBlock, type BlockSource } from './journal-walk.ts';

const RAW = 0x55;

/** Reads every block under a UnixFS file and returns the bytes in its raw leaves. Throws a `BlockProblem`. */
export async function measureFile(source: BlockSource, root: CID, what: string): Promise<number> {
  let size = 0;
  const waiting: CID[] = [root];
  const seen = new Map<string, number>();
  for (let cid = waiting.pop(); cid; cid = waiting.pop()) {
    const known = seen.get(cid.toString());
    if (known !== undefined) {
      size += known;
      continue;
    }
    const bytes = await checkedBlock(source, cid, what);
    if (cid.code === RAW) {
      seen.set(cid.toString(), bytes.length);
      size += bytes.length;
    } else if (cid.code === dagPb.code) waiting.push(...dagPb.decode(bytes).Links.map((link) => link.Hash as CID));
    else throw new BlockProblem(cid, `${what}: block ${cid} does not belong to a file`);
  }
  return size;
}
