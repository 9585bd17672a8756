import { Chain, type ChainIdentity } from './chain.ts';
import { RpcClient } from './rpc-client.ts';

/** Any EVM chain with a JSON-RPC endpoint: `CHAIN_RPC_URL`, paid for with `CHAIN_DEPLOYER_KEY`. */
export class ExternalRpcChain extends Chain {
  readonly place: string;
  private readonly rpc: RpcClient;

  constructor(
    url: string,
    private readonly hallKey: string | null,
  ) {
    super();
    // The path often holds an API key: people see the host alone.
    this.place = new URL(url).host;
    this.rpc = new RpcClient(url, this.place);
  }

  async open(): Promise<ChainIdentity> {
    return { chainId: Number(await this.rpc.request('eth_chainId', [])), hallKey: this.hallKey };
  }

  async close(): Promise<void> {
    // One HTTP call at a time; nothing stays open.
  }

  request(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.rpc.request(method, params);
  }
}
