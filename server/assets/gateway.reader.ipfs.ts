import type { WorkhallError } from '#protocol/errors';
import type { CID } from '#protocol/journal/block';
import type { AssetReader, ByteRange, CidLike } from './asset.store.ts';
import * as dag from './dag.ipfs.ts';
import { problems } from './problems.ts';
import { readWhole } from './streams.ts';
import { MAX_BLOCK_BYTES, parseCid } from './verify.ts';

const TIMEOUT_MS = 30_000;

/**
 * Reads through any trustless IPFS gateway: a Workhall server, Kubo's port 8080, a public one. It is trusted with
 * nothing: blocks are fetched one by one and checked here.
 */
export class GatewayReader implements AssetReader {
  private readonly source: dag.BlockSource = { read: (cid) => this.fetchBlock(cid) };

  /** `url`: where `/ipfs/<cid>` lives, such as `http://localhost:2567`. */
  constructor(
    private readonly url: string,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async getBlock(cid: CidLike): Promise<Uint8Array> {
    return dag.readBlock(this.source, parseCid(cid));
  }

  async getFile(cid: CidLike): Promise<Uint8Array> {
    return readWhole(this.streamFile(cid));
  }

  streamFile(cid: CidLike, range?: ByteRange): AsyncIterable<Uint8Array> {
    return dag.streamFile(this.source, parseCid(cid), range);
  }

  async fileSize(cid: CidLike): Promise<number> {
    return dag.fileSize(this.source, parseCid(cid));
  }

  async *walk(root: CidLike): AsyncIterable<CID> {
    for await (const { cid } of dag.walkBlocks(this.source, [parseCid(root)])) yield cid;
  }

  exportCar(roots: readonly CidLike[]): AsyncIterable<Uint8Array> {
    const cids = roots.map(parseCid);
    return dag.carOf(cids, dag.walkBlocks(this.source, cids));
  }

  private async fetchBlock(cid: CID): Promise<Uint8Array> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const headers = { accept: 'application/vnd.ipld.raw' };
      const answer = await fetch(new URL(`/ipfs/${cid}?format=raw`, this.url), { headers, signal });
      if (answer.status === 404 || answer.status === 410) throw problems.blockNotFound(cid);
      if (!answer.ok) throw await refusal(this.url, cid, answer);
      return await readLimited(cid, answer);
    } catch (error) {
      if (signal.aborted) throw problems.nodeTimeout(this.url, this.timeoutMs, error);
      throw error instanceof TypeError ? problems.nodeUnreachable(this.url, error) : error;
    }
  }
}

/** A Workhall gateway says itself that a block it holds is damaged; other refusals are passed on in its own words. */
async function refusal(url: string, cid: CID, answer: Response): Promise<WorkhallError> {
  const text = (await answer.text()).slice(0, 500);
  if (text.includes('"block_corrupt"')) return problems.blockCorrupt(cid);
  return problems.nodeFailed(url, new Error(`HTTP ${answer.status}: ${text}`));
}

/** No block is larger than what nodes exchange, so a hostile gateway cannot fill our memory. */
async function readLimited(cid: CID, { body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BLOCK_BYTES) throw problems.blockTooLarge(cid, size, MAX_BLOCK_BYTES);
    chunks.push(chunk);
  }
  return readWhole(chunks);
}
