import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { Fleet } from '../platform/fleet/index.ts';
import { Health, type PartState } from '../platform/health/index.ts';
import { ChildProcesses, DataFolder } from '../platform/processes/index.ts';
import { AbsentChain } from './absent.chain.ts';
import { findAnvil } from './anvil-process.ts';
import type { Chain, ChainIdentity } from './chain.ts';
import { EmbeddedAnvilChain } from './embedded-anvil.chain.ts';
import { ExternalRpcChain } from './external-rpc.chain.ts';
import type { OwnershipTables } from './ownership.migrations.ts';
import { noHallKey, RevisionsContract } from './revisions.chain.ts';

const Deployment = z.object({ address: z.string(), block: z.number().int() });
const Deployments = z.record(z.string(), Deployment);

/** An endpoint that did not answer is asked again at most this often, ms. */
const RETRY_MS = 5_000;

/** The chain this hall uses, opened, with our contract on it. */
@Injectable()
export class HallChain implements OnModuleInit, OnApplicationShutdown {
  readonly chain: Chain;
  private readonly logger = new Logger('Chain');
  private readonly deploymentsFile: string;
  private opening: Promise<RevisionsContract> | undefined;
  private failedAtMs = 0;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly health: Health,
    private readonly fleet: Fleet,
    private readonly database: Database,
    folder: DataFolder,
    children: ChildProcesses,
  ) {
    const path = folder.folder('chain');
    this.deploymentsFile = join(path, 'contracts.json');
    this.chain = chooseChain(config, path, children, clock);
  }

  async onModuleInit(): Promise<void> {
    this.health.register('chain', () => this.check());
    await this.contract().catch((thrown: Error) => this.logger.warn(thrown.message));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opening?.catch(() => undefined);
    await this.chain.close();
  }

  /** The contract, or a `WorkhallError` (503) that says why there is none. */
  async contract(): Promise<RevisionsContract> {
    if (!this.opening) {
      this.opening = this.open();
      this.opening.catch(() => (this.failedAtMs = this.clock.nowMs()));
    }
    try {
      return await this.opening;
    } catch (thrown) {
      if (this.clock.nowMs() - this.failedAtMs > RETRY_MS) this.opening = undefined;
      throw thrown;
    }
  }

  /** A sentence for the page of a revision, or null when minting works. */
  async problem(): Promise<string | null> {
    return this.contract().then(
      () => null,
      (thrown: Error) => (thrown instanceof WorkhallError ? thrown.message : 'The chain does not work at the moment.'),
    );
  }

  private async open(): Promise<RevisionsContract> {
    const identity = await this.chain.open();
    // Of several processes that start together one deploys, and the others find its contract.
    return this.fleet.exclusively('chain.deploy', () => this.findOrDeploy(identity));
  }

  private async findOrDeploy(identity: ChainIdentity): Promise<RevisionsContract> {
    const request = (method: string, params: readonly unknown[]) => this.chain.request(method, params);
    const name = deploymentName(this.config, this.chain, identity.chainId);
    const known = this.fleet.isShared
      ? await this.sharedContract(identity.chainId)
      : deploymentsIn(this.deploymentsFile)[name];
    if (known) {
      const contract = new RevisionsContract(request, identity.chainId, known.address, identity.hallKey, known.block);
      if (await contract.isDeployed()) return contract;
      this.logger.warn(`There is no contract at ${known.address} any more: the chain was reset`);
    }
    return this.deploy(request, identity, name);
  }

  private async deploy(
    request: (method: string, params: readonly unknown[]) => Promise<unknown>,
    { chainId, hallKey }: ChainIdentity,
    name: string,
  ): Promise<RevisionsContract> {
    if (!hallKey) throw noHallKey();
    const deployed = await RevisionsContract.deploy(request, chainId, hallKey);
    if (this.fleet.isShared) await this.shareContract(chainId, deployed);
    const all = { ...deploymentsIn(this.deploymentsFile), [name]: deployed };
    writeFileSync(this.deploymentsFile, `${JSON.stringify(all, null, 2)}\n`, { flush: true });
    this.logger.log(`Contract for revisions deployed at ${deployed.address} (chain ${chainId})`);
    return new RevisionsContract(request, chainId, deployed.address, hallKey, deployed.block);
  }

  private async sharedContract(chainId: number): Promise<z.infer<typeof Deployment> | undefined> {
    const contracts = this.database.of<OwnershipTables>().selectFrom('chain_contract');
    return contracts.select(['address', 'block']).where('chain_id', '=', chainId).executeTakeFirst();
  }

  private async shareContract(chainId: number, deployed: z.infer<typeof Deployment>): Promise<void> {
    await this.database
      .of<OwnershipTables>()
      .insertInto('chain_contract')
      .values({ chain_id: chainId, ...deployed })
      .onConflict((conflict) => conflict.column('chain_id').doUpdateSet(deployed))
      .execute();
  }

  /** A hall without a chain is a choice and healthy; a chain that is set and does not work is not. */
  private async check(): Promise<PartState> {
    if (this.chain instanceof AbsentChain) {
      return { ok: true, detail: `${this.chain.place} Set CHAIN_RPC_URL, or put anvil on the PATH, to mint tokens.` };
    }
    const { address, chainId } = await this.contract();
    const height = Number(await this.chain.request('eth_blockNumber', []));
    return { ok: true, detail: `${this.chain.place}, chain ${chainId}, block ${height}, contract ${address}` };
  }
}

/** `CHAIN_RPC_URL`, else the embedded chain, else none. Not opened yet. */
export function chooseChain({ tree }: Config, folder: string, children: ChildProcesses, clock: Clock): Chain {
  if (tree.chainRpcUrl) return new ExternalRpcChain(tree.chainRpcUrl, tree.chainDeployerKey ?? null);
  const binary = findAnvil();
  if (!binary) return new AbsentChain('no anvil program was found for this machine.');
  return new EmbeddedAnvilChain(folder, children, clock, binary);
}

/** Where this installation has put its contract, or undefined. */
export function knownContract(
  file: string,
  config: Config,
  chain: Chain,
  chainId: number,
): z.infer<typeof Deployment> | undefined {
  return deploymentsIn(file)[deploymentName(config, chain, chainId)];
}

/** Chain ids are not unique (every development chain is 31337), so the endpoint's host goes with it. */
function deploymentName({ tree }: Config, chain: Chain, chainId: number): string {
  return `${tree.chainRpcUrl ? chain.place : 'embedded'}/${chainId}`;
}

function deploymentsIn(file: string): z.infer<typeof Deployments> {
  return existsSync(file) ? Deployments.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}
