import { Logger } from '@nestjs/common';
import { hexlify, randomBytes, toQuantity, Transaction, Wallet } from 'ethers';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../platform/clock/index.ts';

import { findAnvil, startAnvil, type RunningAnvil, type Spawner } from './anvil-process.ts';
import { BlockLog, type LoggedBlock } from './block-log.ts';
import { Chain, ChainRpcError, chainOff, chainUnreachable, type ChainIdentity } from './chain.ts';
import { readSnapshot, writeSnapshot } from './chain-snapshot.ts';

/** What wallets know as "localhost"; signatures are bound to the contract's address, which differs in every hall. */
const CHAIN_ID = 31337;
const GAS_LIMIT = 30_000_000;
/** As geth: a larger transaction is not relayed on public networks either. */
const MAX_TRANSACTION_BYTES = 128 * 1024;
/** Replaying 200 blocks takes under a second; a snapshot of a small chain 10 ms. */
const SNAPSHOT_EVERY = 200;
/** A node that dies at once again and again is not started a fourth time. */
const RESTARTS_PER_MINUTE = 3;

type Outcome = { kind: 'mined' } | { kind: 'empty' } | { kind: 'refused'; reason: ChainRpcError };

const Identity = z.object({ genesisTime: z.number().int(), hallKey: z.string() });

/**
 * A development chain that never loses what it acknowledged. anvil's own `--state` lost 15-157 blocks on kill -9; here
 * every transaction is fsynced to our log first, then sent, then mined with a time we choose. A start replays the log
 * (from the newest snapshot on) and comes to the same tip hash.
 *
 * One block per transaction, one transaction at a time: order and time are then fully in the log. Gas costs nothing.
 */
export class EmbeddedAnvilChain extends Chain {
  place = 'embedded anvil';
  private readonly logger = new Logger('Chain');
  private node: Promise<RunningAnvil> | undefined;
  private log: BlockLog | undefined;
  private tip = { height: 0, time: 0 };
  /** Transactions wait here for their turn. */
  private queue: Promise<unknown> = Promise.resolve();
  /** The transaction that is being mined now; a restart lets it fail first. */
  private current: Promise<unknown> = Promise.resolve();
  private snapshotHeight = 0;
  private isClosing = false;
  private restarts: number[] = [];

  constructor(
    /** `DATA_DIR/chain` */
    private readonly folder: string,
    private readonly children: Spawner,
    private readonly clock: Clock,
    private readonly binary = findAnvil(),
  ) {
    super();
  }

  async open(): Promise<ChainIdentity> {
    if (!this.binary) throw chainOff('no anvil program was found for this machine.');
    const { genesisTime, hallKey } = this.identity();
    this.writeGenesis(genesisTime, new Wallet(hallKey).address);
    this.tip = { height: 0, time: genesisTime };
    await this.log?.close();
    this.log = await BlockLog.open(join(this.folder, 'blocks.log'));
    this.node = this.start();
    await this.node;
    return { chainId: CHAIN_ID, hallKey };
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.queue.catch(() => undefined);
    const node = await this.node?.catch(() => undefined);
    if (node) {
      if (this.tip.height > this.snapshotHeight) await this.snapshot(node);
      await node.child.stop();
    }
    await this.log?.close();
    this.node = this.log = undefined;
  }

  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method !== 'eth_sendRawTransaction') return (await this.running()).rpc.request(method, params);
    const result = this.queue.then(() => this.mine(params[0]));
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async running(): Promise<RunningAnvil> {
    if (!this.node) throw chainUnreachable(this.place, new Error('it is not open'));
    return this.node.catch((cause) => {
      throw chainUnreachable(this.place, cause);
    });
  }

  private async mine(raw: unknown): Promise<string> {
    const node = await this.running();
    const work = this.mineOn(node, raw);
    this.current = work.catch(() => undefined);
    return work;
  }

  /** Log, send, mine. Everything that could make the node put a transaction aside is refused before it is logged. */
  private async mineOn(node: RunningAnvil, raw: unknown): Promise<string> {
    const transaction = await this.judge(node, raw);
    const height = this.tip.height + 1;
    const time = Math.max(Math.floor(this.clock.nowMs() / 1000), this.tip.time);
    const block = { height, time, raw: transaction.serialized };
    await this.log!.append(block);
    let outcome: Outcome;
    try {
      outcome = await this.put(node, block);
    } catch (thrown) {
      // In the log, so it will be mined: the node is brought back to what the log says.
      if (node.child.isAlive()) await node.child.stop().then(() => this.restart('no answer'));
      throw thrown;
    }
    if (outcome.kind === 'refused') {
      await this.log!.markRefused(height);
      throw outcome.reason;
    }
    this.tip = { height, time };
    if (height - this.snapshotHeight >= SNAPSHOT_EVERY) await this.snapshot(node);
    if (outcome.kind === 'empty') throw new ChainRpcError('the transaction was not included', -32_000);
    return transaction.hash!;
  }

  private async judge(node: RunningAnvil, raw: unknown): Promise<Transaction> {
    const refuse = (message: string) => new ChainRpcError(message, -32_000);
    if (typeof raw !== 'string' || raw.length > 2 * MAX_TRANSACTION_BYTES) throw refuse('oversized data');
    let transaction: Transaction;
    try {
      transaction = Transaction.from(raw);
    } catch {
      throw refuse('not a transaction');
    }
    const { from } = transaction;
    if (!from || !transaction.hash) throw refuse('transaction is not signed');
    if (transaction.chainId !== BigInt(CHAIN_ID)) throw refuse(`invalid chain id, expected ${CHAIN_ID}`);
    if (transaction.type === 3) throw refuse('blob transactions are not supported');
    if (transaction.gasLimit > BigInt(GAS_LIMIT)) throw refuse('exceeds block gas limit');
    const nonce = Number(await node.rpc.request('eth_getTransactionCount', [from, 'latest']));
    if (transaction.nonce !== nonce)
      throw refuse(`nonce too ${transaction.nonce < nonce ? 'low' : 'high'}, expected ${nonce}`);
    return transaction;
  }

  /** The same outcome for the same block, when it is new and when it is replayed. */
  private async put(node: RunningAnvil, { time, raw }: LoggedBlock): Promise<Outcome> {
    let hash: string;
    try {
      hash = (await node.rpc.request('eth_sendRawTransaction', [raw])) as string;
    } catch (reason) {
      if (reason instanceof ChainRpcError) return { kind: 'refused', reason };
      throw reason;
    }
    await node.rpc.request('evm_mine', [time]);
    if (await node.rpc.request('eth_getTransactionReceipt', [hash])) return { kind: 'mined' };
    await node.rpc.request('anvil_dropTransaction', [hash]);
    return { kind: 'empty' };
  }

  /** Starts anvil from the newest snapshot that loads, else from genesis, and replays the rest of the log. */
  private async start(): Promise<RunningAnvil> {
    const snapshot = await readSnapshot(join(this.folder, 'snapshot.json'));
    const blocks = await this.log!.read();
    const last = blocks.at(-1);
    const usable = snapshot && snapshot.height <= (last?.height ?? 0) ? snapshot : undefined;
    let node = await this.spawn();
    let from = 0;
    if (usable) {
      const tip = await node.rpc
        .request('anvil_loadState', [usable.state])
        .then(() => node.rpc.request('eth_getBlockByNumber', [toQuantity(usable.height), false]))
        .catch((thrown: Error) => thrown.message);
      if ((tip as { hash?: string } | null)?.hash === usable.tip) from = usable.height;
      else {
        this.logger.warn(`The snapshot at block ${usable.height} is not usable; replaying the whole log`);
        await node.child.stop();
        node = await this.spawn();
      }
    }
    this.snapshotHeight = from;
    this.tip = { height: from, time: blocks.find((block) => block.height === from)?.time ?? this.tip.time };
    for (const block of blocks) {
      if (block.height <= from) continue;
      const outcome = await this.put(node, block);
      // A crash between the node's refusal and our note of it: never acknowledged, so the note is made now.
      if (outcome.kind === 'refused' && block === last) await this.log!.markRefused(block.height);
      else if (outcome.kind === 'refused')
        throw new Error(`block ${block.height} is refused: ${outcome.reason.message}`);
      else this.tip = { height: block.height, time: block.time };
    }
    const version = String(await node.rpc.request('web3_clientVersion', []));
    this.place = `embedded ${version}`;
    return node;
  }

  private async spawn(): Promise<RunningAnvil> {
    return startAnvil(this.children, {
      binary: this.binary!,
      name: 'anvil',
      home: this.folder,
      args: [
        ...['--init', join(this.folder, 'genesis.json'), '--chain-id', String(CHAIN_ID), '--accounts', '0'],
        ...['--no-mining', '--hardfork', 'prague', '--gas-limit', String(GAS_LIMIT)],
        ...['--base-fee', '0', '--gas-price', '0', '--disable-min-priority-fee'],
        // States of old blocks are not asked for; without this anvil also writes them to the home folder.
        ...['--prune-history', '16'],
      ],
      onUnexpectedExit: (reason) => this.restart(reason),
    });
  }

  private restart(reason: string): void {
    if (this.isClosing || !this.log) return;
    const now = this.clock.nowMs();
    this.restarts = [...this.restarts.filter((at) => now - at < 60_000), now];
    if (this.restarts.length > RESTARTS_PER_MINUTE) {
      this.node = Promise.reject(new Error(`anvil keeps ending (${reason})`));
      this.node.catch(() => undefined);
      return;
    }
    this.logger.warn(`anvil ended (${reason}); starting it again with everything that is in the log`);
    this.node = this.current.then(() => this.start());
    this.node.catch((thrown) => this.logger.error(`The chain did not come back: ${String(thrown)}`));
  }

  private async snapshot(node: RunningAnvil): Promise<void> {
    const { height } = this.tip;
    const [state, tip] = await Promise.all([
      node.rpc.request('anvil_dumpState', []),
      node.rpc.request('eth_getBlockByNumber', [toQuantity(height), false]),
    ]);
    await writeSnapshot(join(this.folder, 'snapshot.json'), {
      height,
      tip: (tip as { hash: string }).hash,
      state: state as string,
    });
    this.snapshotHeight = height;
  }

  private identity(): z.infer<typeof Identity> {
    const path = join(this.folder, 'identity.json');
    if (!existsSync(path)) {
      const fresh = { genesisTime: Math.floor(this.clock.nowMs() / 1000), hallKey: hexlify(randomBytes(32)) };
      writeFileSync(path, JSON.stringify(fresh), { mode: 0o600, flush: true });
    }
    return Identity.parse(JSON.parse(readFileSync(path, 'utf8')));
  }

  /** The hall owns all coins, so that sales and royalties can be tried. */
  private writeGenesis(timestamp: number, hall: string): void {
    const zero = `0x${'0'.repeat(64)}`;
    const genesis = {
      config: { chainId: CHAIN_ID },
      ...{ nonce: '0x0', timestamp: toQuantity(timestamp), gasLimit: toQuantity(GAS_LIMIT), difficulty: '0x0' },
      ...{ mixHash: zero, coinbase: `0x${'0'.repeat(40)}` },
      alloc: { [hall]: { balance: toQuantity(10n ** 24n) } },
    };
    writeFileSync(join(this.folder, 'genesis.json'), JSON.stringify(genesis), { flush: true });
  }
}
