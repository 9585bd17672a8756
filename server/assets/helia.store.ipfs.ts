import { join } from 'node:path';
import * as dagCbor from '@ipld/dag-cbor';
import { FsDatastore } from 'datastore-fs';
import { createHeliaLight, type GraphNode, type GraphWalkerFactory, type Helia } from 'helia';
import { Block as DagBlock } from 'multiformats/block';
import type { Block, CID } from '#protocol/journal/block';
import type { CidLike } from './asset.store.ts';
import { DagAssetStore } from './dag-asset.store.ipfs.ts';
import { walkBlocks, type BlockSource, type BlockWriter } from './dag.ipfs.ts';
import { DurableBlockstore } from './durable-blockstore.ipfs.ts';
import { collect } from './streams.ts';
import { inlineBytes, parseCid } from './verify.ts';

/** Blocks on their way to the disk at once; more only queues up in Node's four file threads. */
const WRITES_IN_FLIGHT = 16;

/**
 * The embedded node: Helia without network, blocks in `<folder>/blocks`, pins in `<folder>/pins`.
 * Reads and writes go past `helia.blockstore`, which trusts whatever lies on disk; see `DurableBlockstore`.
 */
export class HeliaAssetStore extends DagAssetStore {
  readonly engine = 'embedded Helia';
  protected readonly source: DurableBlockstore;
  private readonly helia: Helia;
  private readonly datastore: FsDatastore;
  private pinning: Promise<void> = Promise.resolve();
  /**
   * Helia's own walkers reject in the air when a block is missing, which ends a Node process, and keep the whole path of
   * every node, which on a journal of n entries is n²/2 addresses.
   */
  private readonly walker: GraphWalkerFactory = () => ({ walk: (root) => walkNodes(this.source, root) });

  constructor(folder: string) {
    super();
    this.source = new DurableBlockstore(folder);
    this.datastore = new FsDatastore(join(folder, 'pins'));
    this.helia = createHeliaLight({ blockstore: this.source, datastore: this.datastore, codecs: [dagCbor] });
  }

  async open(): Promise<void> {
    await this.source.open();
    await this.datastore.open();
    await this.helia.start();
  }

  async close(): Promise<void> {
    await this.helia.stop();
    await this.datastore.close();
    await this.source.close();
  }

  async has(cid: CidLike): Promise<boolean> {
    const parsed = parseCid(cid);
    return inlineBytes(parsed) !== undefined || (await this.source.has(parsed));
  }

  async pin(root: CidLike): Promise<void> {
    const cid = parseCid(root);
    await this.oneByOne(async () => {
      try {
        for await (const _ of this.helia.pins.add(cid, { walker: this.walker }));
      } catch (error) {
        if (!isNamed(error, 'AlreadyPinnedError')) throw error;
      }
    });
  }

  async unpin(root: CidLike): Promise<void> {
    const cid = parseCid(root);
    await this.oneByOne(async () => {
      try {
        for await (const _ of this.helia.pins.rm(cid, { walker: this.walker }));
      } catch (error) {
        if (!isNamed(error, 'NotFoundError')) throw error;
      }
    });
  }

  async listPins(): Promise<readonly CID[]> {
    return (await collect(this.helia.pins.ls())).map((pin) => pin.cid);
  }

  /** Helia counts pins per block by read, add, write: two at a time would lose a count. */
  private oneByOne(work: () => Promise<void>): Promise<void> {
    const turn = this.pinning.then(work);
    this.pinning = turn.catch(() => undefined);
    return turn;
  }

  protected openWriter(): BlockWriter {
    return new DiskWriter(this.source, (root) => this.pin(root));
  }
}

/** Keeps a few writes in flight, remembers the folders they touched, flushes those once at the end. */
class DiskWriter implements BlockWriter {
  private readonly folders = new Set<string>();
  private readonly inFlight = new Set<Promise<void>>();
  private failures: unknown[] = [];

  constructor(
    private readonly blocks: DurableBlockstore,
    private readonly pin: (root: CID) => Promise<void>,
  ) {}

  async write(block: Block): Promise<void> {
    while (this.inFlight.size >= WRITES_IN_FLIGHT) await Promise.race(this.inFlight);
    this.throwFailure();
    const writing = this.blocks
      .write(block)
      .then((folders) => folders.forEach((folder) => this.folders.add(folder)))
      .catch((error: unknown) => void this.failures.push(error))
      .finally(() => this.inFlight.delete(writing));
    this.inFlight.add(writing);
  }

  async finish(pinned: readonly CID[]): Promise<void> {
    await this.abandon();
    this.throwFailure();
    await this.blocks.flush(this.folders);
    for (const root of pinned) await this.pin(root);
  }

  async abandon(): Promise<void> {
    await Promise.all(this.inFlight);
  }

  private throwFailure(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }
}

async function* walkNodes<T>(source: BlockSource, root: CID): AsyncGenerator<GraphNode<T>> {
  for await (const { cid, bytes } of walkBlocks(source, [root])) {
    // Pinning looks at addresses only, so the value stays undecoded.
    yield { block: new DagBlock<T, number, number, 0 | 1>({ cid, bytes, value: null as T }), depth: 0, path: [] };
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
