import * as dagPb from '@ipld/dag-pb';
import { CID, cidOf } from '../journal/block.ts';

/** Profile `unixfs-v1-2025`: leaves of 1 MiB, raw, at most 1024 under one node. */
const LEAF_BYTES = 1024 * 1024;
const MOST_LINKS = 1024;
const RAW = 0x55;
const DAG_PB = 0x70;

interface Node {
  readonly cid: CID;
  /** Bytes of the file below it. */
  readonly fileBytes: number;
  /** Bytes of all blocks below it, its own included. */
  readonly dagBytes: number;
}

/**
 * The address that a hall gives a file (UnixFS, CIDv1), found without one: what is kept on a device has its name before
 * it is sent. Reads a leaf at a time, so a clip of any size takes 1 MiB of memory, and other work goes on in between.
 */
export async function fileCidOf(file: Blob): Promise<string> {
  let level: Node[] = [];
  for (let from = 0; from < file.size || from === 0; from += LEAF_BYTES) {
    const leaf = new Uint8Array(await file.slice(from, from + LEAF_BYTES).arrayBuffer());
    level.push({ cid: cidOf(leaf, RAW), fileBytes: leaf.length, dagBytes: leaf.length });
  }
  while (level.length > 1) {
    const above: Node[] = [];
    for (let at = 0; at < level.length; at += MOST_LINKS) above.push(parentOf(level.slice(at, at + MOST_LINKS)));
    level = above;
  }
  return `${level[0]!.cid}`;
}

function parentOf(children: readonly Node[]): Node {
  const fileBytes = children.reduce((sum, child) => sum + child.fileBytes, 0);
  const bytes = dagPb.encode({
    Data: unixfsFile(
      fileBytes,
      children.map((child) => child.fileBytes),
    ),
    Links: children.map(({ cid, dagBytes }) => ({ Hash: cid, Name: '', Tsize: dagBytes })),
  });
  const below = children.reduce((sum, child) => sum + child.dagBytes, 0);
  return { cid: cidOf(bytes, DAG_PB), fileBytes, dagBytes: below + bytes.length };
}

/** UnixFS `Data` of a file node (github.com/ipfs/specs, UNIXFS.md): type 2, field 3 its size, field 4 each child's. */
function unixfsFile(fileBytes: number, blockBytes: readonly number[]): Uint8Array {
  const out = [0x08, 0x02, 0x18, ...varint(fileBytes)];
  for (const size of blockBytes) out.push(0x20, ...varint(size));
  return Uint8Array.from(out);
}

function varint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest];
    out.push((rest % 128) | 128);
  }
}
