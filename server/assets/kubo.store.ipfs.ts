import { create, type KuboRPCClient } from 'ipfs-http-client';
import type { Block, CID } from '#protocol/journal/block';
import type { CidLike } from './asset.store.ts';
import { DagAssetStore } from './dag-asset.store.ipfs.ts';
import { carOf, type BlockSource, type BlockWriter } from './dag.ipfs.ts';
import { problems } from './problems.ts';
import { collect } from './streams.ts';
import { inlineBytes, parseCid } from './verify.ts';

export interface KuboOptions {
  /** One block read, one status. */
  readonly readTimeoutMs: number;
  /** One upload of up to `batchBytes`. */
  readonly writeTimeoutMs: number;
  /** Pinning reads the whole DAG on the node. */
  readonly pinTimeoutMs: number;
  /** Blocks are sent in CARs of about this size, so memory does not grow with the file. */
  readonly batchBytes: number;
}

export const KUBO_DEFAULTS: KuboOptions = {
  readTimeoutMs: 10_000,
  writeTimeoutMs: 60_000,
  pinTimeoutMs: 300_000,
  batchBytes: 16 * 1024 * 1024,
};

/** Only what the node itself holds: without this a missing block is looked for on the network until the time-out. */
const LOCAL = { offline: true };

/**
 * A Kubo node over its RPC API. The client's own `timeout` option never fires (it tests `isNaN` of a number), so every
 * call carries an abort signal.
 */
export class KuboAssetStore extends DagAssetStore {
  readonly engine: string;
  protected readonly source: BlockSource = { read: (cid) => this.read(cid) };
  private readonly rpc: KuboRPCClient;
  private readonly options: KuboOptions;

  constructor(
    private readonly url: string,
    options: Partial<KuboOptions> = {},
  ) {
    super();
    this.engine = `Kubo at ${url}`;
    this.options = { ...KUBO_DEFAULTS, ...options };
    this.rpc = create({ url });
  }

  /** Fails early, with the address, when nothing listens there. */
  async open(): Promise<void> {
    await this.call(this.options.readTimeoutMs, (signal) => this.rpc.version({ signal }));
  }

  async close(): Promise<void> {}

  async has(cid: CidLike): Promise<boolean> {
    const parsed = parseCid(cid);
    if (inlineBytes(parsed) !== undefined) return true;
    try {
      await this.call(this.options.readTimeoutMs, (signal) => this.rpc.block.stat(parsed, { ...LOCAL, signal }));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async pin(root: CidLike): Promise<void> {
    const cid = parseCid(root);
    try {
      await this.call(this.options.pinTimeoutMs, (signal) =>
        this.rpc.pin.add(cid, { ...LOCAL, recursive: true, signal }),
      );
    } catch (error) {
      throw isNotFound(error) ? problems.blockNotFound(missingIn(error) ?? cid, error) : error;
    }
  }

  async unpin(root: CidLike): Promise<void> {
    const cid = parseCid(root);
    try {
      await this.call(this.options.pinTimeoutMs, (signal) => this.rpc.pin.rm(cid, { recursive: true, signal }));
    } catch (error) {
      if (!/not pinned/i.test(reasonOf(error))) throw error;
    }
  }

  async listPins(): Promise<readonly CID[]> {
    const list = (signal: AbortSignal) => collect(this.rpc.pin.ls({ type: 'recursive', signal }));
    return (await this.call(this.options.pinTimeoutMs, list)).map((pin) => pin.cid);
  }

  protected async remove(blocks: readonly CID[]): Promise<void> {
    for (const cid of blocks)
      await this.call(this.options.writeTimeoutMs, async (signal) => {
        for await (const { error } of this.rpc.block.rm(cid, { force: true, signal })) if (error) throw error;
      });
  }

  protected openWriter(): BlockWriter {
    return new CarUpload(this.options.batchBytes, (blocks, pinned) => this.upload(blocks, pinned));
  }

  private async read(cid: CID): Promise<Uint8Array> {
    try {
      return await this.call(this.options.readTimeoutMs, (signal) => this.rpc.block.get(cid, { ...LOCAL, signal }));
    } catch (error) {
      throw isNotFound(error) ? problems.blockNotFound(cid, error) : error;
    }
  }

  /**
   * One CAR. CIDs were computed here; the node hashes again and refuses what does not match. With `pinned` roots it
   * answers what it pinned, which is compared; without, Kubo answers nothing, so the last block is asked for.
   */
  private async upload(blocks: readonly Block[], pinned: readonly CID[]): Promise<void> {
    const last = blocks.at(-1)?.cid;
    if (last === undefined) {
      for (const root of pinned) await this.pin(root);
      return;
    }
    const roots = pinned.length > 0 ? pinned : [last];
    const answers = await this.call(this.options.writeTimeoutMs, (signal) =>
      collect(this.rpc.dag.import([carOf(roots, inOrder(blocks))], { pinRoots: pinned.length > 0, signal })),
    );
    const got = answers.map(({ root }) => `${root.cid}${root.pinErrorMsg ? ` (${root.pinErrorMsg})` : ''}`);
    for (const root of pinned)
      if (!got.includes(`${root}`)) throw problems.rootMismatch(root, got.join(', ') || 'nothing');
    if (pinned.length === 0 && !(await this.has(last))) throw problems.rootMismatch(last, 'nothing');
  }

  private async call<T>(timeoutMs: number, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await send(signal);
    } catch (error) {
      if (signal.aborted) throw problems.nodeTimeout(this.url, timeoutMs, error);
      if (error instanceof Error && error.name === 'HTTPError') throw problems.nodeFailed(this.url, error);
      throw problems.nodeUnreachable(this.url, error);
    }
  }
}

/** Collects blocks into CARs; roots to pin go with the last one, when everything below them has arrived. */
class CarUpload implements BlockWriter {
  private batch: Block[] = [];
  private batchBytes = 0;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly limitBytes: number,
    private readonly send: (blocks: readonly Block[], pinned: readonly CID[]) => Promise<void>,
  ) {}

  /** Sends before it adds, so the last block of a file, its root, always travels with the pin. */
  async write(block: Block): Promise<void> {
    if (this.batchBytes >= this.limitBytes) await this.flush([]);
    this.batch.push(block);
    this.batchBytes += block.bytes.byteLength;
  }

  async finish(pinned: readonly CID[]): Promise<void> {
    await this.flush(pinned);
  }

  async abandon(): Promise<void> {
    this.batch = [];
    await this.sending.catch(() => undefined);
  }

  /** One CAR at a time: a slow node slows the upload down instead of filling memory. */
  private async flush(pinned: readonly CID[]): Promise<void> {
    const blocks = this.batch;
    this.batch = [];
    this.batchBytes = 0;
    this.sending = this.sending.then(() => this.send(blocks, pinned));
    await this.sending;
  }
}

async function* inOrder(blocks: readonly Block[]): AsyncIterable<Block> {
  yield* blocks;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
}

/** Kubo: "block was not found locally (offline): ipld: could not find bafy…". */
function isNotFound(error: unknown): boolean {
  return /not found|could not find|notfound/i.test(reasonOf(error));
}

function missingIn(error: unknown): CID | undefined {
  const text = /could not find (b[a-z2-7]+)/.exec(reasonOf(error))?.[1];
  return text === undefined ? undefined : parseCid(text);
}
