import {
  Contract,
  ContractFactory,
  Interface,
  JsonRpcApiProvider,
  Network,
  Wallet,
  isError,
  toQuantity,
  verifyTypedData,
  type JsonRpcPayload,
  type JsonRpcResult,
} from 'ethers';
import { WorkhallError } from '#protocol/errors';
import { MINT_TYPES, signingDomain, type MintTerms, type SigningDomain } from '#protocol/ownership/mint-terms';
import type { ShareHolder } from '#protocol/ownership/contributor-tree';
import type { TokenFacts } from '#protocol/ownership/verify';
import { workhallRevisionsAbi, workhallRevisionsBytecode } from '../../contracts/abi/workhall-revisions.ts';
import { ChainRpcError } from './chain.ts';

const ABI = new Interface(workhallRevisionsAbi);
const ERC1271_MAGIC = '0x1626ba7e';

/** Anything that answers JSON-RPC: a `Chain`, or an HTTP endpoint in the CLI. */
export type RpcRequest = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** ethers over our own transport; its caches and batches are off, they cost 10 ms a call and hide the newest block. */
class RequestProvider extends JsonRpcApiProvider {
  constructor(
    private readonly request: RpcRequest,
    chainId: number,
  ) {
    const network = Network.from(chainId);
    super(network, {
      staticNetwork: network,
      batchMaxCount: 1,
      batchStallTime: 0,
      cacheTimeout: -1,
      pollingInterval: 250,
    });
    this._start();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return Promise.all(
      payloads.map(async ({ id, method, params }) => {
        try {
          return { id, result: await this.request(method, params as unknown[]) } as JsonRpcResult;
        } catch (thrown) {
          if (!(thrown instanceof ChainRpcError)) throw thrown;
          const { code, message, data } = thrown;
          return { id, error: { code, message, data } } as unknown as JsonRpcResult;
        }
      }),
    );
  }
}

export interface MintRequest {
  readonly terms: MintTerms;
  readonly holders: readonly ShareHolder[];
  /** In the order of `holders`; of a large group the first holder of the token alone. */
  readonly signatures: readonly string[];
}

export interface Minted {
  readonly tokenId: string;
  readonly transaction: string;
  readonly gasUsed: bigint;
}

export interface TokenPage extends TokenFacts {
  readonly owner: string;
  readonly mintedAt: number;
  readonly royaltyBps: number;
  readonly splitter: string;
  readonly transaction: string | null;
}

/** How long a public network may take to put a transaction into a block. */
const INCLUSION_TIMEOUT_MS = 120_000;

/** Fast chains put several blocks into one second. */
const SAME_TIME_BLOCKS = 32;

/** The deployed contract, in the words of the hall. One instance sends one transaction at a time (nonces). */
export class RevisionsContract {
  readonly domain: SigningDomain;
  private readonly provider: RequestProvider;
  private readonly contract: Contract;
  private sending: Promise<unknown> = Promise.resolve();

  constructor(
    request: RpcRequest,
    readonly chainId: number,
    readonly address: string,
    private readonly hallKey: string | null,
    /** Block of the deployment: nothing of ours is older. */
    private readonly firstBlock = 0,
  ) {
    this.provider = new RequestProvider(request, chainId);
    this.contract = new Contract(address, ABI, this.provider);
    this.domain = signingDomain(chainId, address);
  }

  /** Account of this hall on the chain; null when it has no key. */
  get hallAddress(): string | null {
    return this.hallKey ? new Wallet(this.hallKey).address : null;
  }

  /** For work whose author is nobody who could sign (a seeded demo): the hall holds that share and signs for it. */
  async signAsHall(terms: MintTerms): Promise<string> {
    if (!this.hallKey) throw noHallKey();
    return new Wallet(this.hallKey).signTypedData(this.domain, mintTypes(), terms);
  }

  /** Deploys a new contract whose admin and attester is the hall. */
  static async deploy(
    request: RpcRequest,
    chainId: number,
    hallKey: string,
  ): Promise<{ address: string; block: number }> {
    const wallet = new Wallet(hallKey, new RequestProvider(request, chainId));
    const factory = new ContractFactory(workhallRevisionsAbi, workhallRevisionsBytecode, wallet);
    const contract = await factory.deploy(wallet.address, wallet.address);
    const receipt = await contract.deploymentTransaction()!.wait(1, INCLUSION_TIMEOUT_MS);
    return { address: await contract.getAddress(), block: receipt?.blockNumber ?? 0 };
  }

  /** Whether our contract answers there: a development chain that was reset has nothing at the old address. */
  async isDeployed(): Promise<boolean> {
    if ((await this.provider.getCode(this.address)) === '0x') return false;
    return (await this.read('supportsInterface', ['0x80ac58cd'])) as boolean;
  }

  async mint({ terms, holders, signatures }: MintRequest): Promise<Minted> {
    if (!this.hallKey) throw noHallKey();
    const wallet = new Wallet(this.hallKey, this.provider);
    const signed = this.contract.connect(wallet) as Contract;
    const isLarge = signatures.length < holders.length;
    const send = async () => {
      const transaction = isLarge
        ? await signed.getFunction('mintLarge')(terms, holders.length, signatures[0])
        : await signed.getFunction('mint')(terms, holders, signatures);
      return (await transaction.wait(1, INCLUSION_TIMEOUT_MS)) as { hash: string; gasUsed: bigint };
    };
    const turn = this.sending.then(send);
    this.sending = turn.catch(() => undefined);
    try {
      const receipt = await turn;
      const tokenId = await this.tokenOf(terms.manifestDigest);
      if (tokenId === null) throw new Error('the mint is in a block, but the token is not there');
      return { tokenId, transaction: receipt.hash, gasUsed: receipt.gasUsed };
    } catch (thrown) {
      throw explain(thrown);
    }
  }

  /** Token id of a manifest, or null. */
  async tokenOf(manifestDigest: string): Promise<string | null> {
    const id = (await this.read('tokenOf', [manifestDigest])) as bigint;
    return id === 0n ? null : id.toString();
  }

  /** Everything the chain says of a token; null when there is none. */
  async token(tokenId: string): Promise<TokenPage | null> {
    const total = (await this.read('totalMinted', [])) as bigint;
    if (!/^\d{1,78}$/.test(tokenId) || BigInt(tokenId) < 1n || BigInt(tokenId) > total) return null;
    const revision = (await this.read('revisionOf', [tokenId])) as Record<string, unknown>;
    const [parents, owner, splitter, event] = await Promise.all([
      this.read('parentsOf', [tokenId]) as Promise<bigint[]>,
      this.read('ownerOf', [tokenId]) as Promise<string>,
      this.read('splitterOf', [tokenId]) as Promise<string>,
      this.mintTransaction(tokenId, Number(revision['mintedAt'])),
    ]);
    return {
      tokenId,
      manifestDigest: String(revision['manifestDigest']),
      contributorsRoot: String(revision['contributorsRoot']),
      contributorCount: Number(revision['contributorCount']),
      unanimous: Boolean(revision['unanimous']),
      parentTokens: parents.map(String),
      owner,
      splitter,
      royaltyBps: Number(revision['royaltyBps']),
      mintedAt: Number(revision['mintedAt']) * 1000,
      transaction: event?.hash ?? null,
      mint: event ? mintOf(event.data) : null,
    };
  }

  /** EOA by recovery, contract wallets by asking them (ERC-1271). */
  async isSignedBy(account: string, terms: MintTerms, signature: string): Promise<boolean> {
    const code = await this.provider.getCode(account);
    if (code === '0x') return recovers(this.domain, terms, signature, account);
    const wallet = new Contract(
      account,
      ['function isValidSignature(bytes32,bytes) view returns (bytes4)'],
      this.provider,
    );
    try {
      const digest = await this.read('mintDigest', [terms]);
      return (await wallet.getFunction('isValidSignature')(digest, signature)) === ERC1271_MAGIC;
    } catch (thrown) {
      if (isError(thrown, 'CALL_EXCEPTION') || isError(thrown, 'BAD_DATA')) return false;
      throw thrown;
    }
  }

  /** Null where the node keeps no logs that old. */
  private async mintTransaction(tokenId: string, mintedAtS: number): Promise<{ hash: string; data: string } | null> {
    const topics = ABI.encodeFilterTopics('RevisionMinted', [tokenId]);
    const search = (from: number, to: number | 'latest') => {
      const toBlock = to === 'latest' ? to : toQuantity(to);
      return this.provider.getLogs({ address: this.address, topics, fromBlock: toQuantity(from), toBlock });
    };
    let logs: Awaited<ReturnType<typeof search>>;
    try {
      logs = await search(this.firstBlock, 'latest');
    } catch (thrown) {
      // Public endpoints limit the range; the token knows its time, so its block is found by halving.
      if (!isRefusal(thrown)) throw thrown;
      const block = await this.blockAt(mintedAtS);
      logs = await search(block, block + SAME_TIME_BLOCKS).catch(() => []);
    }
    const transaction = logs[0] && (await this.provider.getTransaction(logs[0].transactionHash));
    return transaction ? { hash: transaction.hash, data: transaction.data } : null;
  }

  /** First block that is not older than `timeS` (Unix seconds). */
  private async blockAt(timeS: number): Promise<number> {
    let [low, high] = [this.firstBlock, await this.provider.getBlockNumber()];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (((await this.provider.getBlock(middle))?.timestamp ?? 0) < timeS) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private async read(name: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.contract.getFunction(name)(...parameters);
    } catch (thrown) {
      throw explain(thrown);
    }
  }
}

/** ethers wants arrays it may change. */
export const mintTypes = () => ({ RevisionMint: MINT_TYPES.RevisionMint.map((field) => ({ ...field })) });

/** The node answered, and said no: ethers has several names for that. */
const isRefusal = (thrown: unknown): boolean =>
  isError(thrown, 'UNKNOWN_ERROR') || isError(thrown, 'SERVER_ERROR') || isError(thrown, 'BAD_DATA');

function recovers(domain: SigningDomain, terms: MintTerms, signature: string, account: string): boolean {
  try {
    return verifyTypedData(domain, mintTypes(), terms, signature).toLowerCase() === account.toLowerCase();
  } catch {
    // Not a signature at all.
    return false;
  }
}

/** Terms and signatures out of a mint's call data; null when it came by another way than a direct call. */
function mintOf(data: string): TokenFacts['mint'] {
  const call = ABI.parseTransaction({ data });
  if (!call || !['mint', 'mintWithAttestation', 'mintLarge'].includes(call.name)) return null;
  const [terms] = call.args as unknown as [{ [key: string]: unknown; parentTokens: bigint[]; owner: string }];
  const plain: MintTerms = {
    manifestDigest: String(terms['manifestDigest']),
    contributorsRoot: String(terms['contributorsRoot']),
    parentTokens: terms.parentTokens.map(String),
    owner: terms.owner,
    royaltyBps: Number(terms['royaltyBps']),
    deadline: String(terms['deadline']),
  };
  if (call.name === 'mintLarge')
    return { terms: plain, signatures: [{ account: terms.owner, signature: call.args[2] }] };
  const holders = call.args[1] as { account: string }[];
  const signatures = call.args[2] as string[];
  return { terms: plain, signatures: holders.map(({ account }, i) => ({ account, signature: signatures[i]! })) };
}

export const noHallKey = (): WorkhallError =>
  new WorkhallError('ownership', 'no_hall_key', 'This hall can read tokens on the chain but has no key to mint with.', {
    next: 'Set CHAIN_DEPLOYER_KEY to the key of an account that can pay for gas, then restart.',
    status: 503,
  });

/** What the contract refused, by the name of its error; anything else keeps its cause. */
function explain(thrown: unknown): Error {
  if (thrown instanceof WorkhallError) return thrown;
  if (isError(thrown, 'CALL_EXCEPTION')) {
    const reason =
      thrown.revert?.name ?? (thrown.data ? ABI.parseError(thrown.data)?.name : undefined) ?? thrown.reason;
    return new WorkhallError(
      'ownership',
      'contract_refused',
      `The contract refuses: ${reason ?? thrown.shortMessage}.`,
      {
        facts: { reason: reason ?? '' },
        next: 'Reload the page of the revision: it shows who has to sign, and whether it is minted already.',
        status: 409,
        cause: thrown,
      },
    );
  }
  if (isError(thrown, 'INSUFFICIENT_FUNDS'))
    return new WorkhallError('ownership', 'no_funds', 'The hall’s account cannot pay for the transaction.', {
      next: 'Send coins to the account of CHAIN_DEPLOYER_KEY.',
      status: 503,
      cause: thrown,
    });
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
