import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { manifestOfDigest } from '#protocol/ownership/manifest';
import { verifyToken, type Report } from '#protocol/ownership/verify';
import { chooseAssetStore, GatewayReader } from '../assets/index.ts';
import { SystemClock } from '../platform/clock/index.ts';
import type { Config } from '../platform/config/index.ts';
import { ChildProcesses, DataFolder } from '../platform/processes/index.ts';
import { chooseChain, knownContract } from './hall-chain.service.ts';
import { prefetchingJournal } from './journal-prefetch.ts';
import { RevisionsContract, type RpcRequest } from './revisions.chain.ts';
import { RpcClient } from './rpc-client.ts';

/** Where the proof comes from. Neither endpoint is trusted with anything but what the chain itself says. */
export interface Endpoints {
  /** JSON-RPC of the chain. */
  readonly rpc: string;
  /** Any trustless IPFS gateway. */
  readonly gateway: string;
  /** Address of the contract. */
  readonly contract: string;
}

/** With nothing but a chain and a gateway: what anyone anywhere can do. */
export async function verifyOverNetwork(
  tokenId: string,
  { rpc, gateway, contract: address }: Endpoints,
): Promise<Report> {
  const client = new RpcClient(rpc, new URL(rpc).host);
  const request: RpcRequest = (method, params) => client.request(method, params);
  const contract = new RevisionsContract(request, Number(await request('eth_chainId', [])), address, null);
  if (!(await contract.isDeployed())) throw noContract(address, rpc);
  const reader = new GatewayReader(gateway);
  const single = (cid: Parameters<GatewayReader['getBlock']>[0]) => reader.getBlock(cid);
  const token = await contract.token(tokenId);
  return verifyToken(tokenId, {
    blocks: token ? prefetchingJournal(gateway, manifestOfDigest(token.manifestDigest), single) : single,
    token: async (id) => (id === tokenId ? token : contract.token(id)),
    isSignedBy: (account, terms, signature) => contract.isSignedBy(account, terms, signature),
  });
}

/** The same from the data folder of a hall that is not running: its chain log and its blocks, no server, no database. */
export async function verifyFromFolder(tokenId: string, config: Config): Promise<Report> {
  const { dataDir } = config.tree;
  // Looking must not leave anything behind where there never was a hall.
  const deployments = join(dataDir, 'chain', 'contracts.json');
  if (!existsSync(deployments)) throw noHall(dataDir);
  const folder = await DataFolder.open(dataDir);
  const children = new ChildProcesses(folder);
  await children.endOrphans();
  const chain = chooseChain(config, folder.folder('chain'), children, new SystemClock());
  const assets = await chooseAssetStore(config);
  try {
    const { chainId } = await chain.open();
    await assets.open();
    const known = knownContract(deployments, config, chain, chainId);
    if (!known) throw noHall(dataDir);
    const request: RpcRequest = (method, params) => chain.request(method, params);
    const contract = new RevisionsContract(request, chainId, known.address, null, known.block);
    return await verifyToken(tokenId, {
      blocks: (cid) => assets.getBlock(cid),
      token: (id) => contract.token(id),
      isSignedBy: (account, terms, signature) => contract.isSignedBy(account, terms, signature),
    });
  } finally {
    await chain.close();
    await assets.close();
    await children.stopAll();
    folder.release();
  }
}

const HallChainView = z.object({ isOn: z.boolean(), detail: z.string(), contract: z.string().nullable() });

/** What a running hall says of its chain; null when no hall answers there. */
export async function askHall(url: string): Promise<{ rpc: string; contract: string } | null> {
  let answer: unknown;
  try {
    const response = await fetch(new URL('/api/chain', url), { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) return null;
    answer = await response.json();
  } catch {
    // Nothing listens there.
    return null;
  }
  const view = HallChainView.safeParse(answer);
  if (!view.success) return null;
  if (!view.data.contract) throw new WorkhallError('ownership', 'chain_off', view.data.detail, { status: 503 });
  return { rpc: new URL('/api/chain/rpc', url).toString(), contract: view.data.contract };
}

const noHall = (dataDir: string): WorkhallError =>
  new WorkhallError('ownership', 'no_hall', `No hall is running here, and ${dataDir} holds no chain with tokens.`, {
    facts: { dataDir },
    next: 'Name a hall with --hall, a data folder with --data, or --rpc, --ipfs and --contract together.',
    status: 404,
  });

const noContract = (address: string, place: string): WorkhallError =>
  new WorkhallError('ownership', 'no_contract', `There is no contract for revisions at ${address} on ${place}.`, {
    facts: { address, place },
    next: 'Give its address with --contract; the page of a token shows it.',
    status: 404,
  });
