import { join } from 'node:path';
import * as dagCbor from '@ipld/dag-cbor';
import type { GraphNode, GraphWalkerFactory, Helia } from 'helia';
import { Block as DagBlock } from 'multiformats/block';
import type { Block, CID } from '#protocol/journal/block';
import type { CidLike } from './asset.store.ts';
import { DagAssetStore } from './dag-asset.store.ipfs.ts';
import { walkBlocks, type BlockWriter } from './dag.ipfs.ts';
import { DurableBlockstore } from './durable-blockstore.ipfs.ts';
import { DurableDatastore } from './durable-datastore.ipfs.ts';
import { DurableFiles } from './durable-file.ts';
import { createLightNode } from './helia-light.ipfs.ts';
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
  private helia?: Helia;
  private readonly datastore: DurableDatastore;
  private readonly files: DurableFiles;
  private pinning: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    super();
    this.files = new DurableFiles(join(folder, 'incoming'));
    this.source = new DurableBlockstore(join(folder, 'blocks'), this.files);
    this.datastore = new DurableDatastore(join(folder, 'pins'), this.files);
  }

  async open(): Promise<void> {
    await this.files.open();
    await this.source.open();
    await this.datastore.open();
    this.helia = await createLightNode({ blockstore: this.source, datastore: this.datastore, codecs: [dagCbor] });
    await this.helia.start();
  }

  async close(): Promise<void> {
    await this.helia?.stop();
    await this.datastore.close();
    await this.source.close();
  }

  async has(cid: CidLike): Promise<boolean> {
    const parsed = parseCid(cid);
    return inlineBytes(parsed) !== undefined || (await this.source.has(parsed));
  }

  async pin(root: CidLike): Promise<void> {
    const cid = parseCid(root);
    // The whole DAG is read and checked before it is promised.
    for await (const _ of walkBlocks(this.source, [cid]));
    await this.record(cid);
  }

  private get pins(): Helia['pins'] {
    if (!this.helia) throw new Error('the asset store is used before open()');
    return this.helia.pins;
  }

  private async record(cid: CID): Promise<void> {
    await this.oneByOne(async () => {
      try {
        for await (const _ of this.pins.add(cid, { walker: rootOnly }));
      } catch (error) {
        if (!isNamed(error, 'AlreadyPinnedError')) throw error;
      }
    });
  }

  async unpin(root: CidLike): Promise<void> {
    const cid = parseCid(root);
    await this.oneByOne(async () => {
      try {
        for await (const _ of this.pins.rm(cid, { walker: rootOnly }));
      } catch (error) {
        if (!isNamed(error, 'NotFoundError')) throw error;
      }
    });
  }

  async listPins(): Promise<readonly CID[]> {
    return (await collect(this.pins.ls())).map((pin) => pin.cid);
  }

  /** Helia counts pins per block by read, add, write: two at a time would lose a count. */
  private oneByOne(work: () => Promise<void>): Promise<void> {
    const turn = this.pinning.then(work);
    this.pinning = turn.catch(() => undefined);
    return turn;
  }

  protected async remove(blocks: readonly CID[]): Promise<void> {
    for (const cid of blocks) await this.source.delete(cid);
  }

  protected openWriter(): BlockWriter {
    return new DiskWriter(this.source, this.files, (root, isComplete) =>
      isComplete ? this.record(root) : this.pin(root),
    );
  }
}

/** Keeps a few writes in flight, remembers the folders they touched, flushes those once at the end. */
class DiskWriter implements BlockWriter {
  private readonly folders = new Set<string>();
  private readonly inFlight = new Set<Promise<void>>();
  private failures: unknown[] = [];

  constructor(
    private readonly blocks: DurableBlockstore,
    private readonly files: DurableFiles,
    private readonly pin: (root: CID, isComplete: boolean) => Promise<void>,
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

  async finish(pinned: readonly CID[], isComplete: boolean): Promise<void> {
    await this.abandon();
    this.throwFailure();
    await this.files.flush(this.folders);
    for (const root of pinned) await this.pin(root, isComplete);
  }

  async abandon(): Promise<void> {
    await Promise.all(this.inFlight);
  }

  private throwFailure(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }
}

/**
 * Helia keeps a record of every block below a pin, one file each: 4 s for a journal of 10 000 entries, again for every
 * revision. Its walkers also keep the path of every node (n²/2 addresses on a chain) and reject in the air when a block
 * is missing, which ends the process. So a pin records its root only. `helia.gc` must therefore never be called: what
 * collects garbage here has to walk from `listPins`.
 */
const rootOnly: GraphWalkerFactory = () => ({
  async *walk<T>(cid: CID): AsyncGenerator<GraphNode<T>> {
    const block = new DagBlock<T, number, number, 0 | 1>({ cid, bytes: new Uint8Array(), value: null as T });
    yield { block, depth: 0, path: [] };
  },
});

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
